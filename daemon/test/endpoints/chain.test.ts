import { type ChainProvider, type EndpointEvent, openChain } from '@essaim/daemon';
import { EssaimError } from '@essaim/protocol';
import { expect } from 'chai';
import { HDNodeWallet, Wallet } from 'ethers';
import { type Call, type UnsteadyEndpoint, unsteadyEndpoint } from '../../../test/e2e/unsteady-endpoint.ts';
import { TestChain } from '../chain.ts';

const MNEMONIC = 'test test test test test test test test test test test junk';
const MILLION = '0xf4240';

describe('several endpoints of a chain', () => {
  let chain: TestChain;
  let all: UnsteadyEndpoint[];
  let provider: ChainProvider;
  let events: EndpointEvent[];
  let disagreements = 0;
  const rich = new Wallet(HDNodeWallet.fromPhrase(MNEMONIC).privateKey);

  before(async () => {
    chain = await TestChain.open();
    await chain.mine(3);
  });
  after(() => chain?.close());
  beforeEach(async () => {
    all = await Promise.all([1, 2, 3].map(() => unsteadyEndpoint(chain.rpc)));
    events = [];
    disagreements = 0;
  });
  afterEach(() => {
    provider?.destroy();
    for (const endpoint of all) endpoint.close();
  });

  const open = async (given: { count?: number; quorum?: number; rpcTimeout?: number; chainId?: number } = {}) => {
    const { count = 3, quorum, rpcTimeout = 2_000, chainId = 31337 } = given;
    const rpc = all.slice(0, count).map(({ url }) => url);
    provider = await openChain({ rpc, quorum, rpcTimeout, polling: 40 }, chainId, {
      say: (event) => events.push(event),
      answered: () => {},
      standing: () => {},
      disagreed: () => disagreements++,
    });
    return provider;
  };
  const labelOf = ({ url }: UnsteadyEndpoint) => new URL(url).host;
  const told = (endpoint: UnsteadyEndpoint) =>
    events.filter((event) => event.endpoint === labelOf(endpoint)).map(({ event }) => event);
  const until = async (isIt: () => boolean): Promise<void> => {
    while (!isIt()) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const failure = (work: Promise<unknown>): Promise<EssaimError> =>
    work.then(
      () => {
        throw new Error('nothing was thrown');
      },
      (error) => error,
    );
  const lie = (method: string, say: (result: unknown, call: Call) => unknown) => (call: Call, result: unknown) =>
    call.method === method ? say(result, call) : undefined;

  it('tell the same as one does', async () => {
    await open();
    const head = (await chain.provider.getBlock('latest'))!;
    expect((await provider.getBlock('latest'))!.hash).to.equal(head.hash);
    expect(await provider.getBlockNumber()).to.equal(head.number);
    expect(await provider.getBalance(rich.address)).to.equal(await chain.provider.getBalance(rich.address));
    expect(await provider.getLogs({ fromBlock: 0, toBlock: 'latest' })).to.deep.equal([]);
    expect((await provider.getFeeData()).maxPriorityFeePerGas).to.equal(10n ** 9n);
    expect(disagreements).to.equal(0);
  });

  it('do without one that stalls, and soon do not wait for it', async () => {
    await open({ rpcTimeout: 600 });
    all[0].stalls = true;
    await provider.getBalance(rich.address);
    await until(() => told(all[0]).includes('endpoint-rests'));
    const asked = () => [...all[0].asked.values()].reduce((a, b) => a + b, 0);
    const before = asked();
    for (let turn = 0; turn < 10; turn++) await provider.getBalance(rich.address);
    expect(asked() - before).to.be.below(10);
    all[0].stalls = false;
    await until(() => {
      provider.getBlockNumber().catch(() => {});
      return told(all[0]).includes('endpoint-back');
    });
  });

  it('leave one alone for as long as it asks for', async () => {
    await open();
    all[0].limits = 30;
    await provider.getBlockNumber();
    await until(() => told(all[0]).includes('endpoint-rests'));
    const asked = all[0].asked.get('eth_getBlockByNumber');
    for (let turn = 0; turn < 5; turn++) await provider.getBlockNumber();
    expect(all[0].asked.get('eth_getBlockByNumber')).to.equal(asked);
  });

  it('are waited for where all of them ask to be left alone for a moment', async () => {
    await open({ count: 1, rpcTimeout: 3_000 });
    all[0].limits = 0.3;
    const asking = provider.getBalance(rich.address);
    await until(() => told(all[0]).includes('endpoint-rests'));
    all[0].limits = undefined;
    expect(await asking).to.equal(await chain.provider.getBalance(rich.address));
  });

  it('refuse one of another chain, with words, and all of them where too few are left', async () => {
    for (const endpoint of all.slice(1, 2)) endpoint.lie = lie('eth_chainId', () => '0x1');
    await open();
    expect(told(all[1])).to.deep.equal(['endpoint-refused']);
    await provider.getBlockNumber();
    expect(all[1].asked.get('eth_call') ?? 0).to.equal(0);
    const error = await failure(open({ chainId: 10 }));
    expect(error.code).to.equal('CHAIN_MISMATCH');
  });

  it('do not use one that is behind', async () => {
    await open();
    const old = await chain.provider.send('eth_getBlockByNumber', ['latest', false]);
    all[0].lie = lie('eth_getBlockByNumber', (result, { params }) => (params[0] === 'latest' ? old : result));
    await chain.mine(6);
    await until(() => {
      provider.getBlockNumber().catch(() => {});
      return told(all[0]).includes('endpoint-behind');
    });
    expect(await provider.getBlockNumber()).to.equal(await chain.provider.getBlockNumber());
    const asked = all[0].asked.get('eth_getBalance') ?? 0;
    await provider.getBalance(rich.address);
    expect(all[0].asked.get('eth_getBalance') ?? 0).to.equal(asked);
  });

  it('set one aside that lies about state at a block, and believe the others', async () => {
    await open();
    all[0].lie = lie('eth_getBalance', () => '0x1');
    expect(await provider.getBalance(rich.address)).to.equal(await chain.provider.getBalance(rich.address));
    expect(told(all[0])).to.deep.equal(['endpoint-lies']);
    const asked = all[0].asked.get('eth_getBalance');
    await provider.getBalance(rich.address);
    expect(all[0].asked.get('eth_getBalance')).to.equal(asked);
  });

  it('set one aside that tells of a head that no other has', async () => {
    await open();
    all[0].lie = lie('eth_getBlockByNumber', (result, { params }) =>
      params[0] === 'latest' ? { ...(result as object), number: MILLION } : undefined,
    );
    await until(() => {
      provider.getBlockNumber().catch(() => {});
      return told(all[0]).includes('endpoint-lies');
    });
    expect(await provider.getBlockNumber()).to.equal(await chain.provider.getBlockNumber());
  });

  it('set one aside that hides logs or invents them', async () => {
    const invented = {
      ...{ address: rich.address, topics: [`0x${'11'.repeat(32)}`], data: '0x', removed: false },
      ...{ blockNumber: '0x1', blockHash: `0x${'22'.repeat(32)}`, transactionHash: `0x${'33'.repeat(32)}` },
      ...{ transactionIndex: '0x0', logIndex: '0x0' },
    };
    await open();
    all[0].lie = lie('eth_getLogs', (result) => [...(result as unknown[]), invented]);
    expect(await provider.getLogs({ fromBlock: 0, toBlock: 'latest' })).to.deep.equal([]);
    await until(() => told(all[0]).includes('endpoint-lies'));
    expect(await provider.getLogs({ fromBlock: 0, toBlock: 'latest' })).to.deep.equal([]);
  });

  it('say nothing where no quorum of them agrees', async () => {
    await open();
    all[0].lie = lie('eth_getBalance', () => '0x1');
    all[1].lie = lie('eth_getBalance', () => '0x2');
    expect((await failure(provider.getBalance(rich.address))).code).to.equal('CHAIN_DISAGREES');
    expect(disagreements).to.equal(1);
    all[0].fails = true;
    all[1].fails = true;
    expect((await failure(provider.getBalance(rich.address))).code).to.equal('CHAIN_QUORUM');
    all[2].fails = true;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect((await failure(provider.getBalance(rich.address))).code).to.equal('CHAIN_UNREACHABLE');
  });

  it('pay no tip that one alone names, and no gas', async () => {
    await open();
    all[0].lie = (call) =>
      call.method === 'eth_maxPriorityFeePerGas'
        ? '0xe8d4a51000'
        : call.method === 'eth_estimateGas'
          ? '0x1c9c380'
          : undefined;
    expect((await provider.getFeeData()).maxPriorityFeePerGas).to.equal(10n ** 9n);
    expect(
      await provider.estimateGas({ to: Wallet.createRandom().address, value: 1n, from: rich.address }),
    ).to.be.below(30_000n);
  });

  it('all get what is sent, and one of them is enough', async () => {
    await open();
    const wallet = rich.connect(provider);
    const to = Wallet.createRandom().address;
    all[0].stalls = true;
    all[1].fails = true;
    const raw = await rich.signTransaction({
      ...{ to, value: 1n, nonce: await chain.provider.getTransactionCount(rich.address), gasLimit: 21_000n },
      ...{ chainId: 31337, type: 2, maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 10n ** 9n },
    });
    await provider.broadcastTransaction(raw).catch(() => undefined);
    for (const { asked } of all) expect(asked.get('eth_sendRawTransaction')).to.equal(1);
    expect(await chain.provider.getBalance(to)).to.equal(1n);
    expect(wallet.address).to.equal(rich.address);
  });

  it('read at one block what a decision rests on, and say when that block is gone', async () => {
    await open();
    const before = await provider.getBlockNumber();
    const snapshot = await chain.provider.send('evm_snapshot', []);
    await provider.atOneBlock(async () => {
      await chain.mine(2);
      expect(await provider.getBlockNumber()).to.equal(before);
      expect((await provider.getBlock('latest'))!.number).to.equal(before);
    });
    expect(await provider.getBlockNumber()).to.equal(before + 2);
    const reading = provider.atOneBlock(async () => {
      await chain.provider.send('evm_revert', [snapshot]);
      await chain.provider.send('evm_increaseTime', [1_000]);
      await chain.mine();
      await provider.getBalance(rich.address);
    });
    expect((await failure(reading)).code).to.equal('CHAIN_REORGANISED');
    expect(await provider.getBalance(rich.address)).to.equal(await chain.provider.getBalance(rich.address));
  });

  it('hand a revert through as the chain tells it', async () => {
    await open();
    const call = { to: null, data: '0x60006000fd', from: rich.address };
    expect(await failure(provider.call(call))).to.have.property('code', 'CALL_EXCEPTION');
    expect(await failure(provider.estimateGas(call))).to.have.property('code', 'CALL_EXCEPTION');
  });

  it('fail over from one to the other where two are named, and refuse a quorum that cannot be', async () => {
    await open({ count: 2 });
    all[0].fails = true;
    expect(await provider.getBlockNumber()).to.equal(await chain.provider.getBlockNumber());
    expect(await provider.getBalance(rich.address)).to.equal(await chain.provider.getBalance(rich.address));
    expect((await failure(open({ count: 2, quorum: 3 }))).code).to.equal('OPTION_INVALID');
    all[1].fails = true;
    const error = await failure(open({ count: 2 }));
    expect(error).to.be.instanceOf(EssaimError).with.property('code', 'CHAIN_UNREACHABLE');
  });
});
