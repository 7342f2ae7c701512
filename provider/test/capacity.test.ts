import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '@essaim/protocol';
import { openTracer, type Trace, type Tracer } from '@essaim/runtime';
import { expect } from 'chai';
import { Capacity } from '../src/capacity/capacity.ts';
import { gasMoney } from '../src/capacity/gas-money.ts';
import { roomRefusal, sizesOf } from '../src/capacity/room.ts';
import { endsOf, fits } from '../src/capacity/schedule.ts';
import { Speeds } from '../src/capacity/speeds.ts';
import { timed } from '../src/capacity/timed-tracer.ts';
import { keptDigits } from './kept.ts';

const PROGRAM = 'a program';

/** A capacity whose one program takes so many seconds for a job of one input, the safety included. */
function capacityOf(seconds: number, lanes = 1): Capacity {
  const speeds = new Speeds();
  speeds.probed(PROGRAM, seconds / 1.25 - 2);
  return new Capacity({ lanes, lead: 30, speeds });
}

const task = (deadline: number, count = 1) => ({ programId: PROGRAM, count, deadline });

describe('what a provider takes on', () => {
  it('of a burst of 50 jobs due at once is as many as its lanes can finish, and not one more', () => {
    for (const lanes of [1, 3]) {
      const capacity = capacityOf(20, lanes);
      const taken = Array.from({ length: 50 }, (_, i) => `job ${i}`).filter((id) => {
        const refusal = capacity.refusal(id, task(1_230), 1_000);
        if (!refusal) capacity.hold(id, task(1_230));
        else expect(refusal).to.include({ code: 'CAPACITY_TIME', mayPass: true });
        return refusal === null;
      });
      // 200 seconds are left with 30 in hand, 20 for each
      expect(taken).to.have.length(10 * lanes);
    }
  });

  it('is done in time although every job takes all that was expected, whatever their deadlines', () => {
    let state = 7;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    for (let round = 0; round < 20; round++) {
      const lanes = 1 + (round % 3);
      const works = Array.from({ length: 50 }, (_, i) => ({
        id: `job ${i}`,
        seconds: 10 + 40 * random(),
        due: 300 * random(),
      })).sort((a, b) => a.due - b.due);
      const taken: typeof works = [];
      for (const work of works) if (fits(work, taken, lanes, 0)) taken.push(work);
      const ends = endsOf(taken, lanes, 0);
      expect(taken.filter(({ id, due }) => ends.get(id)! > due)).to.deep.equal([]);
      for (const work of works) if (!taken.includes(work)) expect(fits(work, taken, lanes, 0)).to.equal(false);
      expect(taken.length).to.be.within(2, 49);
    }
  });

  it('counts what runs by what is left of it, and lets nothing in that makes a job late which was not', () => {
    const running = { id: 'running', seconds: 50, due: 60, isRunning: true };
    expect(endsOf([running, { id: 'next', seconds: 10, due: 70 }], 1, 0).get('next')).to.equal(60);
    expect(fits({ id: 'more', seconds: 10, due: 65 }, [running, { id: 'next', seconds: 10, due: 69 }], 1, 0)).to.equal(
      false,
    );
    // what is late already is no reason against what it does not touch
    const late = { id: 'late', seconds: 10, due: 1 };
    expect(fits({ id: 'more', seconds: 10, due: 100 }, [late], 1, 0)).to.equal(true);
    expect(
      fits(
        { id: 'more', seconds: 10, due: 30 },
        [
          { ...running, due: 1 },
          { ...running, id: 'two' },
        ],
        1,
        0,
      ),
    ).to.equal(false);
  });

  it('is one job at a time of a model whose speed is not known, and refused with too little in hand', () => {
    const capacity = new Capacity({ lead: 30 });
    expect(capacity.refusal('first', task(1_100), 1_000)).to.equal(null);
    capacity.hold('first', task(1_100));
    expect(capacity.refusal('second', task(1_100), 1_000)?.message).to.contain('not known yet');
    expect(new Capacity({ lead: 30 }).refusal('hasty', task(1_020), 1_000)).to.include({ code: 'CAPACITY_TIME' });
  });

  it('keeps the time free that was promised, until the promise ends', () => {
    const capacity = capacityOf(20);
    capacity.hold('job', task(1_070));
    const readyBy = capacity.readyBy(task(0), 1_000)!;
    expect(readyBy).to.equal(1_070);
    capacity.hold('promise', task(readyBy), 1_010);
    expect(capacity.refusal('other', task(1_070), 1_000)).not.to.equal(null);
    expect(capacity.refusal('later', task(1_090), 1_000)).to.equal(null);
    capacity.release('job');
    expect(capacity.refusal('other', task(1_070), 1_011)).to.equal(null);
    expect(capacity.held(1_011).size).to.equal(0);
  });
});

describe('what is left to others', () => {
  it('is the time after which a job is still done by this device, and those behind it', async () => {
    const capacity = capacityOf(20);
    capacity.hold('first', task(1_100));
    expect(capacity.spare('first', 1_000)).to.be.closeTo(50, 0.1);
    capacity.hold('second', task(1_110));
    expect(capacity.spare('first', 1_000)).to.be.closeTo(40, 0.1);
    expect(capacity.spare('second', 1_000)).to.be.closeTo(40, 0.1);
    const untils: (number | undefined)[] = [];
    const asked = Object.assign(
      async (...[, , , , within]: Parameters<Tracer>) => {
        untils.push(within?.until);
        return {} as Trace;
      },
      { remake: async () => [] },
    );
    const { program, onnx } = await keptDigits([0]);
    const trace = timed(asked, { executions: 0, seconds: 0 }, 7_000);
    await trace(program, onnx, [], undefined, { until: 9_000 });
    await trace(program, onnx, [], undefined, { until: 5_000 });
    expect(untils).to.deep.equal([7_000, 5_000]);
  });
});

describe('what a provider knows of its speed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'essaim-speeds-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is learnt from jobs: what surrounds them once, what each input takes, and how much they differ', () => {
    const speeds = new Speeds();
    expect(speeds.expected(PROGRAM, 1)).to.equal(undefined);
    speeds.probed(PROGRAM, 0.5);
    expect(speeds.expected(PROGRAM, 10)).to.equal(7);
    for (const inputs of [1, 10, 20]) speeds.observed(PROGRAM, inputs, 3 + inputs, inputs * 0.9);
    expect(speeds.expected(PROGRAM, 100)).to.be.closeTo(103, 1e-9);
    expect(speeds.perInput(PROGRAM)).to.be.closeTo(1, 1e-9);
    speeds.observed(PROGRAM, 10, 26, 9);
    expect(speeds.expected(PROGRAM, 10)).to.be.at.least(26);
  });

  it('outlives a restart', async () => {
    const file = join(folder, 'speeds.json');
    const speeds = new Speeds(file);
    speeds.observed(PROGRAM, 4, 6, 4);
    await speeds.kept;
    expect(new Speeds(file).expected(PROGRAM, 4)).to.equal(speeds.expected(PROGRAM, 4));
  });

  it('is measured at every execution', async () => {
    const { program, onnx, kept } = await keptDigits([0]);
    const timing = { executions: 0, seconds: 0 };
    const trace = timed(openTracer(), timing);
    await trace(program, onnx, [kept.traces[0].inputs[0].bytes]);
    await trace(program, onnx, [kept.traces[0].inputs[0].bytes]);
    expect(timing.executions).to.equal(2);
    expect(timing.seconds).to.be.greaterThan(0);
    expect(trace.remake).to.be.a('function');
  });
});

describe('what a job needs beside time', () => {
  it('is room on the disk for all that was taken on, and memory for what runs at once', async () => {
    const { onnx, kept } = await keptDigits([0]);
    const [{ inputs, values }] = kept.traces;
    const bytes = [...inputs, ...values].reduce((sum, tensor) => sum + tensor!.bytes.length, 0);
    expect(sizesOf(compile(onnx), 3)).to.deep.equal({ disk: 3 * bytes, memory: 6 * bytes });
    const job = { ...task(0), disk: 2 ** 30, memory: 2 ** 30 };
    const free = { disk: 3 * 2 ** 30, memory: 3 * 2 ** 30 };
    expect(roomRefusal(job, [job], 1, free)).to.equal(null);
    expect(roomRefusal(job, [job, job], 1, free)).to.include({ code: 'CAPACITY_DISK' });
    expect(roomRefusal(job, [job], 2, { ...free, memory: 1.5 * 2 ** 30 })).to.include({ code: 'CAPACITY_MEMORY' });
    expect(roomRefusal(job, [job], 1, { ...free, memory: 1.5 * 2 ** 30 })).to.equal(null);
  });

  it('is coin for every submission and for answers about what is held', () => {
    expect(gasMoney(1, 0, 10n)).to.equal(24_000_000n);
    expect(gasMoney(1, 39, 1n)).to.equal(40n * 400_000n + 3n * 2_000_000n);
  });
});
