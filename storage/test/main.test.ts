import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ipfsStorage } from '@essaim/storage';
import { expect } from 'chai';

const MAIN = path.join(import.meta.dirname, '../src/node/main.ts');

describe('the node as a process', () => {
  const children: ChildProcess[] = [];
  let dir: string;

  before(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'essaim-main-'));
  });

  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(dir, { recursive: true, force: true });
  });

  async function start(): Promise<{ child: ChildProcess; url: string }> {
    const child = spawn(process.execPath, [MAIN, '--dir', dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [line] = await once(createInterface(child.stdout!), 'line');
    return { child, url: JSON.parse(line).url };
  }

  it('says where it listens in one line, stops on SIGTERM, and has kept its content when killed', async () => {
    const bytes = new Uint8Array(2 ** 21).map((_, i) => i);
    const first = await start();
    const cid = await ipfsStorage({ url: first.url }).put(bytes);
    first.child.kill('SIGTERM');
    expect((await once(first.child, 'exit'))[0]).to.equal(0);
    const second = await start();
    const other = await ipfsStorage({ url: second.url }).put(new Uint8Array([1]));
    second.child.kill('SIGKILL');
    await once(second.child, 'exit');
    const third = ipfsStorage(await start());
    expect(Buffer.compare(await third.get(cid), bytes)).to.equal(0);
    expect([...(await third.get(other))]).to.deep.equal([1]);
    await third.unpin(other);
  });

  it('explains itself and fails without a folder', async () => {
    const child = spawn(process.execPath, [MAIN], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    for await (const chunk of child.stderr!) said += chunk;
    expect(said).to.contain('--dir');
    expect(child.exitCode ?? (await once(child, 'exit'))[0]).to.equal(2);
  });
});
