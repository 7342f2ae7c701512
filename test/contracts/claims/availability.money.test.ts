import { answerBytes, answerRoots, ListTree, type Question, questionArgument } from '@essaim/protocol';
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { expect } from 'chai';
import {
  ask,
  BASE_FEE,
  CLOCK,
  deploy,
  ethers,
  networkHelpers,
  pass,
  question,
  respond,
  type System,
  trace,
  WINDOW,
} from './demandFixture.ts';

const { loadFixture } = networkHelpers;
/** Half of the gas of an answer that shows so many bytes, as the fixed parameters count it, at a base fee. */
const half = (bytes: bigint, fee = BASE_FEE) => ((120_000n + bytes * 42n) * fee) / 2n;
const roots = (q: Question) => answerRoots(q, trace.opened, trace.lists.values);

async function asked() {
  const system = await deploy();
  const q = question(system, 'values', { count: 5 });
  await ask(system, q);
  return { ...system, q };
}
const credits = async ({ availability }: System, ...accounts: HardhatEthersSigner[]) =>
  Promise.all(accounts.map((account) => availability.credit(account)));

describe('Availability shares the cost of an answer', () => {
  it('half and half when the batch is final: the answerer is credited the demander’s half', async () => {
    const system = await loadFixture(asked);
    const { availability, q, executor, demander } = system;
    await respond(system, q, roots(q));
    expect((await availability.demand(questionArgument(q))).share).to.equal(half(160n));
    await pass(WINDOW);
    await expect(availability.settle(questionArgument(q)))
      .to.emit(availability, 'Settled')
      .withArgs(await availability.id(questionArgument(q)), half(160n), 0n);
    expect(await credits(system, executor, demander)).to.deep.equal([half(160n), 0n]);
    await expect(availability.connect(executor).withdraw()).to.changeEtherBalances(
      ethers,
      [executor, availability],
      [half(160n), -half(160n)],
    );
    expect(await credits(system, executor)).to.deep.equal([0n]);
  });

  it('to whoever answered', async () => {
    const system = await loadFixture(asked);
    await respond(system, system.q, roots(system.q), system.other);
    await pass(WINDOW);
    await system.availability.settle(questionArgument(system.q));
    expect(await credits(system, system.executor, system.other)).to.deep.equal([0n, half(160n)]);
  });

  it('at the base fee of the answer where that is lower, and the rest goes back', async () => {
    const system = await loadFixture(asked);
    await respond(system, system.q, roots(system.q), system.executor, BASE_FEE / 4n);
    await pass(WINDOW);
    await system.availability.settle(questionArgument(system.q));
    const share = half(160n, BASE_FEE / 4n);
    expect(await credits(system, system.executor, system.demander)).to.deep.equal([share, half(160n) - share]);
  });

  it('at the bonded base fee at most, which a demander may choose higher', async () => {
    for (const [times, paid] of [
      [1n, 1n],
      [2n, 2n],
      [4n, 3n],
    ]) {
      const system = await loadFixture(deploy);
      const q = question(system, 'values', { count: 5 });
      await ask(system, q, times * half(160n));
      await respond(system, q, roots(q), system.executor, 3n * BASE_FEE);
      await pass(WINDOW);
      await system.availability.settle(questionArgument(q));
      const rest = (times - paid) * half(160n);
      expect(await credits(system, system.executor, system.demander)).to.deep.equal([paid * half(160n), rest]);
    }
  });

  it('for the bytes that exist, not for those that were asked', async () => {
    const system = await loadFixture(asked);
    await respond(system, system.q, roots(system.q));
    const q = question(system, 'value', { index: 4, count: 32_768 });
    await ask(system, q);
    const list = new ListTree(trace.lists.values);
    await respond(system, q, answerBytes(q, trace.opened, { tensor: trace.values[4], list, index: 4 }));
    await pass(WINDOW);
    await system.availability.settle(questionArgument(q));
    const rest = half(32_768n) - half(2n);
    expect(await credits(system, system.executor, system.demander)).to.deep.equal([half(2n), rest]);
  });

  it('at the bonded base fee also where it leaves a part of the bond', async () => {
    const system = await loadFixture(deploy);
    const q = question(system, 'values', { count: 1_024 });
    await ask(system, q);
    await respond(system, q, roots(q), system.executor, 2n * BASE_FEE);
    await pass(WINDOW);
    await system.availability.settle(questionArgument(q));
    const rest = half(32_768n) - half(160n);
    expect(await credits(system, system.executor, system.demander)).to.deep.equal([half(160n), rest]);
  });

  it('and gives the demander everything back when the batch is rejected, answered or not', async () => {
    const system = await loadFixture(asked);
    const open = question(system, 'inputs', { count: 1 });
    await ask(system, open);
    await respond(system, system.q, roots(system.q));
    await system.claims.connect(system.referee).reject(system.batchId, 1, system.other);
    for (const q of [system.q, open]) await system.availability.settle(questionArgument(q));
    expect(await credits(system, system.executor, system.demander)).to.deep.equal([0n, half(160n) + half(32n)]);
  });

  it('and gives the demander everything back when nobody answered', async () => {
    const system = await loadFixture(asked);
    await pass(CLOCK);
    await system.availability.connect(system.other).expire(questionArgument(system.q));
    expect(await credits(system, system.demander)).to.deep.equal([half(160n)]);
    expect((await system.claims.conviction(system.batchId)).challenger).to.equal(system.demander.address);
  });
});
