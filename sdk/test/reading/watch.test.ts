import { expect } from 'chai';
import type { Answer, JobRow, Page, Watched } from '../../src/reading/types/index.ts';
import { watched } from '../../src/reading/watch.ts';
import { accept, jobId, post } from './posted.ts';
import { Stand } from './stand.ts';

type Told = Watched<Page<JobRow>>;

describe('watching', () => {
  let stand: Stand;
  let ending: AbortController;
  beforeEach(async () => {
    stand = await Stand.open();
    ending = new AbortController();
  });
  afterEach(() => {
    ending.abort();
    stand.close();
  });

  /** Tells what a watch of all jobs tells, one by one. */
  async function watch({ timeout = 2_000, interval = 100 } = {}): Promise<() => Promise<Told>> {
    const reading = await stand.reading({ indexer: null, timeout });
    const { signal } = ending;
    const all = reading.watch(() => reading.jobs().page(), { signal, interval, timeout });
    const iterator = all[Symbol.asyncIterator]();
    return async () => (await iterator.next()).value;
  }
  const ids = ({ answer }: Told) => answer?.value.rows.map(({ id }) => id);

  it('tells what is there, and then only what changes', async () => {
    post(stand.chain, 1, 10);
    const next = await watch();
    expect(ids(await next())).to.deep.equal([jobId(1)]);
    const coming = next();
    stand.chain.head = 102;
    await new Promise((resolve) => setTimeout(resolve, 700));
    stand.chain.head = 103;
    post(stand.chain, 2, 103);
    const told = await coming;
    expect(ids(told)).to.deep.equal([jobId(2), jobId(1)]);
    expect(told.answer?.asOf.block).to.equal(103);
    expect(told.reorganised).to.equal(undefined);
  });

  it('tells when a row became final', async () => {
    post(stand.chain, 1, 95);
    const next = await watch();
    const certainty = ({ answer }: Told) => answer?.value.rows[0].certainty;
    expect(certainty(await next())).to.equal('provisional');
    stand.chain.final = 96;
    stand.chain.head = 106;
    expect(certainty(await next())).to.equal('final');
  });

  it('says that the chain took back what was told', async () => {
    post(stand.chain, 1, 10);
    post(stand.chain, 2, 99);
    const next = await watch();
    expect(ids(await next())).to.deep.equal([jobId(2), jobId(1)]);
    stand.chain.forkedAt = 98;
    stand.chain.head = 101;
    stand.chain.logs = stand.chain.logs.filter(({ blockNumber }) => blockNumber !== 99);
    const told = await next();
    expect(told.reorganised).to.equal(true);
    expect(ids(told)).to.deep.equal([jobId(1)]);
  });

  it('bears a node that is a block behind the other, and believes a head that stays back', async () => {
    post(stand.chain, 1, 10);
    const next = await watch({ interval: 600 });
    await next();
    const coming = next();
    stand.chain.head = 98;
    await new Promise((resolve) => setTimeout(resolve, 900));
    stand.chain.head = 101;
    accept(stand.chain, 1, 101);
    const told = await coming;
    expect(told.reorganised).to.equal(undefined);
    expect(told.answer?.value.rows[0].state).to.equal('accepted');
    stand.chain.head = 95;
    stand.chain.forkedAt = 94;
    stand.chain.logs = stand.chain.logs.filter(({ blockNumber }) => blockNumber !== 101);
    const back = await next();
    expect(back.reorganised).to.equal(true);
    expect(back.answer?.value.rows[0].state).to.equal('posted');
  });

  it('tells trouble and its end, and keeps the last answer', async () => {
    post(stand.chain, 1, 10);
    const next = await watch({ timeout: 300 });
    await next();
    stand.chain.stalls.add('eth_getBlockByNumber');
    const told = await next();
    expect(['CHAIN_FAILED', 'READING_STALLED']).to.include(told.trouble?.code);
    expect(told.trouble?.retryAt).to.be.greaterThan(told.trouble!.since!);
    expect(ids(told)).to.deep.equal([jobId(1)]);
    stand.chain.stalls.clear();
    let healed = await next();
    while (healed.trouble) healed = await next();
    expect(ids(healed)).to.deep.equal([jobId(1)]);
  }).timeout(20_000);

  it('ends when its signal is aborted, also in the middle of a wait', async () => {
    const next = await watch();
    await next();
    const coming = next();
    ending.abort();
    expect(await coming).to.equal(undefined);
  });

  it('asks ever less often of who fails, and as late as is said', async () => {
    let asked = 0;
    const ask = async (): Promise<Answer<number>> => {
      asked++;
      throw Object.assign(new Error('no'), { code: 'X' });
    };
    const { signal } = ending;
    const telling = watched(ask, async () => undefined, { signal, interval: 50 })[Symbol.asyncIterator]();
    expect((await telling.next()).value?.trouble?.code).to.equal('READING_FAILED');
    void telling.next();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(asked).to.be.within(3, 5);
  });
});
