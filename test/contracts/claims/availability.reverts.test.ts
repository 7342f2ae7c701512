import {
  answerBytes,
  answerOperator,
  answerOutput,
  answerRoots,
  ListTree,
  questionArgument,
  toHex,
  ZERO_HASH,
} from '@essaim/protocol';
import { expect } from 'chai';
import {
  ask,
  BASE_FEE,
  baseFee,
  CLOCK,
  deploy,
  ethers,
  GWEI,
  HOUR,
  networkHelpers,
  pass,
  preimage,
  question,
  respond,
  type System,
  trace,
  WINDOW,
} from './demandFixture.ts';

const { loadFixture } = networkHelpers;
const weights = new ListTree(trace.lists.weights);
const values = new ListTree(trace.lists.values);

async function shown() {
  const system = await deploy();
  const root = question(system, 'values', { count: 1_024 });
  await ask(system, root);
  await respond(system, root, answerRoots(root, trace.opened, trace.lists.values));
  return system;
}
const asked = async () => {
  const system = await deploy();
  const q = question(system, 'values', { count: 5 });
  await ask(system, q);
  return { ...system, q, blob: answerRoots(q, trace.opened, trace.lists.values) };
};
const followed = async () => {
  const system = await shown();
  const q = question(system, 'weight', { index: 1, first: 5_000, count: 3_000 });
  await ask(system, q);
  const blob = answerBytes(q, trace.opened, { tensor: trace.weights[1], list: weights, index: 1 });
  return { ...system, q, blob };
};
const fails = (system: System, action: Promise<unknown>, error: string, ...values: unknown[]) => {
  const expected = expect(action).to.be.revertedWithCustomError(system.availability, error);
  return values.length === 0 ? expected : expected.withArgs(...values);
};
const changed = (blob: Uint8Array, at: number): Uint8Array => blob.map((byte, i) => (i === at ? byte ^ 1 : byte));

describe('Availability refuses', () => {
  describe('a root demand', () => {
    it('for anything but a list', async () => {
      const system = await loadFixture(deploy);
      for (const kind of [4, 7, 8]) {
        const call = system.availability.demandClaim(system.batchId, 1, kind, 0, 1);
        await fails(system, call, 'Availability_Kind', kind);
      }
    });

    it('for a batch that was never submitted', async () => {
      const system = await loadFixture(deploy);
      await fails(system, system.availability.demandClaim(ZERO_HASH, 1, 0, 0, 1), 'Availability_WindowOver', ZERO_HASH);
    });

    it('when the window is over', async () => {
      const system = await loadFixture(deploy);
      await pass(WINDOW);
      await fails(system, ask(system, question(system, 'values', { count: 1 })), 'Availability_WindowOver');
    });

    it('for a leaf that the batch does not have', async () => {
      const system = await loadFixture(deploy);
      await fails(system, ask(system, question(system, 'values', { count: 1, leaf: 3 })), 'Availability_Index', 3, 3);
    });

    it('for no roots, or for more than one answer holds', async () => {
      const system = await loadFixture(deploy);
      for (const count of [0, 1_025]) {
        await fails(system, ask(system, question(system, 'values', { count })), 'Availability_Count', count, 1_024);
      }
    });

    it('with a bond below half of the answer at the base fee of its block', async () => {
      const system = await loadFixture(deploy);
      const q = question(system, 'values', { count: 5 });
      const least = ((120_000n + 160n * 42n) * BASE_FEE) / 2n;
      expect(await system.availability.bondFor(system.batchId, 160, BASE_FEE)).to.equal(least);
      await fails(system, ask(system, q, least - 1n), 'Availability_Bond', least - 1n, least);
    });

    it('that its demander made before, also when it was answered', async () => {
      const system = await loadFixture(asked);
      await fails(system, ask(system, system.q), 'Availability_Asked');
      await respond(system, system.q, system.blob);
      await fails(system, ask(system, system.q), 'Availability_Asked');
    });
  });

  describe('a follow-up', () => {
    it('that is none', async () => {
      const system = await loadFixture(shown);
      for (const kind of [0, 7, 8]) {
        const call = system.availability.demandBytes(system.batchId, 1, kind, 0, 0, 1, preimage);
        await fails(system, call, 'Availability_Kind', kind);
      }
    });

    it('before a root demand of its demander was answered, whatever others were shown', async () => {
      const system = await loadFixture(shown);
      for (const q of [
        question(system, 'weight', { count: 7 }, system.sybil),
        question(system, 'operator', {}, system.sybil),
        question(system, 'weight', { count: 7, leaf: 0 }),
      ]) {
        await fails(system, ask(system, q), 'Availability_NotBelow');
      }
    });

    it('later than two clocks and a quarter after the answer above it', async () => {
      const system = await loadFixture(shown);
      await pass(CLOCK, 3);
      await fails(system, ask(system, question(system, 'weight', { count: 7 })), 'Availability_NotBelow');
      await fails(system, ask(system, question(system, 'operator')), 'Availability_NotBelow');
    });

    it('when the batch is final', async () => {
      const system = await loadFixture(deploy);
      await pass({ seconds: 23 * HOUR, blocks: 3_500 });
      const root = question(system, 'values', { count: 1 });
      await ask(system, root);
      await respond(system, root, answerRoots(root, trace.opened, trace.lists.values));
      await pass({ seconds: 3 * HOUR, blocks: 400 });
      const call = ask(system, question(system, 'operator'));
      await expect(call).to.be.revertedWithCustomError(system.claims, 'Claims_NotPending');
    });

    it('that shows another claim, or part of one', async () => {
      const system = await loadFixture(shown);
      const other = toHex(changed(ethers.getBytes(preimage), 40));
      const { availability, batchId, demander } = system;
      const as = availability.connect(demander);
      await fails(system, as.demandBytes(batchId, 1, 5, 0, 0, 7, other), 'Availability_Claim');
      await fails(system, as.demandOperator(batchId, 1, 0, preimage.slice(0, -2)), 'Availability_AnswerLength');
    });

    it('for what the claim does not have', async () => {
      const system = await loadFixture(shown);
      for (const [kind, index] of [
        ['input', 1],
        ['weight', 3],
        ['value', 5],
        ['operator', 5],
      ] as const) {
        const count = kind === 'operator' ? 0 : 1;
        await fails(system, ask(system, question(system, kind, { index, count })), 'Availability_Index', index, index);
      }
    });

    it('for no bytes, or for more than one answer holds', async () => {
      const system = await loadFixture(shown);
      for (const count of [0, 32_769]) {
        await fails(system, ask(system, question(system, 'weight', { count })), 'Availability_Count', count, 32_768);
      }
    });

    it('with too small a bond', async () => {
      const system = await loadFixture(shown);
      await fails(system, ask(system, question(system, 'weight', { count: 1 }), 1n), 'Availability_Bond');
      await fails(system, ask(system, question(system, 'operator'), 1n), 'Availability_Bond');
    });

    it('that its demander made before', async () => {
      const system = await loadFixture(followed);
      await fails(system, ask(system, system.q), 'Availability_Asked');
    });
  });

  describe('a demand for an output', () => {
    const demandOutput = (system: System, part = 0, leaf = 1, signer = system.requester) =>
      system.availability.connect(signer).demandOutput(system.batchId, leaf, 1, part, '0x');

    it('by anyone but the requester', async () => {
      const system = await loadFixture(deploy);
      const error = 'Availability_NotRequester';
      await fails(system, demandOutput(system, 0, 1, system.sybil), error, system.requester.address);
    });

    it('for a leaf that the batch does not have', async () => {
      const system = await loadFixture(deploy);
      await fails(system, demandOutput(system, 0, 3), 'Availability_Index', 3, 3);
    });

    it('when the window is over', async () => {
      const system = await loadFixture(deploy);
      await pass(WINDOW);
      await fails(system, demandOutput(system), 'Availability_WindowOver');
    });

    it('made before', async () => {
      const system = await loadFixture(deploy);
      await demandOutput(system);
      await fails(system, demandOutput(system), 'Availability_Asked');
    });

    it('for a later part before the first was answered, too late after it, or beyond the end', async () => {
      const system = await loadFixture(deploy);
      await demandOutput(system);
      await fails(system, demandOutput(system, 1), 'Availability_NotBelow');
      const q = question(system, 'output', { index: 1, count: 32_768 }, system.requester);
      const listed = { tensor: trace.values[1], list: values, index: 1 };
      await respond(system, q, answerOutput(q, trace.opened, trace.program, listed));
      await fails(system, demandOutput(system, 2), 'Availability_Index', 2, 2);
      await pass(CLOCK, 3);
      await fails(system, demandOutput(system, 1), 'Availability_NotBelow');
    });
  });

  describe('an answer', () => {
    it('to a question that nobody asked, or that was answered', async () => {
      const system = await loadFixture(asked);
      const other = { ...system.q, count: 4 };
      await fails(system, respond(system, other, system.blob), 'Availability_Status');
      await respond(system, system.q, system.blob);
      await fails(system, respond(system, system.q, system.blob), 'Availability_Status');
    });

    it('after the clock', async () => {
      const system = await loadFixture(asked);
      await pass(CLOCK);
      await fails(system, respond(system, system.q, system.blob), 'Availability_TooLate');
    });

    it('once the batch is rejected', async () => {
      const system = await loadFixture(asked);
      await system.claims.connect(system.referee).reject(system.batchId, 1, system.other);
      const call = respond(system, system.q, system.blob);
      await expect(call).to.be.revertedWithCustomError(system.claims, 'Claims_NotPending');
    });

    it('with one byte changed, one too many or one missing', async () => {
      for (const fixture of [asked, followed]) {
        const system = await loadFixture(fixture);
        const { q, blob } = system;
        const step = Math.ceil(blob.length / 40);
        for (let at = 0; at < blob.length; at += step) {
          await expect(respond(system, q, changed(blob, at)), `byte ${at} of ${q.kind}`).to.be.revert(ethers);
        }
        await fails(system, respond(system, q, Uint8Array.from([...blob, 0])), 'Availability_AnswerLength');
        await expect(respond(system, q, blob.slice(0, -1))).to.be.revert(ethers);
        await expect(respond(system, q, new Uint8Array(0))).to.be.revert(ethers);
        await respond(system, q, blob);
      }
    });

    it('that names its reason', async () => {
      const system = await loadFixture(asked);
      const { q, blob } = system;
      await fails(system, respond(system, q, changed(blob, 0)), 'Claim_NotInBatch', 1);
      await fails(system, respond(system, q, changed(blob, 255)), 'Claim_NotInBatch', 0);
      await fails(system, respond(system, q, changed(blob, 330)), 'Availability_NotItsList', 2);
      await fails(system, respond(system, q, blob.slice(0, 350)), 'Availability_AnswerLength');
    });

    it('about another claim of the batch', async () => {
      const system = await loadFixture(deploy);
      const q = question(system, 'values', { count: 5, leaf: 0 });
      await ask(system, q);
      await fails(system, respond(system, q, answerRoots(q, trace.opened, trace.lists.values)), 'Availability_Leaf', 1);
    });

    it('with another part of the list than was asked for', async () => {
      const system = await loadFixture(deploy);
      const q = question(system, 'values', { first: 1, count: 2 });
      await ask(system, q);
      const wrong = answerRoots({ first: 2, count: 2 }, trace.opened, trace.lists.values);
      await fails(system, respond(system, q, wrong), 'Availability_NotItsList', 2);
    });

    it('with another tensor, other bytes of it, or the pretence that there is none', async () => {
      const system = await loadFixture(followed);
      const answer = (range: { first: number; count: number }, index: number, tensor = trace.weights[1] ?? null) =>
        answerBytes(range, trace.opened, { tensor, list: weights, index });
      await fails(system, respond(system, system.q, answer(system.q, 1, trace.weights[0])), 'Claim_NotItsTensor', 2, 1);
      await fails(system, respond(system, system.q, answer({ first: 9_096, count: 3_000 }, 1)), 'Claim_NotItsTensor');
      const absent = answerBytes(system.q, trace.opened, { tensor: null, list: weights, index: 1 });
      await fails(system, respond(system, system.q, absent), 'Claim_NotItsTensor', 2, 1);
      const typeless = changed(system.blob, 252).map((byte, i) => (i === 252 ? 10 : byte));
      await fails(system, respond(system, system.q, typeless), 'Availability_Malformed');
    });

    it('with another operator', async () => {
      const system = await loadFixture(shown);
      const q = question(system, 'operator', { index: 3 });
      await ask(system, q);
      const operators = new ListTree(trace.lists.operators);
      const wrong = answerOperator(q, trace.opened, trace.operators[2], operators);
      await fails(system, respond(system, q, wrong), 'Availability_NotItsList', 7);
      await fails(system, respond(system, q, wrong.slice(0, 300)), 'Availability_AnswerLength');
    });

    it('with another interface or another output', async () => {
      const system = await loadFixture(deploy);
      await system.availability.connect(system.requester).demandOutput(system.batchId, 1, 1, 0, '0x');
      const q = question(system, 'output', { index: 1, count: 32_768 }, system.requester);
      const listed = { tensor: trace.values[1], list: values, index: 1 };
      const other = answerOutput(q, trace.opened, { ...trace.program, outputs: [4, 0] }, listed);
      await fails(system, respond(system, q, other), 'Availability_Malformed');
      const four = { tensor: trace.values[4], list: values, index: 4 };
      await fails(
        system,
        respond(system, q, answerOutput(q, trace.opened, trace.program, four)),
        'Claim_NotItsTensor',
        3,
        1,
      );
      const none = answerOutput(q, trace.opened, trace.program, null);
      await expect(respond(system, q, none)).to.be.revert(ethers);
    });
  });

  describe('an extension', () => {
    const extend = async (system: System & { q: Parameters<typeof questionArgument>[0] }, fee: bigint) => {
      await baseFee(fee);
      return system.availability.extend(questionArgument(system.q), { gasLimit: 1_000_000n, gasPrice: 1_000n * GWEI });
    };

    it('while the bond covers the base fee', async () => {
      const system = await loadFixture(asked);
      await fails(system, extend(system, BASE_FEE), 'Availability_Covered', BASE_FEE, BASE_FEE);
    });

    it('twice in one clock length', async () => {
      const system = await loadFixture(asked);
      await extend(system, 2n * BASE_FEE);
      await fails(system, extend(system, 2n * BASE_FEE), 'Availability_NoExtension', 1);
    });

    it('a fourth time', async () => {
      const system = await loadFixture(asked);
      for (let i = 0; i < 3; i++) {
        await extend(system, 2n * BASE_FEE);
        await pass(CLOCK);
      }
      await fails(system, extend(system, 2n * BASE_FEE), 'Availability_NoExtension', 3);
    });

    it('after the clock, and of a question that is not open', async () => {
      const system = await loadFixture(asked);
      await fails(system, extend({ ...system, q: { ...system.q, count: 4 } }, 2n * BASE_FEE), 'Availability_Status');
      await pass(CLOCK);
      await fails(system, extend(system, 2n * BASE_FEE), 'Availability_TooLate');
    });
  });

  it('to convict before the clock is over, or for a question that is not open', async () => {
    const system = await loadFixture(asked);
    await fails(system, system.availability.expire(questionArgument(system.q)), 'Availability_TooSoon');
    const other = questionArgument({ ...system.q, count: 4 });
    await fails(system, system.availability.expire(other), 'Availability_Status');
  });

  it('to divide a bond before the batch has ended, twice, or of a question that nobody asked', async () => {
    const system = await loadFixture(asked);
    const { availability, q } = system;
    await fails(system, availability.settle(questionArgument(q)), 'Availability_Pending', system.batchId);
    await respond(system, q, system.blob);
    await pass(WINDOW);
    await availability.settle(questionArgument(q));
    await fails(system, availability.settle(questionArgument(q)), 'Availability_Status');
    await fails(system, availability.settle(questionArgument({ ...q, count: 4 })), 'Availability_Status');
  });

  it('to send coins that are not credited, or to an account that does not take them', async () => {
    const system = await loadFixture(deploy);
    const { availability, client, batchId } = system;
    await fails(system, availability.withdraw(), 'Availability_NoCredit');
    const address = await client.getAddress();
    await networkHelpers.impersonateAccount(address);
    await networkHelpers.setBalance(address, 10n ** 20n);
    const contract = await ethers.getSigner(address);
    await baseFee(BASE_FEE);
    await availability.connect(contract).demandClaim(batchId, 1, 0, 0, 1, { value: 10n ** 18n, gasLimit: 1_000_000n });
    await pass(CLOCK);
    await availability.expire(questionArgument(question(system, 'inputs', { count: 1 }, contract)));
    expect(await availability.credit(address)).to.equal(10n ** 18n);
    await fails(system, availability.connect(contract).withdraw(), 'Availability_Refused', address);
    expect(await availability.credit(address)).to.equal(10n ** 18n);
  });
});
