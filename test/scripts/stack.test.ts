import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EssaimError } from '@essaim/protocol';
import { expect } from 'chai';
import { type Child, Family } from '../../scripts/lib/processes.ts';
import { gndBinary } from '../../scripts/stack/indexer.ts';
import { Ledger } from '../../scripts/stack/ledger.ts';
import { freePorts, isFree } from '../../scripts/stack/ports.ts';

describe('the local stack', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'essaim-stack-test-'));
  const file = join(folder, 'stack.json');
  const family = new Family();
  after(async () => {
    await family.stop();
    await new Ledger(file).clear();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (ports: number[]): Promise<Child> =>
    family.start('stack', ['test/scripts/hold-stack.ts', file, ...ports.map(String)]);
  async function killed({ process: child }: Child): Promise<void> {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  it('starts again on the same ports after a kill -9, and leaves nothing of the first one', async () => {
    const ports = await freePorts(2);
    const first = await start(ports);
    const was = first.ready as { folder: string; postgres: number };
    expect(new Ledger(file).owner()).to.equal(first.process.pid);
    await killed(first);
    expect(new Ledger(file).owner()).to.equal(undefined);
    // its children outlive it
    expect(await isFree(ports[0])).to.equal(false);
    expect(await isFree(was.postgres)).to.equal(false);

    const second = await start(ports);
    expect(await isFree(was.postgres)).to.equal(true);
    expect(existsSync(was.folder)).to.equal(false);

    await killed(second);
    await new Ledger(file).clear();
    const is = second.ready as { folder: string; postgres: number };
    for (const port of [...ports, is.postgres]) expect(await isFree(port), String(port)).to.equal(true);
    expect(existsSync(is.folder)).to.equal(false);
  });

  it('says what to do where there is no graph-node', () => {
    const before = process.env.GND_BIN;
    process.env.GND_BIN = join(folder, 'nowhere');
    try {
      expect(gndBinary)
        .to.throw(EssaimError, /nowhere, which is not there/)
        .with.property('help')
        .that.matches(/GND_BIN/);
    } finally {
      if (before === undefined) delete process.env.GND_BIN;
      else process.env.GND_BIN = before;
    }
  });
});
