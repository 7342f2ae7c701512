import { answerBytes, answerRoots, ListTree, type Question } from '@essaim/protocol';
import { expect } from 'chai';
import { assertFigure } from '../../../scripts/figures.ts';
import { ask, deploy, networkHelpers, question, respond, type System, trace } from '../claims/demandFixture.ts';

const { loadFixture } = networkHelpers;
const gasOf = async (sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>) =>
  Number((await (await sent).wait())?.gasUsed ?? 0n);
const hold = (name: string, value: number, atMost: number) =>
  assertFigure(`gas.demand.${name}`, { value, unit: 'gas', aim: { atMost }, command: 'npm run gas' });

async function shown() {
  const system = await deploy();
  const root = question(system, 'values', { count: 5 });
  await ask(system, root);
  await respond(system, root, answerRoots(root, trace.opened, trace.lists.values));
  return system;
}

describe('Gas of a demand', () => {
  const answer = (system: System, q: Question) => {
    const listed = { tensor: trace.weights[1], list: new ListTree(trace.lists.weights), index: 1 };
    return gasOf(respond(system, q, answerBytes(q, trace.opened, listed)));
  };

  it('stays within 2,500,000 for an answer of 32 KiB, and its bond counts a tenth more or less', async () => {
    const system = await loadFixture(shown);
    const q = question(system, 'weight', { index: 1, first: 1_000, count: 32_768 });
    await ask(system, q);
    const used = await answer(system, q);
    hold('answer-32-KiB', used, 2_500_000);
    expect(120_000 + 32_768 * 42).to.be.closeTo(used, used / 10);
  });

  it('stays within 150,000 for an answer of one byte', async () => {
    const system = await loadFixture(shown);
    const q = question(system, 'weight', { index: 1, first: 1_000, count: 1 });
    await ask(system, q);
    hold('answer-1-byte', await answer(system, q), 150_000);
  });

  it('stays within 100,000 for asking', async () => {
    const system = await loadFixture(shown);
    hold('ask', await gasOf(ask(system, question(system, 'weight', { index: 1, count: 32_768 }))), 100_000);
  });
});
