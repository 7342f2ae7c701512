import { connection } from './fixture.ts';

const { ethers, networkHelpers } = connection;
export const DAY = 86_400;

/** Vouchers alone, a payer with 1,000 of a token, and what signs, funds and claims. */
export async function vouchersFixture() {
  const [payer, payee, stranger] = await ethers.getSigners();
  const vouchers = await ethers.deployContract('Vouchers');
  const token = await ethers.deployContract('Token__Mock');
  await token.mint(payer, 1_000n);
  await token.connect(payer).approve(vouchers, ethers.MaxUint256);
  const until = BigInt((await networkHelpers.time.latest()) + 10 * DAY);
  const at = await vouchers.getAddress();
  const chainId = (await ethers.provider.getNetwork()).chainId;
  const domain = { name: 'EssaimVouchers', version: '1', chainId, verifyingContract: at };
  const types = {
    Voucher: [
      ...['payer', 'payee', 'token'].map((name) => ({ name, type: 'address' })),
      { name: 'cumulative', type: 'uint256' },
    ],
  };
  const message = async (cumulative: bigint, to = payee) => ({
    ...{ payer: payer.address, payee: to.address, token: await token.getAddress(), cumulative },
  });
  const signed = async (cumulative: bigint, by = payer, to = payee) =>
    by.signTypedData(domain, types, await message(cumulative, to));
  const fund = (amount: bigint, stands = until) => vouchers.connect(payer).fund(payee, token, amount, stands);
  const claim = async (cumulative: bigint, signature?: string) =>
    vouchers.connect(stranger).claim(payer, payee, token, cumulative, signature ?? (await signed(cumulative)));
  const escrow = async () => {
    const { funded, claimed, until: stands, closes } = await vouchers.escrow(payer, payee, token);
    return { funded, claimed, until: stands, closes };
  };
  return { payer, payee, stranger, vouchers, token, until, domain, types, message, signed, fund, claim, escrow };
}
