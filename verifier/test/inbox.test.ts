import { expect } from 'chai';
import { Inbox } from '../src/monitor/inbox.ts';

describe('what comes while an endpoint fails', () => {
  it('is taken in when it goes on, each once and in its order', async () => {
    const inbox = new Inbox<number>();
    const taken: number[] = [];
    let fails = true;
    const each = async (item: number) => {
      if (item === 2 && fails) throw new Error('no answer');
      taken.push(item);
    };
    await inbox.take([1, 2, 3], each).catch(() => {});
    expect(taken).to.deep.equal([1]);
    await inbox.take([4], each).catch(() => {});
    fails = false;
    await inbox.take([5], each);
    expect(taken).to.deep.equal([1, 2, 3, 4, 5]);
  });
});
