import type { Essaim, SignedDelegation } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther, Wallet } from 'ethers';
import { advance, failureOf, type World, world } from '../world.ts';

describe('what is signed for another to send', () => {
  let w: World;
  let seller: Essaim;
  let relayer: Essaim;
  before(async () => {
    w = await world();
    seller = await w.connect('seller');
    relayer = await w.connect('rival');
  });

  const to = Wallet.createRandom().address;
  const code = async (signed: unknown) => (await failureOf(relayer.governance.relay(signed))).code;

  it('moves the votes of liquid and of staked MIEL, each once', async () => {
    const { address } = w.wallets.seller;
    const then = BigInt((await w.chain.getBlock('latest'))!.timestamp);
    await advance(w, 1);
    const both = [
      await seller.governance.signDelegation(to, 'token'),
      await seller.governance.signDelegation(to, 'stake'),
    ];
    for (const signed of both) await relayer.governance.relay(JSON.parse(JSON.stringify(signed)));
    const power = await relayer.governance.power(to);
    expect(power.staked).to.equal(parseEther('20000'));
    expect(power.liquid).to.equal(await seller.contracts.MielToken.balanceOf(w.wallets.seller.address));
    for (const signed of both) expect(await code(signed)).to.equal('SIGNED_USED');
    const now = await relayer.governance.power(address);
    expect(now).to.include({ total: 0n });
    expect(now.parts?.staked).to.deep.equal({ own: parseEther('20000'), delegate: to });
    const before = await relayer.governance.power(address, then);
    expect(before).to.include({ at: then, liquid: 0n, staked: parseEther('20000') });
    expect(before.parts?.staked).to.deep.equal({ own: parseEther('20000'), delegate: address });
  });

  it('can be signed several in a row, and goes in that order', async () => {
    const next = await seller.contracts.MielToken.nonces(w.wallets.seller.address);
    const first = await seller.governance.signDelegation(w.wallets.poor.address, 'token');
    const second = await seller.governance.signDelegation(to, 'token', { nonce: next + 1n });
    expect(await code(second)).to.equal('SIGNED_USED');
    await relayer.governance.relay(first);
    await relayer.governance.relay(second);
  });

  it('is good until it expires', async () => {
    const now = BigInt((await w.chain.getBlock('latest'))!.timestamp);
    const signed = await seller.governance.signDelegation(to, 'stake', { expiry: now + 100n });
    await advance(w, 200);
    expect(await code(signed)).to.equal('SIGNED_EXPIRED');
  });

  it('is refused elsewhere, and with anything in it changed', async () => {
    const signed = await seller.governance.signDelegation(to, 'token');
    const changed = (part: Partial<SignedDelegation>) => code({ ...signed, ...part });
    expect(await changed({ chainId: 1 })).to.equal('SIGNED_ELSEWHERE');
    expect(await changed({ contract: to })).to.equal('SIGNED_ELSEWHERE');
    expect(await changed({ of: 'stake' })).to.equal('SIGNED_ELSEWHERE');
    expect(await changed({ delegatee: w.wallets.rival.address })).to.equal('SIGNED_INVALID');
    expect(await changed({ delegator: w.wallets.rival.address })).to.equal('SIGNED_INVALID');
    expect(await changed({ expiry: '99999999999' })).to.equal('SIGNED_INVALID');
    expect(await changed({ signature: '0x00' })).to.equal('SIGNED_INVALID');
  });

  it('has to be what it says it is', async () => {
    for (const odd of [null, 7, 'vote', {}, { kind: 'vote' }, { kind: 'toString', chainId: 31337 }])
      expect(await code(odd)).to.equal('SIGNED_INVALID');
    const transaction = { kind: 'transaction', chainId: 31337, what: 'x', from: to, transaction: '0x02' };
    expect(await code(transaction)).to.equal('SIGNED_INVALID');
    const own = await w.wallets.poor.signTransaction({ to, chainId: 31337, gasLimit: 21_000 });
    expect(await code({ ...transaction, transaction: own })).to.equal('SIGNED_INVALID');
    const other = await w.wallets.poor.signTransaction({ to, chainId: 5, gasLimit: 21_000 });
    expect(await code({ ...transaction, transaction: other })).to.equal('SIGNED_ELSEWHERE');
  });
});
