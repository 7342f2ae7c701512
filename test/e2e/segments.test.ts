import type { Model } from '@essaim/sdk';
import { expect } from 'chai';
import { assertFigure } from '../../scripts/figures.ts';
import { type Daemon, lieIn, Town } from './town.ts';

const COMMAND = './essaim test';

describe('a model whose trace commits to boundary values only', () => {
  let town: Town;
  let batch: Model;
  let verifier: Daemon;
  before(async () => {
    town = await Town.open();
    batch = await town.publish('cnn-b64');
    verifier = await town.verifier();
  });
  after(() => town?.close());

  /** Has a job done by a provider that lies inside a segment; what it was convicted of, and what was demanded. */
  async function convicted(how: { withhold?: boolean; hideReceipts?: boolean }) {
    const { program } = batch;
    const lie = { ...lieIn(batch), delta: 4_000 };
    const inner = program.values.findIndex(({ source }) => 'onnx' in source && source.onnx === lie.tensor);
    expect(program.boundary[inner]).to.equal(false);
    const cheat = await town.cheat('bob', { cheats: [{ programId: program.id, claim: 0, lie }], ...how });
    const jobId = await town.post(batch, 'bob');
    const conviction = await verifier.heard('convicted', jobId);
    expect(conviction).to.include({ fault: 'element', operator: 'Conv', element: 20, verdict: 'convicted' });
    expect(await cheat.heard('answered', jobId)).to.include({ leaf: 0 });
    await cheat.child.stop();
    const asked = verifier.lines.filter(({ event, jobId: of }) => event === 'demanded' && of === jobId);
    return {
      transactions: await town.transactionsToConvict(jobId, ['verifier', 'bob']),
      kinds: asked.map(({ kind }) => kind),
    };
  }

  it('convicts a lie inside its segment by four transactions where the provider serves what it is asked for', async () => {
    const { transactions, kinds } = await convicted({});
    expect(kinds).to.deep.equal(['segment']);
    const figure = { value: transactions, unit: 'transactions', aim: { atMost: 4 }, command: COMMAND };
    assertFigure('txs.conviction.in-segment', figure);
  });

  it('convicts it just the same where the provider serves nothing but answers demands', async () => {
    const { transactions, kinds } = await convicted({ withhold: true, hideReceipts: true });
    expect(new Set(kinds)).to.deep.equal(new Set(['values', 'value', 'segment', 'inner']));
    expect(transactions).to.equal(2 * kinds.length + 2);
    const figure = { value: transactions, unit: 'transactions', aim: null, command: COMMAND };
    assertFigure('txs.conviction.in-segment.silent', figure);
  });

  it('pays for honest work', async () => {
    const honest = await town.provider('alice');
    const right = await town.post(batch, 'alice');
    await verifier.heard('checked', right);
    await town.pass(27 * 3_600);
    await honest.heard('paid', right);
  });
});
