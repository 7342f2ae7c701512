import { type Answer, Essaim, type Reading, type Rows, type Watched } from '@essaim/sdk';
import { expect } from 'chai';
import { accounts } from '../../scripts/demo/accounts.ts';
import { gndBinary, type Indexer } from '../../scripts/stack/indexer.ts';
import { playScene } from './scene.ts';
import { Town } from './town.ts';

type Row = Record<string, unknown> & { certainty: string };

/** Lists, and the question for one of their rows. */
const KINDS = {
  models: 'model',
  jobs: 'job',
  batches: 'batch',
  datasets: 'dataset',
  runs: 'run',
  agents: 'agent',
  proposals: 'proposal',
  demands: undefined,
  faults: undefined,
  audits: undefined,
} as const;

describe('reading, by an indexer and from the chain alone', function () {
  this.timeout(400_000);
  let town: Town;
  let indexer: Indexer;
  let both: Essaim;
  let alone: Essaim;
  before(async function () {
    try {
      gndBinary();
    } catch (error) {
      if (process.env.CI) throw error;
      console.log(`      ${(error as Error).message}`);
      this.skip();
    }
    town = await Town.open();
    indexer = await town.index();
    await playScene(town);
    const { rpc, deployment } = town;
    const options = { rpc, deployment, confirmations: 3, pollingInterval: 60 };
    both = await Essaim.connect({ ...options, indexer: indexer.url });
    alone = await Essaim.connect(options);
    await caughtUp();
  });
  after(async () => {
    both?.close();
    alone?.close();
    await town?.close();
  });

  async function caughtUp(): Promise<void> {
    const head = await town.chain.getBlockNumber();
    for (const until = Date.now() + 120_000; Date.now() < until; ) {
      const { source, indexed } = await both.reading.source();
      if (source === 'indexer' && indexed! >= head) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the indexer did not catch up: ${JSON.stringify(await both.reading.source())}`);
  }

  const list = (reading: Reading, kind: keyof typeof KINDS) => reading[kind]() as unknown as Rows<Row>;
  const one = (reading: Reading, kind: string, id: unknown) =>
    (reading as unknown as Record<string, (id: unknown) => Promise<Answer<Row | undefined>>>)[kind](id);

  for (const [kind, single] of Object.entries(KINDS) as [keyof typeof KINDS, string | undefined][]) {
    it(`tells the same ${kind}`, async () => {
      const [told, read] = await Promise.all([list(both.reading, kind).page(), list(alone.reading, kind).page()]);
      expect([told.source, read.source]).to.deep.equal(['indexer', 'chain']);
      expect(told.asOf).to.deep.equal(read.asOf);
      if (kind !== 'audits') expect(told.value.rows).to.not.be.empty;
      expect(named(told.value.rows)).to.have.members(named(read.value.rows));
      for (const row of told.value.rows) {
        const same = read.value.rows.find((it) => nameOf(it) === nameOf(row))!;
        expectSame(row, same, [...told.missing, ...read.missing]);
        if (!single) continue;
        const [more, less] = await Promise.all([
          one(both.reading, single, row.id ?? row.address),
          one(alone.reading, single, row.id ?? row.address),
        ]);
        expect([more.source, less.source], nameOf(row)).to.deep.equal(['indexer', 'chain']);
        expect(more.confirmed, nameOf(row)).to.equal(true);
        expectSame(more.value!, less.value!, [...more.missing, ...less.missing]);
      }
    });
  }

  it('tells the same of every role', async () => {
    for (const role of ['provider', 'requester', 'trainer', 'auditor', 'challenger', 'staker'] as const) {
      const [told, read] = await Promise.all([
        both.reading.agents({ role }).page(),
        alone.reading.agents({ role }).page(),
      ]);
      expect(told.source).to.equal('indexer');
      expect(
        told.value.rows.map(({ address }) => address),
        role,
      ).to.deep.equal(read.value.rows.map(({ address }) => address));
    }
  });

  it('tells the same sums, and what the chain cannot', async () => {
    const [told, read] = await Promise.all([both.reading.overview(), alone.reading.overview()]);
    expectSame(told.value as never, read.value as never, read.missing);
    expect(told.missing).to.be.empty;
    expect(read.missing).to.deep.equal(['slashed', 'burned', 'emitted', 'feesBurned', 'activity', 'flows']);
    const posted = told.value
      .activity!.filter(({ kind }) => kind === 'Posted')
      .reduce((sum, { count }) => sum + count, 0);
    expect(posted).to.equal(told.value.jobs);
  });

  it('tells the same holdings', async () => {
    const { dave } = accounts(town.chain);
    const [told, read] = await Promise.all([
      both.reading.holdings(dave.address).page(),
      alone.reading.holdings(dave.address).page(),
    ]);
    expect(told.source).to.equal('indexer');
    expect(told.value.rows).to.deep.equal(read.value.rows);
    expect(told.value.rows[0]).to.include({ kind: 'model', asset: town.models.cnn.id });
  });

  it('has parameters with their units', async () => {
    const { value } = await both.reading.parameters();
    expect(value.find(({ name }) => name === 'feeRules.protocolFee')).to.include({ unit: 'bp of the fee', epoch: 1 });
  });

  it('goes through pages without a gap, by both', async () => {
    for (const { reading } of [both, alone]) {
      const whole = named((await list(reading, 'batches').page()).value.rows);
      const parts: string[] = [];
      let next: string | undefined;
      do {
        const { value } = await list(reading, 'batches').page(1, next);
        parts.push(...named(value.rows));
        next = value.next;
      } while (next);
      expect(parts).to.deep.equal(whole);
    }
  });

  it('calls nothing final that can be taken back, and says when it was', async () => {
    const { modeller, requester } = accounts(town.chain);
    const sender = await town.connect('requester');
    const ending = new AbortController();
    const { signal } = ending;
    for (const { reading } of [both, alone]) {
      await town.chain.send('hardhat_mine', ['0x5']);
      await caughtUp();
      const watch = reading.watch(() => reading.agent(requester.address), { signal, interval: 150 });
      const telling = watch[Symbol.asyncIterator]();
      const next = async () => (await telling.next()).value as Watched<Row>;
      const balance = ({ answer }: Watched<Row>) => answer!.value.balance;
      const first = await next();
      expect(first.answer?.value.certainty).to.equal('final');
      const was = balance(first) as bigint;

      const snapshot = await town.chain.send('evm_snapshot', []);
      await (await sender.contracts.MielToken.transfer(modeller.address, 7n)).wait();
      let told = await next();
      while (balance(told) === was) told = await next();
      expect(balance(told)).to.equal(was - 7n);
      expect(told.answer?.value.certainty).to.equal('provisional');

      await town.chain.send('evm_revert', [snapshot]);
      await (await sender.contracts.MielToken.transfer(modeller.address, 11n)).wait();
      await town.chain.send('hardhat_mine', ['0x2']);
      let isTakenBack = false;
      while (balance(told) !== was - 11n) {
        told = await next();
        isTakenBack ||= told.reorganised === true;
      }
      expect(isTakenBack).to.equal(true);
      await town.chain.send('hardhat_mine', ['0x5']);
      while (told.answer?.value.certainty !== 'final') told = await next();
      expect(balance(told)).to.equal(was - 11n);
    }
    ending.abort();
    sender.close();
  });

  it('goes on from the chain when the indexer is gone', async () => {
    await caughtUp();
    const before = await both.reading.jobs().page();
    await indexer.stop();
    await new Promise((resolve) => setTimeout(resolve, 600));
    const after = await both.reading.jobs().page();
    expect([before.source, after.source]).to.deep.equal(['indexer', 'chain']);
    expect(named(after.value.rows as never)).to.deep.equal(named(before.value.rows as never));
    expect((await both.reading.source()).trouble?.code).to.equal('INDEXER_UNREACHABLE');
  });
});

const nameOf = ({ id, address }: Row): string => String(id ?? address);
const named = (rows: Row[]): string[] => rows.map(nameOf);

/** Compares two rows but for the fields that one of the sources cannot tell, as far down as they go. */
function expectSame(a: Row, b: Row, missing: string[]): void {
  const plain = (row: Row) => {
    const copy = structuredClone(row);
    for (const path of missing) drop(copy, path.split('.'));
    return copy;
  };
  expect(plain(a)).to.deep.equal(plain(b));
}

function drop(value: unknown, [name, ...rest]: string[]): void {
  if (Array.isArray(value)) for (const it of value) drop(it, [name, ...rest]);
  else if (typeof value !== 'object' || value === null) return;
  else if (rest.length === 0) delete (value as Row)[name];
  else drop((value as Row)[name], rest);
}
