import { expect } from 'chai';
import { connection } from './fixture.ts';
import { DAY, vouchersFixture } from './vouchers-fixture.ts';

const { ethers, networkHelpers } = connection;

const ready = () => networkHelpers.loadFixture(vouchersFixture);

describe('Vouchers', () => {
  it('pay what a voucher promises beyond what was paid, to the payee, whoever asks', async () => {
    const { fund, claim, token, payee, payer, vouchers } = await ready();
    await expect(fund(100n)).to.emit(vouchers, 'Funded');
    await expect(claim(30n)).to.emit(vouchers, 'Claimed').withArgs(payer, payee, token, 30n, 30n);
    await expect(claim(45n)).to.changeTokenBalance(ethers, token, payee, 15n);
    await expect(claim(45n)).to.be.revertedWithCustomError(vouchers, 'Vouchers_Nothing').withArgs(45n, 100n);
    await expect(claim(30n)).to.be.revertedWithCustomError(vouchers, 'Vouchers_Nothing');
    expect(await token.balanceOf(payee)).to.equal(45n);
  });

  it('pay no more than the escrow has, and the rest once it is there', async () => {
    const { fund, claim, token, payee, vouchers } = await ready();
    await fund(100n);
    await expect(claim(130n)).to.changeTokenBalance(ethers, token, payee, 100n);
    await expect(claim(130n)).to.be.revertedWithCustomError(vouchers, 'Vouchers_Nothing').withArgs(100n, 100n);
    await fund(50n);
    await expect(claim(130n)).to.changeTokenBalance(ethers, token, payee, 30n);
  });

  it('are what the payer signed, for this payee, token and contract', async () => {
    const { fund, claim, vouchers, payer, payee, stranger, token, signed, domain, types, message } = await ready();
    await fund(100n);
    const refused = (signature: string, cumulative = 50n) =>
      expect(claim(cumulative, signature)).to.be.revertedWithCustomError(vouchers, 'Vouchers_Signature');
    await refused(await signed(50n, stranger));
    await refused(await signed(40n));
    await refused(await signed(50n, payer, stranger));
    await refused('0x');
    await refused(await payer.signTypedData({ ...domain, chainId: 1n }, types, await message(50n)));
    await refused(
      await payer.signTypedData({ ...domain, verifyingContract: payee.address }, types, await message(50n)),
    );
    const foreign = await ethers.deployContract('Token__Mock');
    await expect(vouchers.claim(payer, payee, foreign, 50n, await signed(50n))).to.be.revertedWithCustomError(
      vouchers,
      'Vouchers_Signature',
    );
    expect(await vouchers.digestOf(payer, payee, token, 50n)).to.equal(
      ethers.TypedDataEncoder.hash(domain, types, await message(50n)),
    );
  });

  it('cannot be taken from under a payee: not before the promised time, and not without three days’ notice', async () => {
    const { fund, vouchers, token, payer, payee, until, claim, escrow } = await ready();
    const mine = vouchers.connect(payer);
    await fund(100n);
    await expect(mine.close(payee, token)).to.be.revertedWithCustomError(vouchers, 'Vouchers_Open').withArgs(until);
    await expect(mine.refund(payee, token)).to.be.revertedWithCustomError(vouchers, 'Vouchers_Wait').withArgs(0n);
    await networkHelpers.time.increaseTo(until);
    await mine.close(payee, token);
    const { closes } = await escrow();
    expect(closes).to.equal(BigInt(await networkHelpers.time.latest()) + (await vouchers.DELAY()));
    await expect(mine.close(payee, token)).to.be.revertedWithCustomError(vouchers, 'Vouchers_Closing').withArgs(closes);
    await networkHelpers.time.increaseTo(closes - 2n);
    await expect(mine.refund(payee, token)).to.be.revertedWithCustomError(vouchers, 'Vouchers_Wait').withArgs(closes);
    await claim(60n);
    await networkHelpers.time.increaseTo(closes);
    await expect(mine.refund(payee, token)).to.changeTokenBalance(ethers, token, payer, 40n);
    expect(await escrow()).to.deep.equal({ funded: 60n, claimed: 60n, until, closes: 0n });
    await expect(mine.refund(payee, token)).to.be.revertedWithCustomError(vouchers, 'Vouchers_Wait').withArgs(0n);
    await expect(mine.close(payee, token)).to.be.revertedWithCustomError(vouchers, 'Vouchers_Nothing');
  });

  it('give nothing back that was claimed meanwhile, and end a closing by adding', async () => {
    const { fund, vouchers, token, payer, payee, until, claim, escrow } = await ready();
    const mine = vouchers.connect(payer);
    await fund(100n);
    await networkHelpers.time.increaseTo(until);
    await mine.close(payee, token);
    await claim(100n);
    await networkHelpers.time.increase(4 * DAY);
    await expect(mine.refund(payee, token))
      .to.be.revertedWithCustomError(vouchers, 'Vouchers_Nothing')
      .withArgs(100n, 100n);
    const longer = BigInt((await networkHelpers.time.latest()) + DAY);
    await fund(10n, longer);
    expect(await escrow()).to.deep.equal({ funded: 110n, claimed: 100n, until: longer, closes: 0n });
    await expect(mine.close(payee, token)).to.be.revertedWithCustomError(vouchers, 'Vouchers_Open');
  });

  it('pay no voucher twice, through closing and funding again too', async () => {
    const { fund, vouchers, token, payer, payee, until, claim } = await ready();
    const mine = vouchers.connect(payer);
    await fund(100n);
    await claim(70n);
    await networkHelpers.time.increaseTo(until);
    await mine.close(payee, token);
    await networkHelpers.time.increase(3 * DAY);
    await mine.refund(payee, token);
    await fund(100n, BigInt((await networkHelpers.time.latest()) + DAY));
    await expect(claim(70n)).to.be.revertedWithCustomError(vouchers, 'Vouchers_Nothing');
    await expect(claim(75n)).to.changeTokenBalance(ethers, token, payee, 5n);
  });

  it('stand for a year at most, and never shorter than was promised', async () => {
    const { fund, vouchers, until } = await ready();
    await expect(fund(1n, until + 366n * 86_400n)).to.be.revertedWithCustomError(vouchers, 'Vouchers_Until');
    await fund(1n);
    await expect(fund(1n, until - 1n)).to.be.revertedWithCustomError(vouchers, 'Vouchers_Until');
  });

  it('refuse to hold nothing, or for nobody, or a token that keeps a part', async () => {
    const { fund, vouchers, payer, payee, token, until } = await ready();
    const mine = vouchers.connect(payer);
    await expect(fund(0n)).to.be.revertedWithCustomError(vouchers, 'Vouchers_Funding');
    await expect(mine.fund(ethers.ZeroAddress, token, 1n, until)).to.be.revertedWithCustomError(
      vouchers,
      'Vouchers_Funding',
    );
    const taxed = await ethers.deployContract('FeeToken__Mock');
    await taxed.connect(payer).approve(vouchers, 1_000n);
    await expect(mine.fund(payee, taxed, 100n, until)).to.be.revertedWithCustomError(vouchers, 'Vouchers_TokenAmount');
  });

  it('are signed for by contracts too', async () => {
    const { vouchers, token, payee, stranger, until, domain, types, message } = await ready();
    const wallet = await ethers.deployContract('Wallet__Harness', [stranger]);
    await token.mint(wallet, 100n);
    const asked = wallet.connect(stranger);
    const call = (name: 'fund', args: [string, string, bigint, bigint]) =>
      vouchers.interface.encodeFunctionData(name, args);
    const at = await token.getAddress();
    await asked.run(token, token.interface.encodeFunctionData('approve', [await vouchers.getAddress(), 100n]));
    await asked.run(vouchers, call('fund', [payee.address, at, 100n, until]));
    const voucher = { ...(await message(80n)), payer: await wallet.getAddress() };
    const signature = await stranger.signTypedData(domain, types, voucher);
    await expect(vouchers.claim(wallet, payee, token, 80n, signature)).to.changeTokenBalance(ethers, token, payee, 80n);
    const forged = await payee.signTypedData(domain, types, { ...voucher, cumulative: 100n });
    await expect(vouchers.claim(wallet, payee, token, 100n, forged)).to.be.revertedWithCustomError(
      vouchers,
      'Vouchers_Signature',
    );
  });
});
