import {
  answerBytes,
  answerOperator,
  answerOutput,
  answerRoots,
  demandId,
  encodeOperator,
  ListTree,
  type Question,
  questionArgument,
  questionFrom,
  readBytes,
  readOperator,
  readOutput,
  readRoots,
} from '@essaim/protocol';
import { expect } from 'chai';
import {
  ask,
  BASE_FEE,
  deploy,
  ethers,
  networkHelpers,
  question,
  respond,
  type System,
  trace,
} from './demandFixture.ts';

const { loadFixture } = networkHelpers;
const batch = { root: trace.batch.root, count: trace.batch.count };
const trees = {
  input: new ListTree(trace.lists.inputs),
  weight: new ListTree(trace.lists.weights),
  value: new ListTree(trace.lists.values),
};
const tensors = { input: trace.inputs, weight: trace.weights, value: trace.values };

const bytesAnswer = (q: Question) => {
  const kind = q.kind as 'input' | 'weight' | 'value';
  return answerBytes(q, trace.opened, { tensor: tensors[kind][q.index], list: trees[kind], index: q.index });
};
const shown = async () => {
  const system = await deploy();
  const root = question(system, 'values', { count: 1_024 });
  await ask(system, root);
  await respond(system, root, answerRoots(root, trace.opened, trace.lists.values));
  return system;
};

/** The blob of the answer to a question, from the calldata of the transaction that gave it. */
async function answerInCalldata(system: System, q: Question): Promise<Uint8Array> {
  const [event] = await system.availability.queryFilter(system.availability.filters.Answered(demandId(q)));
  const transaction = await event.getTransaction();
  const call = system.availability.interface.parseTransaction(transaction);
  return ethers.getBytes(call?.args.blob);
}

describe('Availability', () => {
  describe('a root demand', () => {
    for (const list of ['inputs', 'weights', 'values', 'operators'] as const) {
      it(`gets the claim and its whole list of ${list}`, async () => {
        const system = await loadFixture(deploy);
        const q = question(system, list, { count: 1_024 });
        await ask(system, q);
        expect(await system.claims.openDemands(system.batchId)).to.equal(1n);
        await respond(system, q, answerRoots(q, trace.opened, trace.lists[list]));
        expect(await system.claims.openDemands(system.batchId)).to.equal(0n);

        const read = readRoots(q, await answerInCalldata(system, q), batch);
        expect(read.roots).to.deep.equal(trace.lists[list]);
        expect(read.claim.traceRoot).to.equal(trace.opened.traceRoot);
        expect(read.claim.header).to.deep.equal(trace.opened.header);
      });
    }

    for (const [first, length] of [
      [0, 1],
      [1, 3],
      [3, 2],
      [4, 7],
      [5, 1],
      [4_000_000_000, 9],
    ]) {
      it(`gets ${length} roots from position ${first} of five, as far as there are any`, async () => {
        const system = await loadFixture(deploy);
        const q = question(system, 'values', { first, count: length });
        await ask(system, q);
        await respond(system, q, answerRoots(q, trace.opened, trace.lists.values));
        const read = readRoots(q, await answerInCalldata(system, q), batch);
        expect(read.roots).to.deep.equal(trace.lists.values.slice(first, first + length));
      });
    }

    it('tells an indexer the whole question and its clock', async () => {
      const system = await loadFixture(deploy);
      const q = question(system, 'values', { first: 1, count: 2 });
      const transaction = await ask(system, q);
      const [event] = await system.availability.queryFilter(system.availability.filters.Demanded(demandId(q)));
      expect(questionFrom(event.args)).to.deep.equal(q);
      expect(await system.availability.id(questionArgument(q))).to.equal(demandId(q));
      const block = await ethers.provider.getBlock(transaction.blockNumber ?? 0);
      expect(event.args.endsAt).to.equal(BigInt(block?.timestamp ?? 0) + 21_600n);
      expect(event.args.endsAtBlock).to.equal(BigInt(block?.number ?? 0) + 900n);
      const stored = await system.availability.demand(questionArgument(q));
      expect(stored.status).to.equal(1n);
      expect(stored.endsAt).to.equal(event.args.endsAt);
      expect(stored.bond).to.equal(event.args.bond);
      expect(stored.fee).to.equal(BASE_FEE);
    });
  });

  describe('a follow-up', () => {
    for (const [kind, index, first, length] of [
      ['input', 0, 0, 15],
      ['weight', 0, 0, 7],
      ['weight', 1, 0, 32_768],
      ['weight', 1, 1_023, 2],
      ['weight', 1, 99_000, 32_768],
      ['weight', 1, 100_000, 1],
      ['weight', 2, 0, 5],
      ['value', 1, 2_048, 1_024],
      ['value', 4, 1, 4_294_967_295],
    ] as const) {
      const asked = Math.min(length, 32_768);
      it(`gets bytes ${first} to ${first + asked} of ${kind} ${index}, as far as there are any`, async () => {
        const system = await loadFixture(shown);
        const q = question(system, kind, { index, first, count: asked });
        await ask(system, q);
        await respond(system, q, bytesAnswer(q));
        const read = readBytes(q, await answerInCalldata(system, q), trace.claim);
        const tensor = tensors[kind][index];
        expect(read?.type).to.deep.equal(tensor?.type);
        expect(read?.root).to.equal(tensor?.root);
        expect(read?.bytes).to.deep.equal(tensor?.bytes.slice(first, first + asked));
      });
    }

    it('shows that the trace has no value there', async () => {
      const system = await loadFixture(shown);
      const q = question(system, 'value', { index: 2, count: 10 });
      await ask(system, q);
      await respond(system, q, bytesAnswer(q));
      expect(readBytes(q, await answerInCalldata(system, q), trace.claim)).to.equal(null);
    });

    it('gets the body of an operator', async () => {
      const system = await loadFixture(shown);
      const q = question(system, 'operator', { index: 3 });
      await ask(system, q);
      await respond(
        system,
        q,
        answerOperator(q, trace.opened, trace.operators[3], new ListTree(trace.lists.operators)),
      );
      const { body } = readOperator(q, await answerInCalldata(system, q), trace.claim);
      expect(encodeOperator(body)).to.deep.equal(encodeOperator(trace.operators[3]));
    });
  });

  describe('a demand for an output', () => {
    const outputAnswer = (q: Question, position: number) => {
      const index = trace.program.outputs[position];
      return answerOutput(q, trace.opened, trace.program, { tensor: trace.values[index], list: trees.value, index });
    };
    const demandOutput = (system: System, output: number, part: number) =>
      system.availability.connect(system.requester).demandOutput(system.batchId, 1, output, part, '0x');

    it('gets the parts of an output one below the other', async () => {
      const system = await loadFixture(deploy);
      const bytes: Uint8Array[] = [];
      for (const part of [0, 1]) {
        const q = question(system, 'output', { index: 1, first: part * 32_768, count: 32_768 }, system.requester);
        await demandOutput(system, 1, part);
        await respond(system, q, outputAnswer(q, 1));
        const read = readOutput(q, await answerInCalldata(system, q), batch);
        bytes.push(read.tensor?.bytes ?? new Uint8Array(0));
      }
      expect(ethers.concat(bytes)).to.equal(ethers.hexlify(trace.values[1]?.bytes ?? '0x'));
    });

    it('shows that the program has no such output', async () => {
      const system = await loadFixture(deploy);
      const q = question(system, 'output', { index: 2, count: 32_768 }, system.requester);
      await demandOutput(system, 2, 0);
      await respond(system, q, answerOutput(q, trace.opened, trace.program, null));
      expect(readOutput(q, await answerInCalldata(system, q), batch).tensor).to.equal(null);
    });
  });
});
