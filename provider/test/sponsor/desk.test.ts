import { pause } from '@essaim/sdk';
import { expect } from 'chai';
import { Desk, type Returned } from '../../src/sponsor/desk.ts';
import { digitWork, sessionOf } from './tabs.ts';

describe('the desk that hands out executions', () => {
  const open = (lease?: number) => {
    const returned: [string, Returned][] = [];
    const desk = new Desk((session, why) => void returned.push([session.payee, why]), lease);
    return { desk, returned };
  };
  const taskOf = (told: ReturnType<typeof sessionOf>['told']) => {
    const line = told.filter((each) => each.line === 'task').at(-1);
    return line?.line === 'task' ? line.task : undefined;
  };

  it('says at once that nobody does it where no tab is there', async () => {
    const { work } = await digitWork(0);
    expect(await open().desk.offer(work)).to.equal(null);
  });

  it('gives one task to each tab, and the next when that is done', async () => {
    const { desk } = open();
    const { work, trace } = await digitWork(1);
    const [a, b] = [sessionOf('a'), sessionOf('b')];
    for (const { session } of [a, b]) desk.join(session);
    const offers = [1, 2, 3].map(() => desk.offer(work));
    expect([a, b].map(({ told }) => told.length)).to.deep.equal([1, 1]);
    expect(desk.hasIdle).to.equal(false);
    const first = desk.brought(a.session, taskOf(a.told)!.id)!;
    expect(desk.brought(a.session, first.id)).to.equal(undefined);
    desk.finish(first, { trace, payee: 'a', checked: false });
    expect((await offers[0])!.payee).to.equal('a');
    expect(taskOf(a.told)!.id).not.to.equal(first.id);
    for (const { session, told } of [a, b]) {
      desk.finish(desk.brought(session, taskOf(told)!.id)!, { trace, payee: session.payee, checked: false });
    }
    await Promise.all(offers);
    expect(desk.hasIdle).to.equal(true);
  });

  it('gives what a closed tab had to another, and to nobody when none is left', async () => {
    const { desk, returned } = open();
    const { work } = await digitWork(2);
    const [a, b] = [sessionOf('a'), sessionOf('b')];
    for (const { session } of [a, b]) desk.join(session);
    const offer = desk.offer(work);
    const { id } = taskOf(a.told)!;
    desk.leave(a.session);
    expect(taskOf(b.told)!.id).to.equal(id);
    desk.leave(b.session);
    expect(await offer).to.equal(null);
    expect(returned).to.deep.equal([
      ['a', 'gone'],
      ['b', 'gone'],
    ]);
  });

  it('takes back what takes too long, and never gives the same tab the same task again', async () => {
    const { desk, returned } = open(20);
    const { work } = await digitWork(3);
    const { session, told } = sessionOf('slow');
    desk.join(session);
    expect(await desk.offer(work)).to.equal(null);
    expect(told.map(({ line }) => line)).to.deep.equal(['task', 'taken-back']);
    expect(returned).to.deep.equal([['slow', 'slow']]);
  });

  it('does not hurry a tab whose result is being looked at', async () => {
    const { desk, returned } = open(20);
    const { work, trace } = await digitWork(4);
    const { session, told } = sessionOf('a');
    desk.join(session);
    const offer = desk.offer(work);
    const task = desk.brought(session, taskOf(told)!.id)!;
    await pause(40);
    desk.finish(task, { trace, payee: 'a', checked: true });
    expect((await offer)!.trace).to.equal(trace);
    expect(returned).to.deep.equal([]);
  });

  it('ends the wait when its time is over', async () => {
    const { desk } = open();
    const time = new AbortController();
    const { work } = await digitWork(5, time.signal);
    const { session, told } = sessionOf('a');
    desk.join(session);
    const offer = desk.offer(work);
    time.abort();
    expect(await offer).to.equal(null);
    expect(told.at(-1)!.line).to.equal('taken-back');
    expect(session.task).to.equal(undefined);
  });
});
