import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { abis, pause } from '@essaim/sdk';
import { expect } from 'chai';
import { HDNodeWallet, toBeHex } from 'ethers';
import { type UnsteadyEndpoint, unsteadyEndpoint } from '../../test/e2e/unsteady-endpoint.ts';
import { TestChain } from './chain.ts';

const MNEMONIC = 'test test test test test test test test test test test junk';

describe('the start of a daemon', () => {
  const folder = mkdtempSync(join(tmpdir(), 'essaim-start-'));
  const keyFile = join(folder, 'key');
  const children: ChildProcess[] = [];
  let chain: TestChain;
  let endpoint: UnsteadyEndpoint;

  before(async () => {
    chain = await TestChain.open();
    writeFileSync(keyFile, HDNodeWallet.fromPhrase(MNEMONIC).privateKey, { mode: 0o600 });
  });
  after(async () => {
    await chain?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    endpoint = await unsteadyEndpoint(chain.rpc);
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    endpoint.close();
  });

  /** A deployment whose contracts are where `first` and the addresses after it are. */
  function deployment(first: number, chainId = 31337): string {
    const file = join(folder, `${first}-${chainId}.json`);
    const names = Object.keys(abis).map((name, at) => [name, toBeHex(first + at, 20)]);
    writeFileSync(file, JSON.stringify({ chainId, startBlock: 0, addresses: Object.fromEntries(names) }));
    return file;
  }
  /** The same, with something at each address. */
  async function standing(first: number): Promise<string> {
    for (const at of Object.keys(abis).keys()) {
      await chain.provider.send('hardhat_setCode', [toBeHex(first + at, 20), '0x00']);
    }
    return deployment(first);
  }
  const begin = (command: string, file: string, rpc = endpoint.url) => {
    const places = ['--rpc', rpc, '--deployment', file, '--storage', 'http://127.0.0.1:1', '--rpc-timeout', '400'];
    const own = ['--key-file', keyFile, '--data', join(folder, 'data'), '--polling', '40', '--listen', '127.0.0.1:0'];
    const child = spawn(process.execPath, ['verifier/src/main.ts', command, ...places, ...own]);
    children.push(child);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    let complaint = '';
    child.stderr.on('data', (bytes) => {
      complaint += bytes;
    });
    const said: { event: string; code?: string; help?: string }[] = [];
    const heard = async (event: string) => {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`no ${event}: ${JSON.stringify(said)}${complaint}`);
        said.push(JSON.parse(value));
        if (said.at(-1)!.event === event) return said.at(-1)!;
      }
    };
    const ended = once(child, 'close').then(([code]) => ({ code, complaint }));
    return { child, heard, said, ended };
  };

  it('waits for a chain that answers 503, and says once what for', async () => {
    endpoint.fails = true;
    const daemon = begin('run', await standing(0x1000));
    const { code, help } = await daemon.heard('waiting');
    expect(code).to.equal('CHAIN_UNREACHABLE');
    expect(help).to.match(/RPC address/);
    while ((endpoint.asked.get('eth_chainId') ?? 0) < 4) await pause(10);
    endpoint.fails = false;
    await daemon.heard('ready');
    expect(daemon.said.filter(({ event }) => event === 'waiting')).to.have.length(1);
  });

  it('waits for one that stalls', async () => {
    endpoint.stalls = true;
    const daemon = begin('run', await standing(0x1000));
    await daemon.heard('waiting');
    endpoint.stalls = false;
    await daemon.heard('ready');
  });

  it('waits for one that is not there yet, and stops when it is told to', async () => {
    const place = createServer().listen(0, '127.0.0.1');
    await once(place, 'listening');
    const { port } = place.address() as { port: number };
    await new Promise((closed) => place.close(closed));
    const daemon = begin('run', deployment(0x1000), `http://127.0.0.1:${port}`);
    await daemon.heard('waiting');
    daemon.child.kill('SIGTERM');
    expect((await daemon.ended).code).to.equal(0);
  });

  it('ends where the chain is another, or has no such contracts, also after it waited', async () => {
    const elsewhere = await begin('run', deployment(0x1000, 5)).ended;
    expect(elsewhere.code).to.equal(1);
    expect(elsewhere.complaint).to.match(/^CHAIN_MISMATCH: /);
    endpoint.fails = true;
    const daemon = begin('run', deployment(0x2000));
    await daemon.heard('waiting');
    endpoint.fails = false;
    const { code, complaint } = await daemon.ended;
    expect(code).to.equal(1);
    expect(complaint).to.match(/^DEPLOYMENT_ABSENT: no code at /);
  });

  it('is not waited with by commands that end', async () => {
    endpoint.fails = true;
    const { code, complaint } = await begin('status', deployment(0x1000)).ended;
    expect(code).to.equal(1);
    expect(complaint).to.match(/^CHAIN_UNREACHABLE: /);
  });
});
