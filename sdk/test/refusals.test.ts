import type { Essaim, JobRequest, JobRun } from '@essaim/sdk';
import { expect } from 'chai';
import { BrowserProvider, parseEther, ZeroAddress } from 'ethers';
import { FEE, failureOf, PRICE, reach, request, type World, world } from './world.ts';

describe('what would fail', () => {
  let at: World;
  let essaim: Essaim;
  let held: bigint;
  let nonce: number;

  const state = async () => ({
    held: await essaim.contracts.MielToken.balanceOf(at.wallets.requester),
    nonce: await at.chain.getTransactionCount(at.wallets.requester),
  });

  before(async () => {
    at = await world();
    essaim = await at.connect('requester');
  });
  beforeEach(async () => {
    const { MielToken, JobMarket } = essaim.contracts;
    await (await MielToken.approve(JobMarket, 0n)).wait();
    ({ held, nonce } = await state());
  });

  const refusalOf = (changes: Partial<JobRequest>): Promise<{ code: string; message: string; help: string }> =>
    failureOf(essaim.jobs.run(request(at, changes)));

  async function expectRefused(changes: Partial<JobRequest>, code: string, says = ''): Promise<void> {
    const failure = await refusalOf(changes);
    expect(failure.code, failure.message).to.equal(code);
    expect(failure.message).to.include(says);
    expect(failure.help).to.be.a('string').that.is.not.empty;
    expect(await state()).to.deep.equal({ held, nonce });
  }

  it('is refused before anything is sent: a wrong input', async () => {
    const name = at.model.program.inputs[0].name;
    await expectRefused({ inputs: new Float64Array(64) as never }, 'INPUT_WRONG_TYPE', name);
    await expectRefused({ inputs: new Float32Array(63) }, 'INPUT_WRONG_SHAPE', '63 elements given');
    await expectRefused({ inputs: [new Float32Array(64), new Float32Array(64)] }, 'INPUT_COUNT');
  });

  it('is refused before anything is sent: a royalty below the price, although an approval is still to come', async () => {
    await expectRefused({ royalty: PRICE - 1n }, 'JobMarket_Royalty');
    await (await essaim.contracts.MielToken.approve(essaim.contracts.JobMarket, parseEther('100'))).wait();
    ({ held, nonce } = await state());
    await expectRefused({ royalty: PRICE - 1n }, 'JobMarket_Royalty');
  });

  it('is refused before anything is sent: a deadline that has passed, impossible terms, a token that is none', async () => {
    await expectRefused({ within: -10 }, 'JobMarket_Deadline');
    await expectRefused({ fee: -1n }, 'TERMS_INVALID', 'fee');
    await expectRefused({ collateral: 2n ** 96n }, 'TERMS_INVALID', 'collateral');
    await expectRefused({ fee: 2n ** 128n - 1n }, 'JobMarket_TooMuch');
    const royalty = PRICE;
    await expectRefused({ token: at.deployment.addresses.Claims, royalty }, 'TOKEN_INVALID');
    await expectRefused({ token: ZeroAddress, royalty }, 'TOKEN_INVALID');
  });

  it('is refused before anything is sent: too little money, with how much is missing', async () => {
    const poor = await at.connect('poor');
    const before = await at.chain.getTransactionCount(at.wallets.poor);
    const failure = await failureOf(poor.jobs.run(request(at)));
    expect(failure.code).to.equal('WALLET_TOKENS');
    expect(failure.help).to.include(String(FEE + PRICE));
    expect(await at.chain.getTransactionCount(at.wallets.poor)).to.equal(before);
  });

  it('is refused without an account that signs', async () => {
    const reader = await at.connect(undefined);
    expect((await failureOf(reader.jobs.run(request(at)))).code).to.equal('WALLET_MISSING');
  });

  it('stops where the wallet refuses to sign, and nothing is paid', async () => {
    const requests: string[] = [];
    const wallet = await at.connect(undefined, {
      signer: () => browserWallet(at, (method) => requests.push(method), true),
    });
    const failure = await failureOf(wallet.jobs.run(request(at)));
    expect(failure.code).to.equal('WALLET_REJECTED');
    expect(requests).to.include('eth_sendTransaction');
    expect(await state()).to.deep.equal({ held, nonce });
  });

  it('does not: the same wallet, when its owner agrees', async () => {
    const wallet = await at.connect(undefined, { signer: () => browserWallet(at, () => {}, false) });
    const run: JobRun = wallet.jobs.run(request(at, { provider: at.wallets.rival.address }));
    await reach(run, 'posted');
    wallet.close();
    expect((await failureOf(run)).code).to.equal('JOB_GOES_ON');
    expect((await state()).held).to.equal(held - FEE - PRICE);
  });

  it('leaves simulate as it found everything, and populate gives what run would send', async () => {
    const simulated = await essaim.jobs.simulate(request(at));
    expect(simulated.cost).to.equal(FEE + PRICE);
    expect(await state()).to.deep.equal({ held, nonce });
    const prepared = await essaim.jobs.prepare(request(at, { provider: at.wallets.rival.address }));
    expect(await essaim.jobs.simulate(prepared)).to.equal(prepared);
    const transactions = await essaim.jobs.populate(prepared);
    expect(transactions.map(({ to }) => to)).to.deep.equal([at.token, at.deployment.addresses.JobMarket]);
    const stop = new AbortController();
    const run = essaim.jobs.run(prepared, { signal: stop.signal });
    await reach(run, 'posted');
    stop.abort();
    expect(run.jobId).to.equal(prepared.jobId);
    const head = await at.chain.getBlockNumber();
    const sent = await Promise.all([head - 1, head].map(async (n) => (await at.chain.getBlock(n, true))!));
    expect(sent.map((block) => block.prefetchedTransactions[0].data)).to.deep.equal(
      transactions.map(({ data }) => data),
    );
  });

  it('raises an allowance that is too low', async () => {
    await (await essaim.contracts.MielToken.approve(essaim.contracts.JobMarket, 1n)).wait();
    const prepared = await essaim.jobs.prepare(request(at));
    expect(await essaim.jobs.populate(prepared)).to.have.length(2);
  });
});

/** A wallet as browsers offer it (EIP-1193), whose owner may refuse. */
async function browserWallet({ chain, wallets }: World, note: (method: string) => void, refuses: boolean) {
  const request = async ({ method, params }: { method: string; params?: unknown[] }) => {
    note(method);
    if (method === 'eth_requestAccounts' || method === 'eth_accounts') return [wallets.requester.address];
    if (method === 'eth_sendTransaction' && refuses) {
      throw Object.assign(new Error('User rejected the request.'), { code: 4001 });
    }
    return chain.send(method, params ?? []);
  };
  return new BrowserProvider({ request }, 31337, { cacheTimeout: -1 }).getSigner();
}
