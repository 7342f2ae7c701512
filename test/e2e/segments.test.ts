import { expect } from 'chai';
import { lieIn, Town } from './town.ts';

describe('a model whose trace commits to boundary values only', () => {
  let town: Town;
  before(async () => {
    town = await Town.open();
  });
  after(() => town?.close());

  it('convicts a lie inside its segment through a demand for it, and pays for honest work', async () => {
    const batch = await town.publish('cnn-b64');
    const { program } = batch;
    const lie = { ...lieIn(batch), delta: 4_000 };
    const inner = program.values.findIndex(({ source }) => 'onnx' in source && source.onnx === lie.tensor);
    expect(program.boundary[inner]).to.equal(false);

    const verifier = await town.verifier();
    const cheat = await town.cheat('bob', { cheats: [{ programId: program.id, claim: 0, lie }] });
    const lied = await town.post(batch, 'bob');
    expect(await verifier.heard('demanded', lied)).to.include({ kind: 'segment', index: 0 });
    expect(await cheat.heard('answered', lied)).to.include({ kind: 'segment', index: 0 });
    const conviction = await verifier.heard('convicted', lied);
    expect(conviction).to.include({ fault: 'element', operator: 'Conv', element: 20, verdict: 'convicted' });
    const asked = verifier.lines.filter(({ event, jobId }) => event === 'demanded' && jobId === lied);
    expect(new Set(asked.map(({ kind }) => kind))).to.deep.equal(new Set(['segment', 'inner']));
    await cheat.child.stop();

    const honest = await town.provider('alice');
    const right = await town.post(batch, 'alice');
    await verifier.heard('checked', right);
    await town.pass(27 * 3_600);
    await honest.heard('paid', right);
  });
});
