import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { powerNow, totalOf } from '@essaim/daemon';
import { expect } from 'chai';

describe('the power that a machine draws', () => {
  const folder = mkdtempSync(join(tmpdir(), 'essaim-rapl-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, energy: number) => {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'energy_uj'), `${energy}\n`);
    writeFileSync(join(folder, name, 'max_energy_range_uj'), '1000000000\n');
  };

  it('is what the counters of its processors rise by, parts not counted twice, also where one begins anew', async () => {
    write('intel-rapl:0', 1_000_000);
    write('intel-rapl:1', 999_000_000);
    write('intel-rapl:0:0', 5);
    const reading = powerNow(350, folder, 200);
    setTimeout(() => {
      write('intel-rapl:0', 6_000_000);
      write('intel-rapl:1', 4_000_000);
      write('intel-rapl:0:0', 900_000_000);
    }, 60);
    const power = await reading;
    // five joules each within a fifth of a second
    expect(power.get('processor')).to.be.within(20, 50.1);
    expect(power.has('stated')).to.equal(false);
    expect(totalOf(power)).to.be.at.least(power.get('processor')!);
  });

  it('is what its owner says where nothing can be read, and unknown where he says nothing', async () => {
    const nowhere = join(folder, 'nowhere');
    expect([...(await powerNow(350, nowhere))]).to.deep.equal([['stated', 350]]);
    expect((await powerNow(undefined, nowhere)).has('processor')).to.equal(false);
  });
});
