import type { EssaimError } from '@essaim/protocol';
import { expect } from 'chai';
import type { Rows } from '../../src/reading/types/index.ts';
import { recorded } from './little-indexer.ts';
import { later, Stand } from './stand.ts';

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: EssaimError) => error.code,
  );

describe('rows of an indexer', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await Stand.open();
  });
  afterEach(() => stand.close());

  it('are read as graph-node gives them, of every kind', async () => {
    const reading = await stand.reading();
    const all: Record<string, Rows<{ certainty: string }>> = {
      ...{ models: reading.models(), jobs: reading.jobs(), batches: reading.batches(), runs: reading.runs() },
      ...{ datasets: reading.datasets(), agents: reading.agents(), faults: reading.faults() },
      ...{ proposals: reading.proposals(), audits: reading.audits(), demands: reading.demands() },
    };
    for (const [many, rows] of Object.entries(all)) {
      const { value, source, missing } = await rows.page();
      expect(source, many).to.equal('indexer');
      expect(value.rows, many).to.have.lengthOf(recorded[many].length);
      expect(missing, many).to.deep.equal(many === 'batches' ? ['state'] : []);
    }
    const [job] = (await reading.jobs().page()).value.rows;
    const [kept] = recorded.jobs as unknown as Record<string, { id: string }>[];
    expect(job).to.deep.include({ id: kept.id, fee: BigInt(String(kept.fee)), postedAt: Number(kept.postedAt) });
    expect(job.requester.toLowerCase()).to.equal(kept.requester.id);
    expect(job.model).to.be.a('bigint');
  });

  it('come with sums', async () => {
    const { value, source } = await (await stand.reading()).overview();
    expect(source).to.equal('indexer');
    expect(value.jobs).to.be.greaterThan(0);
    expect(value.supply).to.be.a('bigint');
    const times = value.activity!.map(({ time }) => time);
    expect(times).to.deep.equal([...times].sort((a, b) => a - b));
  });

  it('are final where they were the same at the final block, and provisional else', async () => {
    stand.indexer.past = (many) =>
      recorded[many].slice(1).map((row, i) => (i === 0 ? { ...row, state: 'Posted' } : row));
    const { value, finalBlock } = await (await stand.reading()).jobs().page();
    expect(finalBlock).to.equal(90);
    expect(value.rows.map(({ certainty }) => certainty)).to.deep.equal(['provisional', 'provisional', 'final']);
    const blocks = stand.indexer.asked.map(({ variables }) => variables.block).filter(Boolean);
    expect(blocks).to.deep.equal([{ hash: stand.chain.hashOf(100) }, { number: 90 }]);
  });

  it('are provisional where the indexer cannot tell the final block any more', async () => {
    stand.indexer.instead = (asked) =>
      asked.variables.block?.number === undefined
        ? stand.indexer.answer(asked)
        : { errors: [{ message: 'Failed to decode `block.number` value: data for block number 90 is not available' }] };
    const { value } = await (await stand.reading()).jobs().page();
    expect(value.rows.map(({ certainty }) => certainty)).to.deep.equal(Array(3).fill('provisional'));
  });

  it('are never called final for less than was asked for', async () => {
    const { value } = await (await stand.reading({ confirmations: 200 })).jobs().page();
    expect(value.rows.map(({ certainty }) => certainty)).to.deep.equal(Array(3).fill('provisional'));
  });

  it('go on from page to page as of the block of the first', async () => {
    const reading = await stand.reading();
    const first = await reading.jobs().page(2);
    stand.chain.head = 103;
    await later();
    const second = await reading.jobs().page(2, first.value.next);
    expect(second.asOf).to.deep.equal(first.asOf);
    expect(second.value.next).to.equal(undefined);
    const ids = [...first.value.rows, ...second.value.rows].map(({ id }) => id);
    expect(ids).to.deep.equal(recorded.jobs.map(({ _id }) => _id));
  });

  it('are gone through as an iterable', async () => {
    const ids: string[] = [];
    for await (const { id } of (await stand.reading()).jobs()) ids.push(id);
    expect(ids).to.deep.equal(recorded.jobs.map(({ _id }) => _id));
  });

  it('go on at the newest block where the first page’s was taken back, and say so', async () => {
    const reading = await stand.reading();
    const first = await reading.jobs().page(2);
    stand.chain.forkedAt = 95;
    await later();
    const second = await reading.jobs().page(2, first.value.next);
    expect(second.reorganised).to.equal(true);
    expect(second.asOf.hash).to.equal(stand.chain.hashOf(100));
    expect(second.value.rows.map(({ id }) => id)).to.deep.equal([recorded.jobs[2]._id]);
  });

  it('of no use make the chain answer', async () => {
    const jobs = recorded.jobs.map((row) => ({ ...row, fee: 'a lot' }));
    stand.indexer.instead = (asked) =>
      asked.query.includes('rows: jobs') ? { data: { rows: jobs } } : stand.indexer.answer(asked);
    const reading = await stand.reading();
    const { source, value } = await reading.jobs().page();
    expect(source).to.equal('chain');
    expect(value.rows).to.be.empty;
    const { trouble } = await reading.source();
    expect(trouble?.code).to.equal('INDEXER_ANSWER');
    expect(trouble?.message).to.include('fee');
  });

  it('that a contract contradicts are not told: the chain answers', async () => {
    const [{ _id }] = recorded.jobs;
    // a chain on which no such job is: all of its words are zero
    stand.chain.call = () => `0x${'0'.repeat(64 * 5)}`;
    const reading = await stand.reading();
    const { source, value } = await reading.job(_id);
    expect(source).to.equal('chain');
    expect(value).to.equal(undefined);
    expect((await reading.source()).trouble?.code).to.equal('INDEXER_DISAGREES');
  });

  it('are told as not confirmed where the chain cannot say', async () => {
    const { source, value, confirmed } = await (await stand.reading()).job(recorded.jobs[0]._id);
    expect(source).to.equal('indexer');
    expect(value?.id).to.equal(recorded.jobs[0]._id);
    expect(confirmed).to.equal(false);
  });

  it('need the indexer where the chain alone cannot list them', async () => {
    stand.indexer.hasIndexingErrors = true;
    const reading = await stand.reading();
    expect(await codeOf(reading.agents({ role: 'any' }).page())).to.equal('INDEXER_NEEDED');
  });

  it('are refused for wrong questions', async () => {
    const reading = await stand.reading();
    expect(await codeOf(reading.jobs().page(0))).to.equal('PAGE_SIZE');
    expect(await codeOf(reading.jobs().page(501))).to.equal('PAGE_SIZE');
    expect(await codeOf(reading.jobs().page(5, 'over there'))).to.equal('CURSOR_INVALID');
    expect(await codeOf(reading.job('0x12'))).to.equal('ID_INVALID');
    expect(await codeOf(reading.agent(`0x${'1'.repeat(64)}`))).to.equal('ID_INVALID');
    expect(await codeOf(reading.model(-1n))).to.equal('ID_INVALID');
  });

  it('that were begun with an indexer go on with one only', async () => {
    const { value } = await (await stand.reading()).jobs().page(2);
    const alone = await stand.reading({ indexer: null });
    expect(await codeOf(alone.jobs().page(2, value.next))).to.equal('INDEXER_NEEDED');
  });
});
