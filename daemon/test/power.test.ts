import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { energyOfDay, Journal, Meter, powerNow, totalOf } from '@essaim/daemon';
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

  it('is summed up over the time that it is drawn for, also over a restart, and of the last day only', async () => {
    const file = join(folder, 'journal.sqlite');
    let [watts, now] = [100, 0];
    const day = () => energyOfDay(file);
    const begin = (journal: Journal) =>
      new Meter(
        async () => new Map([['stated', watts]]),
        journal,
        () => now,
      );
    let journal = new Journal(file);
    let meter = begin(journal);
    await meter.sample();
    expect(day()).to.deep.equal({ joules: 0, seconds: 0 });
    now += 60_000;
    await meter.sample();
    [now, watts] = [now + 60_000, 300];
    await meter.sample();
    // a minute at 100 W, and one on the way to 300
    expect(day()).to.deep.equal({ joules: 6_000 + 12_000, seconds: 120 });
    journal.close();
    // nobody knows what was drawn meanwhile
    now += 600_000;
    journal = new Journal(file);
    meter = begin(journal);
    await meter.sample();
    now += 10_000;
    await meter.sample();
    expect(journal.energyOfDay()).to.deep.equal({ joules: 21_000, seconds: 130 });
    const clock = Date.now;
    try {
      Date.now = () => clock() + 86_500_000;
      expect(journal.energyOfDay()).to.deep.equal({ joules: 0, seconds: 0 });
      journal.drew(5, 1);
      expect(day()).to.deep.equal({ joules: 5, seconds: 1 });
    } finally {
      Date.now = clock;
    }
    journal.close();
    expect(energyOfDay(join(folder, 'none.sqlite'))).to.deep.equal({ joules: 0, seconds: 0 });
  });

  it('is what its owner says where nothing can be read, and unknown where he says nothing', async () => {
    const nowhere = join(folder, 'nowhere');
    expect([...(await powerNow(350, nowhere))]).to.deep.equal([['stated', 350]]);
    expect((await powerNow(undefined, nowhere)).has('processor')).to.equal(false);
  });
});
