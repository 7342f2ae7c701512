import type { Tracer } from '@essaim/runtime';
import { expect } from 'chai';
import { ASSIGNED, Lanes } from '../src/lanes.ts';

describe('lanes of execution', () => {
  /** A tracer that says what it began, and ends when told to. */
  function stage(width: number) {
    const [begun, ends] = [[] as string[], [] as (() => void)[]];
    const work = (name: string) => {
      begun.push(name);
      return new Promise<never>((end) => ends.push(() => end(undefined as never)));
    };
    const tracer = Object.assign((name: unknown) => work(String(name)), {
      remake: (name: unknown) => work(`re ${name}`),
    });
    const lanes = new Lanes(tracer as unknown as Tracer, width);
    const trace = (urgency: number, name: string) =>
      (lanes.at(urgency) as unknown as (name: string) => Promise<void>)(name);
    const end = async () => {
      ends.shift()!();
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { begun, end, trace, lanes };
  }

  it('let what is assigned go first, then what is due first, and equals in the order in which they came', async () => {
    const { begun, end, trace } = stage(1);
    for (const [urgency, name] of [
      [9, 'at once'],
      [7, 'c'],
      [5, 'a'],
      [5, 'b'],
      [ASSIGNED, 'audit'],
    ] as const)
      void trace(urgency, name);
    for (let each = 0; each < 5; each++) await end();
    expect(begun).to.deep.equal(['at once', 'audit', 'a', 'b', 'c']);
  });

  it('run as many at once as they are wide, and go on after a failure', async () => {
    const { begun, end, trace } = stage(2);
    for (const name of ['a', 'b', 'c']) void trace(1, name);
    expect(begun).to.deep.equal(['a', 'b']);
    await end();
    expect(begun).to.deep.equal(['a', 'b', 'c']);

    const failing = new Lanes(
      Object.assign(async () => Promise.reject(new Error('no')), { remake: async () => [] }),
      1,
    );
    const run = failing.at(1) as unknown as () => Promise<void>;
    const both = await Promise.allSettled([run(), run()]);
    expect(both.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
  });
});
