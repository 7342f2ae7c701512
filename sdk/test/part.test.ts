import { expect } from 'chai';
import { once, part, streamed } from '../src/part.ts';
import { failureOf } from './world.ts';

class Clock {
  #ticks = 0;
  async tick(by: number): Promise<number> {
    this.#ticks += by;
    return this.#ticks;
  }
  async fail(): Promise<never> {
    throw new Error('it broke');
  }
}

describe('a part of the SDK', () => {
  it('is loaded once, by the first call of a method, and keeps its state', async () => {
    let loads = 0;
    const clock = part(
      once(async () => {
        loads++;
        return new Clock();
      }),
    );
    expect(loads).to.equal(0);
    expect(await Promise.all([clock.tick(2), clock.tick(3)])).to.deep.equal([2, 5]);
    expect(clock.tick).to.equal(clock.tick);
    expect((await failureOf(clock.fail())).message).to.equal('it broke');
    expect(loads).to.equal(1);
  });

  it('is not loaded by being awaited, printed or written as JSON', async () => {
    let loads = 0;
    const clock = part(
      once(async () => {
        loads++;
        return new Clock();
      }),
    );
    expect(await Promise.resolve(clock)).to.equal(clock);
    expect(`${JSON.stringify(clock)} ${Object.prototype.toString.call(clock)}`).to.equal('{} [object Object]');
    expect(loads).to.equal(0);
  });

  it('has at once what is given with it', () => {
    const named = part(async () => Object.assign(new Clock(), { name: 'clock' }), { name: 'clock' });
    expect(named.name).to.equal('clock');
  });

  it('that is not to be had says so by PART_UNLOADED, and is tried again by the next call', async () => {
    const answers = [() => Promise.reject(new Error('404')), async () => new Clock()];
    const clock = part(once(() => answers.shift()!()));
    expect(await failureOf(clock.tick(1))).to.include({ code: 'PART_UNLOADED' });
    expect(await clock.tick(1)).to.equal(1);
  });

  it('gives streams from code that is loaded with their first value', async () => {
    let loads = 0;
    const stream = streamed(async () => {
      loads++;
      return (async function* () {
        yield* [1, 2];
      })();
    });
    expect(loads).to.equal(0);
    const got: number[] = [];
    for await (const value of stream) got.push(value);
    expect(got).to.deep.equal([1, 2]);
    expect(loads).to.equal(1);
  });
});
