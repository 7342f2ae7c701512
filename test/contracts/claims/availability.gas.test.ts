import { answerBytes, answerRoots, ListTree, type Question } from '@essaim/protocol';
import { expect } from 'chai';
import { ask, deploy, networkHelpers, question, respond, type System, trace } from './demandFixture.ts';

const { loadFixture } = networkHelpers;
const gasOf = async (sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>) =>
  (await (await sent).wait())?.gasUsed ?? 0n;

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

  it('an answer of 32 KiB stays below 2.5M, and what its bond counts is near it', async () => {
    const system = await loadFixture(shown);
    const q = question(system, 'weight', { index: 1, first: 1_000, count: 32_768 });
    await ask(system, q);
    const used = await answer(system, q);
    expect(used).to.be.lessThan(2_500_000n);
    expect(120_000n + 32_768n * 42n).to.be.closeTo(used, used / 10n);
  });

  it('an answer of one byte stays below 300,000', async () => {
    const system = await loadFixture(shown);
    const q = question(system, 'weight', { index: 1, first: 1_000, count: 1 });
    await ask(system, q);
    expect(await answer(system, q)).to.be.lessThan(300_000n);
  });

  it('a demand stays below 200,000', async () => {
    const system = await loadFixture(shown);
    expect(await gasOf(ask(system, question(system, 'weight', { index: 1, count: 32_768 })))).to.be.lessThan(200_000n);
    expect(await gasOf(ask(system, question(system, 'weights', { count: 3 })))).to.be.lessThan(200_000n);
  });
});
