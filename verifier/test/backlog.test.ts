import { expect } from 'chai';
import { random } from '../../test/random.ts';
import { Backlog } from '../src/backlog.ts';

describe('the backlog of checks', () => {
  const keys = (list: readonly (readonly [string, ...unknown[]])[]) => list.map(([key]) => key);
  const backlog = (now = () => 0) => new Backlog<string>(100, now);

  it('begins with what has the least time left, whenever it came and however long it takes', () => {
    const all = backlog();
    all.add('late', 'a', { end: 1_000, cost: 10 });
    all.add('soon', 'b', { end: 500, cost: 10 });
    all.add('long', 'c', { end: 600, cost: 300 });
    expect(keys(all.plan(0).order)).to.deep.equal(['long', 'soon', 'late']);
    expect(all.slack(0)).to.equal(300);
    expect(all.slack(350)).to.equal(-50);
  });

  it('names once what cannot be reached, does it last, and leaves out as few as can be', () => {
    const all = backlog();
    all.add('huge', 'a', { end: 100, cost: 90 });
    for (const each of [1, 2, 3]) all.add(`small ${each}`, 'b', { end: 100 + each, cost: 30 });
    const { order, unreached } = all.plan(0);
    expect(unreached).to.deep.equal([['huge', 'a', { end: 100, cost: 90 }]]);
    expect(keys(order)).to.deep.equal(['small 1', 'small 2', 'small 3', 'huge']);
    expect(all.plan(0).unreached).to.be.empty;
    expect(backlogOf([90, 30, 30, 30], 2).unreached, 'two at once reach all').to.be.empty;
  });

  function backlogOf(costs: readonly number[], width: number) {
    const all = backlog();
    for (const [at, cost] of costs.entries()) all.add(String(at), 'x', { end: 103, cost });
    return all.plan(0, width);
  }

  it('ends what is over after what can still be reached, counts nothing for it and does not name it', () => {
    const all = backlog();
    all.add('over', 'a', { end: 100, cost: 1_000 });
    all.add('open', 'b', { end: 210, cost: 10 });
    all.add('huge', 'c', { end: 211, cost: 10_000 });
    const { order, unreached } = all.plan(200);
    expect(keys(order)).to.deep.equal(['open', 'over', 'huge']);
    expect(keys(unreached)).to.deep.equal(['huge']);
  });

  it('plans ten thousand that cannot all be reached in less than a second', () => {
    const next = random(5);
    const all = backlog();
    for (let each = 0; each < 10_000; each++)
      all.add(String(each), 'x', { end: 1 + 10 * each * next(), cost: 30 * next() });
    const began = performance.now();
    const { unreached } = all.plan(0);
    expect(performance.now() - began).to.be.below(1_000);
    expect(unreached.length).to.be.within(1, 9_999);
  });

  it('takes up again what was out of reach once there is room', () => {
    const all = backlog();
    all.add('huge', 'a', { end: 100, cost: 90 });
    all.add('small', 'b', { end: 99, cost: 30 });
    expect(keys(all.plan(0).unreached)).to.deep.equal(['huge']);
    all.delete('small');
    expect(all.plan(5)).to.deep.equal({ order: [['huge', 'a']], unreached: [] });
  });

  it('puts off what fails, each time twice as long, and never in the way of the others', () => {
    let now = 0;
    const all = backlog(() => now);
    all.add('bad', 'a', { end: 10, cost: 1 });
    all.add('good', 'b', { end: 20, cost: 1 });
    for (const wait of [100, 200, 400]) {
      all.postpone('bad');
      now += wait - 1;
      expect(keys(all.plan(0).order)).to.deep.equal(['good']);
      now += 1;
      expect(keys(all.plan(0).order)).to.deep.equal(['bad', 'good']);
    }
  });

  it('starves nothing: under a steady stream that fills the machine, everything is begun before it is too late', () => {
    const next = random(7);
    const all = backlog();
    const ends = new Map<string, number>();
    let time = 0;
    let came = 0;
    let late = 0;
    const arrive = () => {
      const [cost, window] = [1 + Math.floor(3 * next()), next() < 0.3 ? 60 : 3_600];
      const key = String(came++);
      ends.set(key, time + window);
      all.add(key, key, { end: time + window, cost });
    };
    const work: number[] = [];
    while (came < 2_000) {
      arrive();
      // a load of 0.95: every 2.1 seconds a check of 2 on average
      time += 2.1;
      for (let room = 2.1 + (work.pop() ?? 0); ; ) {
        const { order } = all.plan(time);
        if (order.length === 0) break;
        const [key] = order[0];
        if (room < 1) {
          work.push(room);
          break;
        }
        room -= 2;
        if (time > ends.get(key)!) late++;
        all.delete(key);
      }
    }
    expect(late).to.equal(0);
    const oldest = Math.min(...all.plan(time).order.map(([key]) => ends.get(key)!));
    expect(oldest === Number.POSITIVE_INFINITY || oldest > time).to.equal(true);
  });
});
