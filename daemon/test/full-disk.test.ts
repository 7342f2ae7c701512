import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { HDNodeWallet, Wallet } from 'ethers';
import { TestChain } from './chain.ts';

const MNEMONIC = 'test test test test test test test test test test test junk';

describe('a disk that takes no more', () => {
  let chain: TestChain;
  const folder = mkdtempSync(join(tmpdir(), 'essaim-disk-'));
  const { privateKey, address } = HDNodeWallet.fromPhrase(MNEMONIC);
  before(async () => {
    chain = await TestChain.open();
  });
  after(async () => {
    await chain?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (name: string, stdout: 'pipe' | number = 'pipe'): ChildProcess => {
    const script = new URL('./full-disk.ts', import.meta.url).pathname;
    const args = [script, chain.rpc, join(folder, name), privateKey];
    return spawn(process.execPath, args, { stdio: ['pipe', stdout, 'inherit'] });
  };
  /** No file of a process may be longer than this, as if the disk were full. */
  const room = ({ pid }: ChildProcess, bytes: number | 'unlimited') =>
    execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
  const nonce = () => chain.provider.getTransactionCount(address);

  it('has nothing sent that the journal cannot hold, is told of, and is worked on with when there is room', async () => {
    const child = start('journal');
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const heard = async () => JSON.parse(String((await lines.next()).value));
    const give = (to: string) => {
      child.stdin!.write(`${to}\n`);
      return heard();
    };
    expect(await heard()).to.include({ event: 'ready' });
    const [first, second] = [Wallet.createRandom().address, Wallet.createRandom().address];
    expect(await give(first)).to.include({ event: 'given', roomy: true });
    const before = await nonce();
    room(child, 1);
    for (let turn = 0; turn < 2; turn++) {
      expect(await give(second)).to.include({ event: 'kept', code: 'DISK_FULL', roomy: 'DISK_FULL', open: 0 });
    }
    expect(await nonce()).to.equal(before);
    expect(await chain.provider.send('eth_getTransactionCount', [address, 'pending'])).to.equal(
      `0x${before.toString(16)}`,
    );
    room(child, 'unlimited');
    expect(await give(second)).to.include({ event: 'given', roomy: true });
    expect(await chain.provider.getBalance(second)).to.equal(1n);
    expect(await nonce()).to.equal(before + 1);
    child.stdin!.end();
    expect(await once(child, 'exit')).to.deep.equal([0, null]);
  });

  it('does not stop work where the log cannot be written', async () => {
    const full = openSync('/dev/full', 'w');
    const child = start('log', full);
    const to = Wallet.createRandom().address;
    child.stdin!.end(`${to}\n`);
    expect(await once(child, 'exit')).to.deep.equal([0, null]);
    expect(await chain.provider.getBalance(to)).to.equal(1n);
  });
});
