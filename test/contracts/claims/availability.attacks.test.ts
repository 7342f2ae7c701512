import {
  answerBytes,
  answerOperator,
  answerOutput,
  answerRoots,
  demandId,
  ListTree,
  type Question,
  questionArgument,
  readRoots,
} from '@essaim/protocol';
import { expect } from 'chai';
import {
  ask,
  BASE_FEE,
  baseFee,
  CLOCK,
  deploy,
  ethers,
  GRACE,
  GWEI,
  networkHelpers,
  pass,
  question,
  respond,
  type System,
  trace,
  WINDOW,
} from './demandFixture.ts';

const { loadFixture } = networkHelpers;
const PENDING = 1n;
const FINAL = 2n;
const REJECTED = 3n;
const roots = (q: Question) => answerRoots(q, trace.opened, trace.lists.values);
const values = new ListTree(trace.lists.values);
const valueAnswer = (q: Question) =>
  answerBytes(q, trace.opened, { tensor: trace.values[q.index], list: values, index: q.index });

describe('Attacks on availability', () => {
  describe('C3: silence beats the verifier, and demands can be exhausted', () => {
    it('silence convicts the claim, and the demander is the challenger', async () => {
      const system = await loadFixture(deploy);
      const q = question(system, 'values', { count: 5 });
      await ask(system, q);
      await pass(CLOCK);
      await expect(system.availability.expire(questionArgument(q)))
        .to.emit(system.availability, 'Expired')
        .withArgs(demandId(q), system.batchId);
      expect(await system.claims.state(system.batchId)).to.equal(REJECTED);
      const conviction = await system.claims.conviction(system.batchId);
      expect(conviction.challenger).to.equal(system.demander.address);
      expect(conviction.leaf).to.equal(1n);
      expect(conviction.adjudicator).to.equal(await system.availability.getAddress());
    });

    it('silence to a follow-up convicts it as well', async () => {
      const system = await loadFixture(deploy);
      const root = question(system, 'values', { count: 5 });
      await ask(system, root);
      await respond(system, root, roots(root));
      const q = question(system, 'weight', { index: 1, count: 1_024 });
      await ask(system, q);
      await pass(CLOCK);
      await system.availability.expire(questionArgument(q));
      expect(await system.claims.state(system.batchId)).to.equal(REJECTED);
    });

    it('the executor’s own demands take no place: an honest demand is open beside any number of them', async () => {
      const system = await loadFixture(deploy);
      for (let first = 0; first < 60; first++) {
        await ask(system, question(system, 'values', { first, count: 1 }, system.sybil));
      }
      const q = question(system, 'values', { count: 5 });
      await ask(system, q);
      expect(await system.claims.openDemands(system.batchId)).to.equal(61n);
      await pass(CLOCK);
      await system.availability.expire(questionArgument(q));
      expect(await system.claims.state(system.batchId)).to.equal(REJECTED);
    });

    it('a griefer pays as much as the executor: half of every answer', async () => {
      const system = await loadFixture(deploy);
      const q = question(system, 'values', { count: 5 }, system.sybil);
      await ask(system, q);
      const receipt = await (await respond(system, q, roots(q))).wait();
      await pass(WINDOW);
      await system.availability.settle(questionArgument(q));
      const paid = await system.availability.credit(system.executor);
      const cost = (receipt?.gasUsed ?? 0n) * BASE_FEE;
      expect(paid * 2n).to.be.greaterThan((cost * 8n) / 10n);
    });

    it('answers at the very last second leave three rounds of follow-ups, and the batch ends', async () => {
      const system = await loadFixture(deploy);
      const start = BigInt((await system.claims.batch(system.batchId)).time);
      const latest = async () => BigInt((await ethers.provider.getBlock('latest'))!.timestamp);
      const BLOCK = 12n;
      await networkHelpers.mine(WINDOW.blocks - 10);
      await networkHelpers.time.setNextBlockTimestamp(start + BigInt(WINDOW.seconds));
      const root = question(system, 'values', { count: 5 });
      await ask(system, root);
      /** Answers in the last second and block in which the question may be answered. */
      async function atTheLast(q: Question, blob: Uint8Array) {
        const { endsAt, endsAtBlock } = await system.availability.demand(questionArgument(q));
        await networkHelpers.mine(Number(endsAtBlock) - (await ethers.provider.getBlockNumber()) - 1);
        await networkHelpers.time.setNextBlockTimestamp(endsAt);
        await respond(system, q, blob);
      }
      await atTheLast(root, roots(root));
      for (const index of [0, 3, 1]) {
        const q = question(system, 'value', { index, count: 15 });
        await networkHelpers.time.setNextBlockTimestamp((await latest()) + BLOCK);
        await ask(system, q);
        await atTheLast(q, valueAnswer(q));
      }
      const most = BigInt(WINDOW.seconds + 4 * CLOCK.seconds + CLOCK.seconds / 4);
      expect((await latest()) - start <= most).to.equal(true);
      const late = ask(system, question(system, 'value', { index: 4, count: 2 }));
      await expect(late).to.be.revertedWithCustomError(system.availability, 'Availability_NotBelow');
      await pass(GRACE);
      expect(await system.claims.state(system.batchId)).to.equal(FINAL);
    });
  });

  describe('H6: demands do not reach everything', () => {
    it('knowing only root and count, a verifier gets claim, header, operators, weights, inputs and values', async () => {
      const system = await loadFixture(deploy);
      const lists = (['inputs', 'weights', 'values', 'operators'] as const).map((kind) => {
        return { q: question(system, kind, { count: 1_024 }), roots: trace.lists[kind] };
      });
      for (const { q } of lists) await ask(system, q);
      for (const list of lists) {
        const blob = answerRoots(list.q, trace.opened, list.roots);
        await respond(system, list.q, blob);
        const stored = await system.claims.batch(system.batchId);
        const batch = { root: stored.root, count: Number(stored.count) };
        expect(readRoots(list.q, blob, batch).roots).to.deep.equal(list.roots);
      }
      const below = [
        question(system, 'input', { count: 15 }),
        question(system, 'weight', { index: 1, first: 50_000, count: 100 }),
        question(system, 'value', { index: 1, count: 100 }),
        question(system, 'operator', { index: 2 }),
      ];
      for (const q of below) await ask(system, q);
      expect(await system.claims.openDemands(system.batchId)).to.equal(4n);
      const [input, weight, value, operator] = below;
      const tensorAnswer = (q: Question, tensors: typeof trace.values, list: ListTree) =>
        answerBytes(q, trace.opened, { tensor: tensors[q.index], list, index: q.index });
      await respond(system, input, tensorAnswer(input, trace.inputs, new ListTree(trace.lists.inputs)));
      await respond(system, weight, tensorAnswer(weight, trace.weights, new ListTree(trace.lists.weights)));
      await respond(system, value, valueAnswer(value));
      const operators = new ListTree(trace.lists.operators);
      await respond(system, operator, answerOperator(operator, trace.opened, trace.operators[2], operators));
      expect(await system.claims.openDemands(system.batchId)).to.equal(0n);
    });
  });

  describe('H8: an outage convicts an honest executor', () => {
    const open = async () => {
      const system = await deploy();
      const q = question(system, 'values', { count: 5 });
      await ask(system, q);
      return { ...system, q };
    };
    const tooSoon = async (system: System & { q: Question }) =>
      expect(system.availability.expire(questionArgument(system.q))).to.be.revertedWithCustomError(
        system.availability,
        'Availability_TooSoon',
      );

    it('seconds alone do not: a chain that stands still stops the clock', async () => {
      const system = await loadFixture(open);
      await networkHelpers.time.increase(100 * CLOCK.seconds);
      await tooSoon(system);
      await respond(system, system.q, roots(system.q));
      expect(await system.claims.state(system.batchId)).to.equal(PENDING);
    });

    it('blocks alone do not', async () => {
      const system = await loadFixture(open);
      await networkHelpers.mine(3 * CLOCK.blocks);
      await tooSoon(system);
      await respond(system, system.q, roots(system.q));
    });

    it('a fee above the bonds gives a clock more, up to three times, and then silence convicts', async () => {
      const system = await loadFixture(open);
      for (let i = 1; i <= 3; i++) {
        await baseFee(BASE_FEE + 1n);
        const overrides = { gasLimit: 1_000_000n, gasPrice: 1_000n * GWEI };
        await expect(system.availability.connect(system.executor).extend(questionArgument(system.q), overrides))
          .to.emit(system.availability, 'Extended')
          .withArgs(
            demandId(system.q),
            i,
            (n: bigint) => n > 0n,
            (n: bigint) => n > 0n,
          );
        await pass(CLOCK);
        await tooSoon(system);
      }
      await pass(CLOCK);
      await system.availability.expire(questionArgument(system.q));
      expect(await system.claims.state(system.batchId)).to.equal(REJECTED);
    });
  });

  describe('H12: a correct result that is not delivered', () => {
    const demanded = async () => {
      const system = await deploy();
      await baseFee(BASE_FEE);
      await system.availability.connect(system.requester).demandOutput(system.batchId, 1, 0, 0, '0x', {
        gasLimit: 1_000_000n,
        gasPrice: 1_000n * GWEI,
      });
      return { ...system, q: question(system, 'output', { count: 32_768 }, system.requester) };
    };

    it('the requester has its output at the executor’s cost', async () => {
      const system = await loadFixture(demanded);
      const listed = { tensor: trace.values[4], list: values, index: 4 };
      await respond(system, system.q, answerOutput(system.q, trace.opened, trace.program, listed));
      expect(await system.claims.openDemands(system.batchId)).to.equal(0n);
      const stored = await system.availability.demand(questionArgument(system.q));
      expect([stored.bond, stored.share, stored.status]).to.deep.equal([0n, 0n, 3n]);
    });

    it('an executor that keeps it is convicted', async () => {
      const system = await loadFixture(demanded);
      await pass(CLOCK);
      await system.availability.expire(questionArgument(system.q));
      expect((await system.claims.conviction(system.batchId)).challenger).to.equal(system.requester.address);
    });

    it('the executor may extend only above the base fee of the block in which it was asked', async () => {
      const system = await loadFixture(demanded);
      await baseFee(BASE_FEE);
      const call = system.availability.extend(questionArgument(system.q), {
        gasLimit: 1_000_000n,
        gasPrice: 1_000n * GWEI,
      });
      await expect(call).to.be.revertedWithCustomError(system.availability, 'Availability_Covered');
    });
  });

  describe('M2: a last-minute answer leaves no time for a proof', () => {
    it('the batch is pending while a demand is open, and for the grace after the last answer', async () => {
      const system = await loadFixture(deploy);
      await networkHelpers.mine(WINDOW.blocks - 10);
      await networkHelpers.time.increase(WINDOW.seconds - WINDOW.blocks - 100);
      const q = question(system, 'values', { count: 5 });
      await ask(system, q);
      await networkHelpers.mine(CLOCK.blocks - 2);
      await networkHelpers.time.increase(CLOCK.seconds - CLOCK.blocks - 2);
      expect(await system.claims.inWindow(system.batchId)).to.equal(false);
      expect(await system.claims.state(system.batchId)).to.equal(PENDING);
      await respond(system, q, roots(q));
      await networkHelpers.mine(GRACE.blocks - 2);
      await networkHelpers.time.increase(GRACE.seconds - GRACE.blocks);
      expect(await system.claims.state(system.batchId)).to.equal(PENDING);
      await pass({ seconds: 400, blocks: 10 });
      expect(await system.claims.state(system.batchId)).to.equal(FINAL);
    });

    it('a final batch stays final: nothing can be demanded of it', async () => {
      const system = await loadFixture(deploy);
      await pass(WINDOW);
      expect(await system.claims.state(system.batchId)).to.equal(FINAL);
      const call = ask(system, question(system, 'values', { count: 5 }));
      await expect(call).to.be.revertedWithCustomError(system.availability, 'Availability_WindowOver');
    });
  });
});
