import { assertFigure } from '../../../scripts/figures.ts';
import { connection } from '../connection.ts';

const { ethers, networkHelpers } = connection;
const COMMAND = 'npm run gas';

describe('Gas of vouchers', () => {
  it('is below 120,000 to fund an escrow and 80,000 to claim, however many executions were lent', async () => {
    const [payer, payee] = await ethers.getSigners();
    const vouchers = await ethers.deployContract('Vouchers');
    const token = await ethers.deployContract('Token__Mock');
    await token.mint(payer, 1_000n);
    await token.mint(payee, 1n);
    await token.approve(vouchers, ethers.MaxUint256);
    const until = (await networkHelpers.time.latest()) + 86_400;
    const fund = await (await vouchers.fund(payee, token, 100n, until)).wait();
    const claim = async (cumulative: bigint) => {
      const digest = await vouchers.digestOf(payer, payee, token, cumulative);
      // the first account of the chain's test phrase
      const key = ethers.HDNodeWallet.fromPhrase('test test test test test test test test test test test junk');
      const { serialized } = key.signingKey.sign(digest);
      return (await vouchers.claim(payer, payee, token, cumulative, serialized)).wait();
    };
    await claim(10n);
    const again = await claim(40n);
    const gas = (receipt: Awaited<ReturnType<typeof claim>>) => ({
      ...{ value: Number(receipt!.gasUsed), unit: 'gas', command: COMMAND },
    });
    assertFigure('gas.vouchers.fund', { ...gas(fund), aim: { atMost: 120_000 } });
    assertFigure('gas.vouchers.claim', { ...gas(again), aim: { atMost: 80_000 } });
  });
});
