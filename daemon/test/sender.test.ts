import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal, Sender, type SenderRules, type State, type TransactionEvent } from '@essaim/daemon';
import type { EssaimError } from '@essaim/protocol';
import { expect } from 'chai';
import { HDNodeWallet, JsonRpcProvider, Wallet } from 'ethers';
import { TestChain } from './chain.ts';

const MNEMONIC = 'test test test test test test test test test test test junk';
const RULES: SenderRules = {
  ...{ maxFee: 10n ** 12n, urgentFee: 10n ** 12n, urgentBefore: 0 },
  ...{ resubmitAfter: 300, confirmations: 3, interval: 20, patience: 20_000 },
};

describe('the sender of a daemon', () => {
  let chain: TestChain;
  let account = 0;
  const folder = mkdtempSync(join(tmpdir(), 'essaim-sender-'));
  before(async () => {
    chain = await TestChain.open();
  });
  beforeEach(async () => {
    account++;
    await chain.automine(false);
    await chain.provider.send('hardhat_setBalance', [wallet().address, `0x${(10n ** 22n).toString(16)}`]);
    await chain.baseFee(1);
    await chain.mine();
  });
  after(async () => {
    await chain?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const wallet = (): Wallet => {
    const { privateKey } = HDNodeWallet.fromPhrase(MNEMONIC, undefined, `m/44'/60'/0'/0/${account}`);
    return new Wallet(privateKey, chain.provider);
  };
  const somebody = (): string => Wallet.createRandom().address;
  const file = (name = 'journal') => join(folder, `${account}`, `${name}.sqlite`);
  const open = (rules: Partial<SenderRules> = {}, name?: string, signer = wallet()) => {
    const journal = new Journal(file(name));
    const states: (State | 'replaced')[] = [];
    const events: TransactionEvent['event'][] = [];
    const say = ({ event }: TransactionEvent) => events.push(event);
    const sender = new Sender(signer, journal, { ...RULES, ...rules }, say, (state) => states.push(state));
    return { sender, journal, states, events };
  };
  const give = (to: string, value = 1n) => ({ to, data: '0x', value, gasLimit: 21_000n });
  const until = async (isIt: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await isIt())) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const failure = (work: Promise<unknown>): Promise<EssaimError> =>
    work.then(
      () => {
        throw new Error('nothing was thrown');
      },
      (error) => error,
    );

  describe('killed at any state of a transaction and started again, sends it once', () => {
    const start = (to: string, deadly: string): { child: ChildProcess; heard: string[] } => {
      const script = new URL('./one-transfer.ts', import.meta.url).pathname;
      const child = spawn(process.execPath, [script, chain.rpc, file(), wallet().privateKey, to, deadly]);
      const heard: string[] = [];
      child.stdout.on('data', (bytes: Buffer) => heard.push(...bytes.toString().split('\n').filter(Boolean)));
      child.stderr.on('data', (bytes: Buffer) => heard.push(bytes.toString()));
      return { child, heard };
    };

    for (const state of ['signed', 'sent', 'replaced', 'mined', 'final']) {
      it(state, async () => {
        const to = somebody();
        const before = await chain.provider.getTransactionCount(wallet().address);
        const first = start(to, state);
        const gone = once(first.child, 'exit');
        if (state === 'mined' || state === 'final') {
          await until(() => first.heard.includes('{"state":"sent"}'));
          const blocks = setInterval(() => chain.mine().catch(() => {}), 100);
          await gone;
          clearInterval(blocks);
        }
        expect((await gone)[1], first.heard.join('\n')).to.equal('SIGKILL');

        const second = start(to, 'none');
        const end = once(second.child, 'exit');
        const blocks = setInterval(() => chain.mine().catch(() => {}), 150);
        await end;
        clearInterval(blocks);
        expect(second.heard, second.heard.join('\n')).to.include('{"done":true}');
        expect(second.heard[0]).to.equal(`{"open":${state === 'mined' || state === 'final' ? 0 : 1}}`);
        expect(await chain.provider.getBalance(to)).to.equal(1n);
        expect(await chain.provider.getTransactionCount(wallet().address)).to.equal(before + 1);
      });
    }
  });

  it('joins a call that is on its way already, and sends it again once that is in a block', async () => {
    const { sender, journal } = open();
    const to = somebody();
    const both = [sender.deliver(give(to), 'giving'), sender.deliver(give(to), 'giving')];
    await until(() => sender.pending() === 1);
    await chain.mine();
    const [one, other] = await Promise.all(both);
    expect(one.hash).to.equal(other.hash);
    const third = sender.deliver(give(to), 'giving');
    await until(() => sender.pending() === 1);
    await chain.mine();
    await third;
    expect(await chain.provider.getBalance(to)).to.equal(2n);
    journal.close();
  });

  it('has several transactions on their way at once, in the order of their nonces', async () => {
    const { sender, journal } = open();
    const to = [somebody(), somebody(), somebody()];
    const all = to.map((each) => sender.deliver(give(each), 'giving'));
    await until(() => sender.pending() === 3);
    await chain.mine();
    const receipts = await Promise.all(all);
    expect(new Set(receipts.map(({ blockNumber }) => blockNumber)).size).to.equal(1);
    journal.close();
  });

  it('takes no nonce again where a node that is behind does not count what was mined', async () => {
    const behind = new JsonRpcProvider(chain.rpc, 31337, { staticNetwork: true, cacheTimeout: -1 });
    const used = await chain.provider.getTransactionCount(wallet().address);
    behind.getTransactionCount = async () => used;
    const { sender, journal, events } = open({}, undefined, wallet().connect(behind));
    const blocks = setInterval(() => chain.mine().catch(() => {}), 100);
    for (const to of [somebody(), somebody()]) {
      expect((await sender.deliver(give(to), 'giving')).status).to.equal(1);
      expect(await chain.provider.getBalance(to)).to.equal(1n);
    }
    clearInterval(blocks);
    expect(events).to.deep.equal([]);
    journal.close();
    behind.destroy();
  });

  it('replaces what is stuck by the same with a higher fee', async () => {
    const { sender, journal, events } = open();
    const to = somebody();
    const giving = sender.deliver(give(to), 'giving');
    await until(() => sender.pending() === 1);
    const [{ nonce, attempts }] = journal.open();
    await chain.baseFee(20);
    await until(() => events.includes('transaction-replaced'));
    const [{ attempts: more }] = journal.open();
    expect(more.at(-1)!.maxFee >= (attempts[0].maxFee * 9n) / 8n).to.equal(true);
    await chain.baseFee(1);
    await chain.mine();
    const { hash } = await giving;
    expect((await chain.provider.getTransaction(hash))!.nonce).to.equal(nonce);
    expect(await chain.provider.getBalance(to)).to.equal(1n);
    journal.close();
  });

  it('broadcasts again what the endpoint dropped', async () => {
    const { sender, journal } = open();
    const giving = sender.deliver(give(somebody()), 'giving');
    await until(() => sender.pending() === 1 && journal.open()[0].state === 'sent');
    for (const { hash } of journal.open()[0].attempts) await chain.provider.send('hardhat_dropTransaction', [hash]);
    const blocks = setInterval(() => chain.mine().catch(() => {}), 100);
    expect((await giving).status).to.equal(1);
    clearInterval(blocks);
    journal.close();
  });

  it('notices that its nonce was stolen, says so, and does the same again with another', async () => {
    const { sender, journal, events } = open({ resubmitAfter: 60_000 });
    const [to, other] = [somebody(), somebody()];
    const giving = failure(sender.deliver(give(to), 'giving'));
    await until(() => sender.pending() === 1 && journal.open()[0].state === 'sent');
    const [{ nonce }] = journal.open();
    const thief = {
      to: other,
      value: 2n,
      nonce,
      gasLimit: 21_000n,
      maxFeePerGas: 10n ** 12n,
      maxPriorityFeePerGas: 10n ** 11n,
    };
    await wallet().sendTransaction(thief);
    await chain.mine();
    expect((await giving).code).to.equal('CHAIN_REPLACED');
    expect(events).to.include('transaction-stolen');
    const again = sender.deliver(give(to), 'giving');
    await until(() => sender.pending() === 1);
    await chain.mine();
    await again;
    expect(await chain.provider.getBalance(to)).to.equal(1n);
    journal.close();
  });

  it('does a thing once though two copies of it run with journals of their own', async () => {
    const [one, two] = [open({}, 'one'), open({}, 'two')];
    const to = somebody();
    const before = await chain.provider.getTransactionCount(wallet().address);
    /** What every daemon does: it looks, acts, and where it was overtaken looks again. */
    const seeToIt = async (sender: Sender): Promise<void> => {
      while ((await chain.provider.getBalance(to)) === 0n) {
        await sender.deliver(give(to), 'giving').catch((error: EssaimError) => {
          if (error.code !== 'CHAIN_REPLACED') throw error;
        });
      }
    };
    const first = seeToIt(one.sender);
    await until(() => one.journal.open()[0]?.state === 'sent');
    await chain.baseFee(3);
    const second = seeToIt(two.sender);
    await until(() => two.sender.pending() === 1);
    expect(two.journal.open()[0].nonce).to.equal(one.journal.open()[0].nonce);
    const blocks = setInterval(() => chain.mine().catch(() => {}), 100);
    await Promise.all([first, second]);
    clearInterval(blocks);
    expect(await chain.provider.getBalance(to)).to.equal(1n);
    expect(await chain.provider.getTransactionCount(wallet().address)).to.equal(before + 1);
    one.journal.close();
    two.journal.close();
  });

  it('takes what a reorganisation removed back and brings it into a block again', async () => {
    const { sender, journal, events, states } = open();
    const to = somebody();
    const snapshot = await chain.provider.send('evm_snapshot', []);
    const giving = sender.deliver(give(to), 'giving');
    await until(() => sender.pending() === 1);
    await chain.mine();
    await giving;
    expect(states.at(-1)).to.equal('mined');
    await chain.provider.send('evm_revert', [snapshot]);
    await chain.mine(2);
    expect(await chain.provider.getBalance(to)).to.equal(0n);
    await sender.tend();
    expect(events).to.include('transaction-reorganised');
    await until(async () => {
      await sender.tend();
      await chain.mine();
      return states.at(-1) === 'final';
    });
    expect(await chain.provider.getBalance(to)).to.equal(1n);
    journal.close();
  });

  describe('finds that what a transaction was for is gone', () => {
    /** Code that fails as soon as it has coin. */
    const DOOR = '0x47600557005b60006000fd';
    const door = async (): Promise<string> => {
      const at = somebody();
      await chain.provider.send('hardhat_setCode', [at, DOOR]);
      return at;
    };
    const enter = (to: string) => ({ to, data: '0x', value: 0n, gasLimit: 60_000n });
    const close = (at: string) => chain.provider.send('hardhat_setBalance', [at, '0x1']);
    const settle = async (sender: Sender, states: string[], end: string): Promise<void> => {
      for (let turn = 0; states.at(-1) !== end; turn++) {
        if (turn > 40) throw new Error(`not ${end} but ${states.join(', ')}`);
        await sender.tend();
        await chain.mine();
      }
    };

    it('after a reorganisation removed it, and takes its nonce with nothing', async () => {
      const { sender, journal, events, states } = open();
      const at = await door();
      const before = await chain.provider.getTransactionCount(wallet().address);
      const snapshot = await chain.provider.send('evm_snapshot', []);
      const entering = sender.deliver(enter(at), 'entering');
      await until(() => sender.pending() === 1);
      await chain.mine();
      const { hash } = await entering;
      await chain.provider.send('evm_revert', [snapshot]);
      await close(at);
      await chain.mine();
      await settle(sender, states, 'cancelled');
      expect(events).to.include.members(['transaction-reorganised', 'transaction-moot']);
      expect(states.filter((state) => state === 'cancelling')).to.have.length(1);
      expect(await chain.provider.getTransactionCount(wallet().address)).to.equal(before + 1);
      expect(await chain.provider.getTransactionReceipt(hash)).to.equal(null);
      expect(sender.pending()).to.equal(0);
      journal.close();
    });

    it('while it waited through a restart, and tells who asks for it again', async () => {
      const first = open();
      const at = await door();
      const entering = failure(first.sender.deliver(enter(at), 'entering', { signal: AbortSignal.timeout(200) }));
      expect((await entering).code).to.equal('CHAIN_UNCONFIRMED');
      for (const { hash } of first.journal.open()[0].attempts) {
        await chain.provider.send('hardhat_dropTransaction', [hash]);
      }
      first.journal.close();
      await close(at);
      const { sender, journal, states } = open();
      const again = failure(sender.deliver(enter(at), 'entering'));
      await settle(sender, states, 'cancelled');
      expect((await again).code).to.equal('CHAIN_MOOT');
      journal.close();
    });

    it('but sends it once where the call goes through again', async () => {
      const { sender, journal, events, states } = open();
      const at = await door();
      const snapshot = await chain.provider.send('evm_snapshot', []);
      const entering = sender.deliver(enter(at), 'entering');
      await until(() => sender.pending() === 1);
      await chain.mine();
      await entering;
      await chain.provider.send('evm_revert', [snapshot]);
      await close(at);
      await chain.mine();
      await sender.tend();
      await sender.tend();
      await chain.provider.send('hardhat_setBalance', [at, '0x0']);
      await settle(sender, states, 'final');
      expect(events).to.not.include('transaction-moot');
      journal.close();
    });
  });

  it('pays no fee above its cap, but up to another near a deadline', async () => {
    const caps = { maxFee: 10n ** 10n, urgentFee: 10n ** 11n, urgentBefore: 600, patience: 500 };
    const { sender, journal } = open(caps);
    await chain.baseFee(50);
    await chain.mine();
    const to = somebody();
    expect((await failure(sender.deliver(give(to), 'giving'))).code).to.equal('CHAIN_FEE_CAPPED');
    const { timestamp } = (await chain.provider.getBlock('latest'))!;
    expect((await failure(sender.deliver(give(to), 'giving', { deadline: timestamp + 5_000 }))).code).to.equal(
      'CHAIN_FEE_CAPPED',
    );
    const urgent = sender.deliver(give(to), 'giving', { deadline: timestamp + 60 });
    await until(() => sender.pending() === 1);
    await chain.mine();
    const receipt = await urgent;
    expect(receipt.gasPrice <= 10n ** 11n).to.equal(true);
    await chain.baseFee(200);
    await chain.mine();
    const far = failure(sender.deliver(give(somebody()), 'giving', { deadline: timestamp + 60 }));
    expect((await far).code).to.equal('CHAIN_FEE_CAPPED');
    journal.close();
  });

  it('raises the fee of what stands before a deadline too', async () => {
    const caps = { maxFee: 3n * 10n ** 9n, urgentFee: 10n ** 12n, urgentBefore: 600 };
    const { sender, journal } = open(caps);
    const first = sender.deliver(give(somebody()), 'giving');
    await until(() => sender.pending() === 1);
    await chain.baseFee(30);
    await chain.mine();
    expect(sender.pending()).to.equal(1);
    const { timestamp } = (await chain.provider.getBlock('latest'))!;
    const urgent = sender.deliver(give(somebody()), 'giving', { deadline: timestamp + 60 });
    const blocks = setInterval(() => chain.mine().catch(() => {}), 200);
    await Promise.all([first, urgent]);
    clearInterval(blocks);
    journal.close();
  });

  it('begins nothing beyond its budget of a day, but what has a deadline near', async () => {
    const { sender, journal } = open({ dailyGas: 1n, urgentBefore: 600 });
    const { timestamp } = (await chain.provider.getBlock('latest'))!;
    const beyond = (deadline?: number) => failure(sender.deliver(give(somebody()), 'giving', { deadline }));
    expect((await beyond()).code).to.equal('CHAIN_GAS_BUDGET');
    expect((await beyond(timestamp + 6_000)).code).to.equal('CHAIN_GAS_BUDGET');
    const urgent = sender.deliver(give(somebody()), 'giving', { deadline: timestamp + 60 });
    await until(() => sender.pending() === 1);
    await chain.mine();
    const { fee } = await urgent;
    expect(journal.spentSince(0)).to.equal(fee);
    journal.close();
  });

  it('says WALLET_FUNDS of an account that has none, and keeps nothing of it on its way', async () => {
    const poor = new Wallet(Wallet.createRandom().privateKey, chain.provider);
    const { sender, journal } = open({}, 'poor', poor);
    expect((await failure(sender.deliver(give(somebody()), 'giving'))).code).to.equal('WALLET_FUNDS');
    expect(sender.pending()).to.equal(0);
    journal.close();
  });

  it('goes on after its endpoint failed for a while', async () => {
    let fails = false;
    class Unsteady extends JsonRpcProvider {
      override send(method: string, parameters: unknown[]): Promise<unknown> {
        if (fails) return Promise.reject(new Error('no answer'));
        return super.send(method, parameters as never);
      }
    }
    const provider = new Unsteady(chain.rpc, 31337, { staticNetwork: true, cacheTimeout: -1 });
    const { sender, journal } = open({}, 'unsteady', wallet().connect(provider) as Wallet);
    const giving = sender.deliver(give(somebody()), 'giving');
    await until(() => sender.pending() === 1 && journal.open()[0].state === 'sent');
    fails = true;
    await chain.mine();
    await new Promise((resolve) => setTimeout(resolve, 200));
    fails = false;
    expect((await giving).status).to.equal(1);
    journal.close();
    provider.destroy();
  });

  it('broadcasts soon again what no endpoint took, with the same fee', async () => {
    let refused = 0;
    class Refusing extends JsonRpcProvider {
      override send(method: string, parameters: unknown[]): Promise<unknown> {
        if (method === 'eth_sendRawTransaction' && refused++ === 0) return Promise.reject(new Error('no answer'));
        return super.send(method, parameters as never);
      }
    }
    const provider = new Refusing(chain.rpc, 31337, { staticNetwork: true, cacheTimeout: -1 });
    const { sender, journal, states } = open(
      { resubmitAfter: 60_000 },
      'refused',
      wallet().connect(provider) as Wallet,
    );
    const giving = sender.deliver(give(somebody()), 'giving');
    await until(() => sender.pending() === 1 && journal.open()[0].state === 'sent');
    expect(refused).to.equal(2);
    await chain.mine();
    expect((await giving).status).to.equal(1);
    expect(states).to.not.include('replaced');
    journal.close();
    provider.destroy();
  });

  it('lets a caller go when it is told to, and a second process not in', async () => {
    const { sender, journal } = open();
    const stop = new AbortController();
    const giving = failure(sender.deliver(give(somebody()), 'giving', { signal: stop.signal }));
    await until(() => sender.pending() === 1);
    stop.abort(new Error('told to stop'));
    expect((await giving).code).to.equal('CHAIN_UNCONFIRMED');
    expect(() => new Journal(file()))
      .to.throw()
      .with.property('code', 'JOURNAL_LOCKED');
    journal.close();
    new Journal(file()).close();
    await chain.mine();
  });
});
