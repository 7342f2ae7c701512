import { expect } from 'chai';
import { Places, type Rest } from '../src/places.ts';

/** A check that does what it is told, when it is told. */
function begin(places: Places) {
  let rest!: Rest;
  const done = Promise.withResolvers<void>();
  const ended = places.hold(async (own) => {
    rest = own;
    await done.promise;
  });
  return {
    /** Waits for others until it is woken. */
    rest() {
      const woken = Promise.withResolvers<void>();
      const waited = rest(() => woken.promise);
      return async () => {
        woken.resolve();
        await waited;
      };
    },
    async end() {
      done.resolve();
      await ended;
    },
  };
}

describe('places for checks', () => {
  it('are taken by those that work, and left by those that wait for others', async () => {
    const places = new Places(2);
    const [one] = [begin(places), begin(places)];
    expect(places.isFree).to.equal(false);
    const wake = one.rest();
    expect(places.isFree).to.equal(true);
    begin(places);
    expect(places.isFree).to.equal(false);
    await wake();
    expect(places.isFree).to.equal(false);
  });

  it('are left once by a check that waits for several answers, until the last of them came', async () => {
    const places = new Places(1);
    const check = begin(places);
    const [first, second] = [check.rest(), check.rest()];
    expect(places.isFree).to.equal(true);
    await first();
    expect(places.isFree).to.equal(true);
    await second();
    expect(places.isFree).to.equal(false);
    await check.end();
    expect(places.isFree).to.equal(true);
  });

  it('are kept by nobody who never answers: a thousand silent executors hold up no check', () => {
    const places = new Places(2);
    for (let i = 0; i < 1_000; i++) {
      expect(places.isFree, String(i)).to.equal(true);
      begin(places).rest();
    }
  });

  it('are bounded all the same', () => {
    const places = new Places(2, 10);
    for (let i = 0; i < 10; i++) begin(places).rest();
    expect(places.isFree).to.equal(false);
  });

  it('are given back by a check that fails while a part of it waits', async () => {
    const places = new Places(1);
    let wake = (): void => {};
    const failed = places.hold(async (rest) => {
      void rest(() => new Promise<void>((resolve) => (wake = resolve)));
      throw new Error('no');
    });
    await failed.catch(() => {});
    expect(places.isFree).to.equal(true);
    wake();
    await Promise.resolve();
    begin(places);
    expect(places.isFree).to.equal(false);
  });
});
