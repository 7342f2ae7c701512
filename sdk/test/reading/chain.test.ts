import type { EssaimError } from '@essaim/protocol';
import { expect } from 'chai';
import { Refusal } from './little-chain.ts';
import { accept, emit, jobId, post } from './posted.ts';
import { later, Stand } from './stand.ts';

const ids = (rows: readonly { id: unknown }[]) => rows.map(({ id }) => id);
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: EssaimError) => error.code,
  );

describe('reading from the chain alone', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await Stand.open();
  });
  afterEach(() => stand.close());

  const alone = (options = {}) => stand.reading({ indexer: null, ...options });

  it('tells jobs newest first, with what became of them', async () => {
    for (let n = 1; n <= 4; n++) post(stand.chain, n, 10 * n);
    accept(stand.chain, 2, 95);
    const { value, source, missing } = await (await alone()).jobs().page();
    expect({ source, missing }).to.deep.equal({ source: 'chain', missing: [] });
    expect(ids(value.rows)).to.deep.equal([4, 3, 2, 1].map(jobId));
    expect(value.rows[2]).to.deep.include({ state: 'accepted', lock: 100n * 10n ** 18n, certainty: 'provisional' });
    expect(value.rows[3]).to.deep.include({ state: 'posted', postedAt: 1_700_000_120, certainty: 'final' });
  });

  it('goes on from page to page as of the block of the first', async () => {
    for (let n = 1; n <= 5; n++) post(stand.chain, n, n <= 3 ? 40 : 50);
    const reading = await alone();
    const first = await reading.jobs().page(2);
    stand.chain.head = 120;
    post(stand.chain, 6, 110);
    await later();
    const second = await reading.jobs().page(2, first.value.next);
    const third = await reading.jobs().page(2, second.value.next);
    expect(ids([...first.value.rows, ...second.value.rows, ...third.value.rows])).to.deep.equal(
      [5, 4, 3, 2, 1].map(jobId),
    );
    expect(third.value.next).to.equal(undefined);
    expect(third.asOf.block).to.equal(100);
  });

  it('says where a page is of other blocks than the one before', async () => {
    for (let n = 1; n <= 5; n++) post(stand.chain, n, 10 * n);
    const reading = await alone();
    const first = await reading.jobs().page(2);
    stand.chain.forkedAt = 99;
    await later();
    const second = await reading.jobs().page(2, first.value.next);
    expect(second.reorganised).to.equal(true);
    expect(ids(second.value.rows)).to.deep.equal([3, 2].map(jobId));
  });

  it('narrows lists by what the events say', async () => {
    for (let n = 1; n <= 4; n++) post(stand.chain, n, 10 * n);
    accept(stand.chain, 2, 50);
    const reading = await alone();
    const of = async (query: object) => ids((await reading.jobs(query).page()).value.rows);
    expect(await of({ state: 'accepted' })).to.deep.equal([jobId(2)]);
    expect(await of({ provider: `0x${'a11ce'.padStart(40, '0')}` })).to.deep.equal([jobId(2)]);
    expect(await of({ requester: `0x${'1'.repeat(40)}` })).to.be.empty;
    expect(await of({ model: 8n })).to.be.empty;
  });

  for (const status of [200, 400]) {
    it(`asks for narrower ranges of blocks where the endpoint wants them, by a status of ${status}`, async () => {
      stand.chain.widest = 30;
      stand.chain.errorStatus = status;
      for (let n = 1; n <= 4; n++) post(stand.chain, n, 20 * n);
      const reading = await alone();
      expect(ids((await reading.jobs().page()).value.rows)).to.deep.equal([4, 3, 2, 1].map(jobId));
    });
  }

  it('gives what it found, and goes on with the next page, where the chain is too long for one', async () => {
    stand.chain.head = 4_500;
    stand.chain.widest = 20;
    post(stand.chain, 1, 1_200);
    post(stand.chain, 2, 4_490);
    const reading = await alone();
    const rows = [];
    let [next, pages] = [undefined as string | undefined, 0];
    do {
      const { value } = await reading.jobs().page(10, next);
      rows.push(...value.rows);
      next = value.next;
      pages++;
    } while (next);
    expect(ids(rows)).to.deep.equal([2, 1].map(jobId));
    expect(pages).to.equal(2);
  });

  it('says that a chain is too long to tell what became of something old', async () => {
    stand.chain.head = 10_000;
    stand.chain.widest = 20;
    post(stand.chain, 1, 10);
    expect(await codeOf((await alone()).job(jobId(1)))).to.equal('CHAIN_TOO_LONG');
  });

  it('does not count what takes too many requests, and says so', async () => {
    stand.chain.head = 30_000;
    stand.chain.final = 29_990;
    stand.chain.widest = 20;
    stand.chain.call = () => `0x${'0'.repeat(64)}`;
    const { value, missing } = await (await alone()).overview();
    expect(missing).to.include.members(['jobs', 'activity']);
    expect(value.jobs).to.equal(undefined);
    expect(value.supply).to.equal(0n);
  });

  it('counts final blocks once', async () => {
    stand.chain.call = () => `0x${'0'.repeat(64)}`;
    post(stand.chain, 1, 10);
    post(stand.chain, 2, 95);
    emit(stand.chain, 'ModelRegistry', 'Registered', [7n, `0x${'1'.repeat(40)}`, `0x${'2'.repeat(40)}`, 3n], 20);
    const reading = await alone();
    expect((await reading.overview()).value).to.deep.include({ jobs: 2, models: 1, runs: 0 });
    await later();
    stand.chain.forkedAt = 95;
    stand.chain.logs = stand.chain.logs.filter(({ blockNumber }) => blockNumber !== 95);
    expect((await reading.overview()).value).to.deep.include({ jobs: 1, models: 1, runs: 0 });
  });

  it('waits as an endpoint that is asked too often says', async () => {
    post(stand.chain, 1, 10);
    const reading = await alone({ timeout: 5_000 });
    stand.chain.limits = [{ seconds: 1 }];
    const began = performance.now();
    expect(ids((await reading.jobs().page()).value.rows)).to.deep.equal([jobId(1)]);
    expect(performance.now() - began).to.be.greaterThan(950);
  });

  it('asks again where that is said by -32005', async () => {
    post(stand.chain, 1, 10);
    const reading = await alone();
    stand.chain.refusals = [
      new Refusal(-32005, 'too many requests'),
      new Refusal(-32005, 'daily request rate exceeded'),
    ];
    expect(ids((await reading.jobs().page()).value.rows)).to.deep.equal([jobId(1)]);
  });

  it('gives up on an endpoint that goes on refusing', async () => {
    const reading = await alone();
    stand.chain.refusals = Array.from({ length: 40 }, () => new Refusal(-32005, 'too many requests'));
    expect(await codeOf(reading.jobs().page())).to.equal('CHAIN_LIMITED');
  });

  it('says that an endpoint does not answer, and does not try for ever', async () => {
    stand.chain.head = 1_000_000;
    const reading = await alone({ timeout: 200 });
    stand.chain.stalls.add('eth_getLogs');
    const before = stand.chain.asked.length;
    expect(await codeOf(reading.jobs().page())).to.equal('CHAIN_FAILED');
    expect(stand.chain.asked.length - before).to.be.below(8);
  });

  it('takes as final what the chain says, or what is old enough where it says nothing', async () => {
    const finalBlock = async (options = {}) => (await (await alone(options)).source()).finalBlock;
    expect(await finalBlock()).to.equal(90);
    expect(await finalBlock({ confirmations: 3 })).to.equal(97);
    stand.chain.final = null;
    expect(await finalBlock()).to.equal(36);
    stand.chain.final = 4_000;
    expect(await finalBlock(), 'more than there is').to.equal(100);
  });

  it('says that it needs an indexer for a list that no event leads to', async () => {
    expect(await codeOf((await alone()).agents({ role: 'any' }).page())).to.equal('INDEXER_NEEDED');
  });

  it('tells that nothing is where nothing is', async () => {
    const reading = await alone();
    expect((await reading.job(jobId(9))).value).to.equal(undefined);
    expect((await reading.model(9n)).value).to.equal(undefined);
    expect((await reading.batch(jobId(9))).value).to.equal(undefined);
    expect((await reading.run(jobId(9))).value).to.equal(undefined);
    expect((await reading.dataset(9n)).value).to.equal(undefined);
    expect((await reading.proposal(9n)).value).to.equal(undefined);
  });
});
