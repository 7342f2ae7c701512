import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { random } from '../../../test/random.ts';
import { Attention, type Met } from '../../src/policy/attention.ts';
import { type Candidate, chanceOf, FLOOR } from '../../src/policy/chance.ts';
import { Locks } from '../../src/policy/locks.ts';
import { keptLot, lotOf } from '../../src/policy/lot.ts';
import { Past } from '../../src/policy/past.ts';
import { doubtOf } from '../../src/policy/record.ts';
import { Verdicts } from '../../src/policy/verdicts.ts';

const DAY = 86_400;
const met = (batchId: string, changes: Partial<Met> = {}): Met => ({
  ...{ batchId, root: '0x1', executor: 'alice', lock: 100, fee: 2, bounty: 25, time: 0, executions: 1, seconds: 1 },
  record: { convictions: 0, age: 0, stood: new Locks() },
  ...changes,
});

describe('which claims a verifier looks at', () => {
  const lot = lotOf(new Uint8Array(32).fill(7));

  it('are all without a budget', () => {
    const attention = new Attention(lot, {}, new Verdicts());
    for (let each = 0; each < 100; each++) expect(attention.look(met(String(each))).isLooked).to.equal(true);
  });

  it('cost what the budget has on average, and none has less than the least chance', () => {
    const next = random(3);
    const hour: Candidate[] = Array.from({ length: 400 }, () => ({
      ...{ value: next() * 1_000, doubt: next(), executions: 1 + Math.floor(5 * next()), seconds: next() * 10 },
    }));
    for (const budget of [{ executions: 100 }, { seconds: 150 }, { executions: 100, seconds: 50 }]) {
      const chances = hour.map((each) => chanceOf(each, hour, budget));
      const sum = (of: (each: Candidate) => number) => hour.reduce((all, each, i) => all + chances[i] * of(each), 0);
      const [executions, seconds] = [sum((each) => each.executions), sum((each) => each.seconds)];
      if (budget.executions) expect(executions).to.be.at.most(budget.executions + 1e-6);
      if (budget.seconds) expect(seconds).to.be.at.most(budget.seconds + 1e-6);
      const filled = Math.max(executions / (budget.executions ?? 1e9), seconds / (budget.seconds ?? 1e9));
      expect(filled).to.be.closeTo(1, 0.02);
      expect(Math.min(...chances)).to.be.at.least(FLOOR);
    }
    expect(chanceOf(hour[0], hour, { executions: 0 })).to.equal(FLOOR);
    expect(chanceOf(hour[0], hour, { executions: 1e9 })).to.equal(1);
  });

  it('are chosen the likelier the more is at risk and the more its executor is doubted', () => {
    const hour = Array.from({ length: 50 }, (_, i) => ({ value: 10 + i, doubt: 0.5, executions: 1, seconds: 1 }));
    const chance = (changes: Partial<Candidate>) =>
      chanceOf({ ...hour[0], ...changes }, [{ ...hour[0], ...changes }, ...hour], { executions: 5 });
    expect(chance({ value: 20 })).to.be.greaterThan(chance({ value: 10 }));
    expect(chance({ value: 1_000 })).to.be.greaterThan(chance({ value: 20 }));
    expect(chance({ doubt: 1 })).to.be.greaterThan(chance({ doubt: 0.5 }));
  });

  it('doubt a convicted, a new and an unchecked executor, and buy no trust for a large lock with small jobs', () => {
    const known = { convictions: 0, age: 60 * DAY, stood: new Locks(), clean: Locks.of(Array(200).fill(100)) };
    const doubt = doubtOf(known, 100);
    expect(doubt).to.be.lessThan(0.1);
    expect(doubtOf({ ...known, convictions: 1 }, 100)).to.be.greaterThan(3 * doubt);
    expect(doubtOf({ ...known, age: DAY }, 100)).to.be.greaterThan(5 * doubt);
    expect(doubtOf({ ...known, clean: new Locks(), stood: known.clean }, 100)).to.be.greaterThan(4 * doubt);
    expect(doubtOf(known, 100_000)).to.be.greaterThan(0.9);
    expect(doubtOf({ convictions: 0, age: 0, stood: new Locks(), clean: new Locks() }, 100)).to.equal(1);
  });

  it('are met, and their executors known, at the same cost however many there were', () => {
    let reads = 0;
    const counted = <T extends object>(it: T): T =>
      new Proxy(it, {
        get(...given) {
          reads++;
          return Reflect.get(...given);
        },
      });
    const attention = new Attention(lot, { executions: 20 }, new Verdicts());
    const past = new Past();
    const readsOf = (first: number): number => {
      reads = 0;
      for (let each = first; each < first + 1_000; each++) {
        past.add(counted({ lock: 1 + (each % 7), epoch: 1, block: each, isSealed: false, isConvicted: false }));
        attention.meet(counted(met(String(each), { time: each, record: { age: 0, ...past.at(each, () => 50) } })));
      }
      return reads;
    };
    const few = readsOf(0);
    for (let each = 1_000; each < 9_000; each += 1_000) readsOf(each);
    expect(readsOf(9_000)).to.be.below(1.2 * few);
    const { stood, first } = past.at(10_000, () => 50);
    expect(stood).to.have.length(9_950);
    expect(first).to.equal(0);
    // the locks 1 to 7, against 4: the smaller ones count for as much less
    expect(stood.against(4) / 9_950).to.be.closeTo((1 / 4 + 2 / 4 + 3 / 4 + 4) / 7, 0.01);
  });

  it('count a conviction of what had stood, and nothing that nobody could look at', () => {
    const past = new Past();
    const batch = { lock: 5, epoch: 1, block: 1, isSealed: false, isConvicted: false };
    past.add(batch);
    past.add({ ...batch, isSealed: true });
    expect(past.at(100, () => 50).stood).to.have.length(1);
    expect(past.at(1, () => 50).first).to.equal(undefined);
    past.convict(batch);
    past.convict(batch);
    const { stood, convictions } = past.at(100, () => 50);
    expect([stood.length, convictions]).to.deep.equal([0, 1]);
  });

  describe('with a secret and decisions on disk', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'essaim-lot-'));
    });
    afterEach(() => rmSync(folder, { recursive: true }));
    const open = () =>
      new Attention(keptLot(join(folder, 'secret')), { executions: 20 }, new Verdicts(join(folder, 'verdicts')));
    const all = (attention: Attention) => {
      const batches = Array.from({ length: 100 }, (_, i) => met(`batch ${i}`, { executor: `of ${i % 7}`, time: i }));
      for (const each of batches) attention.meet(each);
      return batches.map((each) => attention.look(each).isLooked);
    };

    it('are the same after a restart, also when the decisions are deleted, and others by another secret', () => {
      const first = all(open());
      expect(first.filter(Boolean).length).to.be.within(8, 60);
      expect(all(open())).to.deep.equal(first);
      rmSync(join(folder, 'verdicts'));
      expect(all(open())).to.deep.equal(first);
      expect(statSync(join(folder, 'secret')).mode & 0o777).to.equal(0o600);
      rmSync(folder, { recursive: true });
      expect(all(open())).to.not.deep.equal(first);
    });

    it('stay decided although their executor is convicted or trusted meanwhile', () => {
      const one = met('one');
      const first = open();
      for (let each = 0; each < 99; each++) first.meet(met(`other ${each}`));
      const before = first.look(one);
      const after = open().look({ ...one, record: { convictions: 9, age: 0, stood: new Locks() } });
      expect(after.isLooked).to.equal(before.isLooked);
      expect(after.why).to.include('decided before');
    });

    it('remember what was clean, of the batch as it was submitted, and a line that was cut off says nothing', () => {
      const first = open();
      first.clean(met('one'));
      writeFileSync(join(folder, 'verdicts'), '{"batchId":"tw', { flag: 'a' });
      const second = open();
      expect(second.isClean(met('one'))).to.equal(true);
      expect(second.isClean(met('one', { root: '0x2' }))).to.equal(false);
      expect(second.isClean(met('two'))).to.equal(false);
    });

    it('refuse a secret that is none', () => {
      writeFileSync(join(folder, 'secret'), 'short\n');
      expect(() => keptLot(join(folder, 'secret'))).to.throw('does not hold the secret');
      expect(readFileSync(join(folder, 'secret'), 'utf8')).to.equal('short\n');
    });
  });
});
