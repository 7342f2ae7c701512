import {
  answerInner,
  answerSegment,
  buildFaultProof,
  byteFault,
  claimTrees,
  commitTensor,
  type Execution,
  type Hash,
  headerFault,
  innerIndex,
  type ListTree,
  locate,
  missingFault,
  readInner,
  readSegment,
  segmentNeeded,
  segmentRoots,
  segmentTree,
  strayFault,
  toHex,
  ZERO_HASH,
} from '@essaim/protocol';
import { regenerate, type Trace } from '@essaim/runtime';
import { expect } from 'chai';
import { getBytes, id } from 'ethers';
import { preimageOf } from '../referee/circuit.ts';
import {
  answer,
  cheating,
  demandInner,
  demandSegment,
  deploy,
  ethers,
  honest,
  LIE,
  model,
  networkHelpers,
  program,
  prove,
  question,
  type Submitted,
  type System,
  seen,
  segmentAnswer,
  submit,
} from './segmentFixture.ts';

const { loadFixture } = networkHelpers;
const REJECTED = 3n;
const CLOCK = { seconds: 21_600, blocks: 900 };
const SEGMENT = program.operators.find(({ firstValue }) => firstValue === LIE.value)!.segment;
const { firstValue: FIRST, valueCount: COUNT } = program.segments[SEGMENT];
const tree = (execution: Execution) => segmentTree(program.segments[SEGMENT], segmentRoots(execution, SEGMENT));

const caught = async () => {
  const system = await deploy();
  return { system, claim: await submit(system, cheating) };
};
const demanded = async () => {
  const fixture = await caught();
  await demandSegment(fixture.system, fixture.claim, fixture.system.challenger, SEGMENT);
  const q = question(fixture.claim, fixture.system.challenger, 'segment', SEGMENT);
  return { ...fixture, q, blob: segmentAnswer(fixture.claim, cheating, SEGMENT) };
};
const shown = async () => {
  const fixture = await demanded();
  await answer(fixture.system, fixture.system.executor, fixture.q, fixture.blob);
  return fixture;
};
const fails = (system: System, action: Promise<unknown>, error: string, ...values: unknown[]) => {
  const expected = expect(action).to.be.revertedWithCustomError(system.contracts.Availability, error);
  return values.length === 0 ? expected : expected.withArgs(...values);
};
const pass = async (clocks: number) => {
  await networkHelpers.mine(CLOCK.blocks * clocks + 1);
  await networkHelpers.time.increase(CLOCK.seconds * clocks + 1);
};
const state = ({ contracts }: System, { batchId }: Submitted) => contracts.Claims.state(batchId);
const proofOf = (claim: Submitted, execution = cheating) => {
  const fault = locate(execution, (value) => honest.values[value]?.bytes);
  return { fault: fault!, ...buildFaultProof(execution, claim.place, fault!) };
};

describe('A fault inside a segment', () => {
  it('is convicted in four transactions where the executor serves its trace', async () => {
    const { system, claim } = await loadFixture(caught);
    const { contracts, challenger, executor } = system;
    const { nonce: before } = { nonce: (await challenger.getNonce()) + (await executor.getNonce()) };

    // what the verifier sees leads it to the segment
    const { trace, own } = await regenerate(seen(cheating) as Trace, model);
    const suspicion = locate(trace, (value) => own[value]?.bytes);
    expect(suspicion?.verdict).to.equal('convicted');
    expect(segmentNeeded(program, suspicion!.op)).to.equal(SEGMENT);

    await demandSegment(system, claim, challenger, SEGMENT);
    const q = question(claim, challenger, 'segment', SEGMENT);
    const sent = await answer(system, executor, q, segmentAnswer(claim, cheating, SEGMENT));

    // the answer is in the calldata; the bytes are served
    const call = contracts.Availability.interface.parseTransaction(sent);
    const { shown: answered } = readSegment(q, getBytes(call?.args.blob), claim.batch);
    const roots = answered!.roots;
    for (let i = 0; i < COUNT; i++) {
      expect(roots[i]).to.equal(program.boundary[FIRST + i] ? ZERO_HASH : cheating.values[FIRST + i]!.root);
    }
    const known = { ...cheating, segmentRoots: new Map([[SEGMENT, roots]]) };
    const fault = locate(known, (value) => own[value]?.bytes);
    expect(fault).to.include({ element: LIE.element, verdict: 'convicted' });
    expect(program.operators[fault!.op].firstValue).to.equal(LIE.value);
    const { proof } = buildFaultProof(known, claim.place, fault!);
    await expect(prove(system, claim.batchId, proof)).to.emit(contracts.Referee, 'Convicted');

    expect(await state(system, claim)).to.equal(REJECTED);
    expect((await challenger.getNonce()) + (await executor.getNonce()) - before).to.equal(4);
    const batch = await contracts.Claims.conviction(claim.batchId);
    expect(batch.challenger).to.equal(challenger.address);
  });

  it('cannot be proven before the executor was asked', async () => {
    const { system, claim } = await loadFixture(caught);
    const { proof } = proofOf(claim);
    await expect(system.contracts.Referee.examine(claim.batchId, toHex(proof)))
      .to.be.revertedWithCustomError(system.contracts.Referee, 'Referee_NoSegment')
      .withArgs(SEGMENT);
    await demandSegment(system, claim, system.challenger, SEGMENT);
    await expect(prove(system, claim.batchId, proof)).to.be.revertedWithCustomError(
      system.contracts.Referee,
      'Referee_NoSegment',
    );
  });

  it('is convicted by silence', async () => {
    const { system, claim, q } = await loadFixture(demanded);
    await fails(system, system.contracts.Availability.expire({ ...q, kind: 9 }), 'Availability_TooSoon');
    await pass(1);
    await system.contracts.Availability.expire({ ...q, kind: 9 });
    expect(await state(system, claim)).to.equal(REJECTED);
    const { challenger } = await system.contracts.Claims.conviction(claim.batchId);
    expect(challenger).to.equal(system.challenger.address);
  });

  it('cannot be hidden: inner values that fit the inputs do not fit the boundary', async () => {
    const { system, claim, q } = await loadFixture(demanded);
    const { own } = await regenerate(seen(cheating) as Trace, model);
    const values = cheating.values.map((tensor, i) => (program.boundary[i] ? tensor : (own[i] ?? tensor)));
    const evasive = { ...cheating, values };
    await answer(system, system.executor, q, segmentAnswer(claim, evasive, SEGMENT));
    const fault = locate(evasive, (value) => own[value]?.bytes);
    expect(program.boundary[program.operators[fault!.op].firstValue]).to.equal(true);
    const { proof } = buildFaultProof(evasive, claim.place, fault!);
    await prove(system, claim.batchId, proof);
    expect(await state(system, claim)).to.equal(REJECTED);
  });

  it('is not seen in any honest inner or boundary element', async () => {
    const system = await loadFixture(deploy);
    const claim = await submit(system, honest);
    for (const [segment] of program.segments.entries()) {
      await demandSegment(system, claim, system.challenger, segment);
      const q = question(claim, system.challenger, 'segment', segment);
      await answer(system, system.executor, q, segmentAnswer(claim, honest, segment));
    }
    for (const [op] of program.operators.entries()) {
      const { proof, verdict } = buildFaultProof(honest, claim.place, { op, output: 0, element: 7 });
      expect(verdict).to.equal('permitted');
      expect(await system.contracts.Referee.examine(claim.batchId, toHex(proof))).to.equal(0n);
    }
  });

  it('is not proven against another segment’s list or another place of it', async () => {
    const { system, claim } = await loadFixture(shown);
    const { proof } = proofOf(claim);
    expect(await system.contracts.Referee.examine(claim.batchId, toHex(proof))).to.equal(2n);
    const roots = [...segmentRoots(cheating, SEGMENT)];
    const moved = { ...cheating, segmentRoots: new Map([[SEGMENT, [roots.at(-1)!, ...roots.slice(0, -1)]]]) };
    const other = proofOf(claim, moved).proof;
    await expect(system.contracts.Referee.examine(claim.batchId, toHex(other))).to.revert(ethers);
  });
});

describe('A demand for a segment', () => {
  it('is answered once: by the executor, and from then on by the same list only', async () => {
    const { system, claim, q, blob } = await loadFixture(demanded);
    const { executor, challenger, sybil, contracts } = system;
    await fails(system, answer(system, challenger, q, blob), 'Availability_NotExecutor', executor.address);
    await expect(answer(system, executor, q, blob))
      .to.emit(contracts.Availability, 'SegmentShown')
      .withArgs(claim.batchId, 1, SEGMENT, tree(cheating).root);
    expect(await contracts.Availability.segmentRoot(claim.batchId, 1, SEGMENT)).to.equal(tree(cheating).root);
    await fails(system, answer(system, executor, q, blob), 'Availability_Status');

    await demandSegment(system, claim, sybil, SEGMENT);
    const again = question(claim, sybil, 'segment', SEGMENT);
    const other = segmentAnswer(claim, honest, SEGMENT, segmentRoots(honest, SEGMENT));
    const known = tree(cheating).root;
    await fails(system, answer(system, executor, again, other), 'Availability_OtherSegment', known, tree(honest).root);
    await answer(system, sybil, again, blob);
    expect(await contracts.Availability.segmentRoot(claim.batchId, 1, SEGMENT)).to.equal(known);
  });

  it('refuses an answer that shows another segment, claim or number of roots', async () => {
    const { system, claim, q, blob } = await loadFixture(demanded);
    const { executor, contracts } = system;
    const roots = segmentRoots(cheating, SEGMENT);
    const shownAs = (segment: number, list: readonly Hash[]) =>
      answerSegment(claim.opened, {
        segment: program.segments[segment],
        siblings: program.trees.segments.siblings(SEGMENT),
        roots: list,
      });
    await expect(answer(system, executor, q, shownAs(SEGMENT === 0 ? 1 : 0, roots))).to.revert(ethers);
    await fails(system, answer(system, executor, q, shownAs(SEGMENT, roots.slice(1))), 'Availability_AnswerLength');
    await fails(
      system,
      answer(system, executor, q, shownAs(SEGMENT, [...roots, ZERO_HASH, ZERO_HASH])),
      'Availability_AnswerLength',
    );
    await expect(answer(system, executor, q, answerSegment(claim.opened, null))).to.revert(ethers);
    await expect(answer(system, executor, q, blob.with(40, blob[40] ^ 1))).to.revert(ethers);
    expect(await contracts.Availability.segmentRoot(claim.batchId, 1, SEGMENT)).to.equal(ZERO_HASH);
    await answer(system, executor, q, blob);
  });

  it('may name where the inner values are served, which changes nothing on the chain', async () => {
    const { system, claim, q, blob } = await loadFixture(demanded);
    const served = id('a manifest');
    const named = Uint8Array.from([...blob, ...getBytes(served)]);
    for (const wrong of [named.slice(0, -1), Uint8Array.from([...named, 0])])
      await fails(system, answer(system, system.executor, q, wrong), 'Availability_AnswerLength');
    const sent = await answer(system, system.executor, q, named);
    const call = system.contracts.Availability.interface.parseTransaction(sent);
    expect(readSegment(q, getBytes(call?.args.blob), claim.batch).shown).to.deep.include({ served });
    expect(readSegment(q, blob, claim.batch).shown).to.deep.include({ served: null });
    expect(await system.contracts.Availability.segmentRoot(claim.batchId, 1, SEGMENT)).to.equal(tree(cheating).root);
  });

  it('for a segment that does not exist is answered by the claim alone, and keeps nothing', async () => {
    const { system, claim } = await loadFixture(caught);
    const index = program.segments.length;
    await demandSegment(system, claim, system.challenger, index);
    const q = question(claim, system.challenger, 'segment', index);
    await answer(system, system.sybil, q, answerSegment(claim.opened, null));
    expect(await system.contracts.Availability.segmentRoot(claim.batchId, 1, index)).to.equal(ZERO_HASH);
    await fails(
      system,
      demandInner(system, claim, system.challenger, [index, 0, 0, 1]),
      'Availability_NoSegment',
      index,
    );
  });

  it('is a root demand in the window; later it needs one answered, and does not renew its time', async () => {
    const { system, claim } = await loadFixture(shown);
    const { challenger, sybil, executor } = system;
    await fails(system, demandSegment(system, { ...claim, batchId: id('none') }, sybil, 0), 'Availability_Index');
    await networkHelpers.mine(2_900);
    await networkHelpers.time.increase(23 * 3_600);
    const late = SEGMENT === 0 ? 1 : 0;
    await demandSegment(system, claim, challenger, late); // still in the window: a root demand
    await pass(0.9);
    const q = question(claim, challenger, 'segment', late);
    await answer(system, executor, q, segmentAnswer(claim, cheating, late)); // after the window
    await fails(system, demandSegment(system, claim, sybil, late), 'Availability_NotBelow');
    const third = program.segments.length;
    await pass(0.3);
    await demandSegment(system, claim, challenger, third); // a follow-up
    await pass(0.9);
    await answer(system, executor, question(claim, challenger, 'segment', third), answerSegment(claim.opened, null));
    await demandInner(system, claim, challenger, [SEGMENT, LIE.value, 0, 16]);
    await pass(1.2); // two clocks and a quarter after the root demand's answer, one after the follow-up's
    const value = LIE.value + 1;
    await fails(system, demandInner(system, claim, challenger, [SEGMENT, value, 0, 16]), 'Availability_NotBelow');
  });

  it('costs what its bond counts', async () => {
    const { system, q, blob } = await loadFixture(demanded);
    const receipt = await (await answer(system, system.executor, q, blob)).wait();
    const counted = 120_000n + BigInt(32 * COUNT + 1_024) * 42n;
    expect(counted).to.be.closeTo(receipt!.gasUsed, receipt!.gasUsed / 4n);
  });
});

describe('A demand for bytes of an inner value', () => {
  it('shows them below the segment’s list', async () => {
    const { system, claim } = await loadFixture(shown);
    const { challenger, sybil, contracts } = system;
    const tensor = cheating.values[LIE.value]!;
    const index = innerIndex(SEGMENT, LIE.value);
    const range = { first: 1_000, count: 3_000 };
    await demandInner(system, claim, challenger, [SEGMENT, LIE.value, range.first, range.count]);
    const q = question(claim, challenger, 'inner', index, range);
    const blob = answerInner(q, { tensor, list: tree(cheating), index: LIE.value });
    for (const wrong of [
      answerInner(q, { tensor: honest.values[LIE.value], list: tree(cheating), index: LIE.value }),
      answerInner({ ...q, first: 0 }, { tensor, list: tree(cheating), index: LIE.value }),
      answerInner(q, { tensor: null, list: tree(cheating), index: LIE.value }),
      blob.with(blob.length - 1, blob[blob.length - 1] ^ 1),
      blob.slice(0, -1),
      Uint8Array.from([...blob, 0]),
    ])
      await expect(answer(system, sybil, q, wrong)).to.revert(ethers);
    const sent = await answer(system, sybil, q, blob);
    const call = contracts.Availability.interface.parseTransaction(sent);
    const read = readInner(q, getBytes(call?.args.blob), tree(cheating));
    expect(read?.bytes).to.deep.equal(tensor.bytes.slice(1_000, 4_000));
    expect(read?.root).to.equal(tensor.root);
  });

  it('shows that the list has none where the trace does', async () => {
    const { system, claim } = await loadFixture(shown);
    const value = program.boundary.indexOf(true, FIRST);
    await demandInner(system, claim, system.challenger, [SEGMENT, value, 0, 8]);
    const q = question(claim, system.challenger, 'inner', innerIndex(SEGMENT, value), { count: 8 });
    const blob = answerInner(q, { tensor: null, list: tree(cheating), index: value });
    await answer(system, system.executor, q, blob);
    expect(readInner(q, blob, tree(cheating))).to.equal(null);
  });

  it('needs the segment to be shown, and a root demand of one’s own', async () => {
    const { system, claim, q, blob } = await loadFixture(demanded);
    const { challenger, sybil, executor } = system;
    const ask = (signer = challenger) => demandInner(system, claim, signer, [SEGMENT, LIE.value, 0, 8]);
    await fails(system, ask(), 'Availability_NoSegment', SEGMENT);
    await answer(system, executor, q, blob);
    await fails(system, ask(sybil), 'Availability_NotBelow');
    await fails(system, demandInner(system, claim, challenger, [SEGMENT, 0, 0, 0]), 'Availability_Count');
    await ask();
    await fails(system, ask(), 'Availability_Asked');
    await pass(1);
    const index = innerIndex(SEGMENT, LIE.value);
    const asked = question(claim, challenger, 'inner', index, { count: 8 });
    await system.contracts.Availability.expire({ ...asked, kind: 10 });
    expect(await state(system, claim)).to.equal(REJECTED);
  });
});

describe('A root where no value stands', () => {
  const stray = id('stray');
  const opOf = (value: number) => program.operators.findLastIndex(({ firstValue }) => firstValue <= value);
  const boundary = program.boundary.indexOf(true, FIRST);

  it('is at fault in the list answered for a segment, and zero there is not', async () => {
    const { system, claim, q } = await loadFixture(demanded);
    const roots = segmentRoots(cheating, SEGMENT).map((root, i) => (FIRST + i === boundary ? stray : root));
    const segment = segmentTree(program.segments[SEGMENT], roots);
    const trees = claimTrees(cheating, claim.place);
    const place = { operator: opOf(boundary), output: 0, value: boundary, segment };
    const proof = strayFault(trees, place, stray);
    await expect(prove(system, claim.batchId, proof, 'proveEncoding'))
      .to.be.revertedWithCustomError(system.contracts.Malformed, 'Malformed_NoSegment')
      .withArgs(SEGMENT);
    await answer(system, system.executor, q, segmentAnswer(claim, cheating, SEGMENT, roots));
    await expect(prove(system, claim.batchId, proof, 'proveEncoding'))
      .to.emit(system.contracts.Malformed, 'FormFault')
      .withArgs(claim.batchId, 1, ethers.encodeBytes32String('encoding'), boundary);
    expect(await state(system, claim)).to.equal(REJECTED);
  });

  it('is not at fault where the list is right: no value of it can be called stray', async () => {
    const { system, claim } = await loadFixture(shown);
    const trees = claimTrees(cheating, claim.place);
    const tried = (value: number, root: Hash, segment?: ListTree) =>
      expect(
        prove(
          system,
          claim.batchId,
          strayFault(trees, { operator: opOf(value), output: 0, value, segment }, root),
          'proveEncoding',
        ),
      );
    const { Malformed } = system.contracts;
    const right = tree(cheating);
    await tried(boundary, ZERO_HASH, right).to.be.revertedWithCustomError(Malformed, 'Malformed_NoFault');
    await tried(boundary, cheating.values[boundary]!.root).to.revert(ethers); // its root in the trace
    await tried(LIE.value, ZERO_HASH).to.be.revertedWithCustomError(Malformed, 'Malformed_NoFault');
    await tried(LIE.value, cheating.values[LIE.value]!.root, right).to.revert(ethers); // its root in the segment's list
  });
});

describe('The form of an inner value', () => {
  const op = program.operators.findIndex(({ firstValue }) => firstValue === LIE.value);
  /** Answers with one root replaced; what opens the value then. */
  async function answered(root: Hash) {
    const { system, claim, q } = await loadFixture(demanded);
    const roots = segmentRoots(cheating, SEGMENT).map((known, i) => (FIRST + i === LIE.value ? root : known));
    const segment = segmentTree(program.segments[SEGMENT], roots);
    const place = { operator: op, output: 0, value: LIE.value, segment };
    const trees = claimTrees(cheating, claim.place);
    return {
      system,
      claim,
      trees,
      place,
      answer: () => answer(system, system.executor, q, segmentAnswer(claim, cheating, SEGMENT, roots)),
    };
  }

  it('is at fault where the list holds zero', async () => {
    const { system, claim, trees, place, answer: respond } = await answered(ZERO_HASH);
    const proof = missingFault(trees, place);
    await expect(prove(system, claim.batchId, proof, 'proveMissing'))
      .to.be.revertedWithCustomError(system.contracts.Malformed, 'Malformed_NoSegment')
      .withArgs(SEGMENT);
    await respond();
    await expect(prove(system, claim.batchId, missingFault(trees, { ...place, value: LIE.value }), 'proveMissing'))
      .to.emit(system.contracts.Malformed, 'FormFault')
      .withArgs(claim.batchId, 1, ethers.encodeBytes32String('missing'), LIE.value);
    expect(await state(system, claim)).to.equal(REJECTED);
  });

  it('is at fault where its type is another', async () => {
    const { type, bytes } = cheating.values[LIE.value]!;
    const strange = commitTensor({ ...type, dims: [type.dims[0] * type.dims[1]] }, bytes);
    const { system, claim, trees, place, answer: respond } = await answered(strange.root);
    await respond();
    await prove(system, claim.batchId, headerFault(trees, place, preimageOf(strange)), 'proveHeader');
    expect(await state(system, claim)).to.equal(REJECTED);
  });

  it('is at fault where a NaN is not the canonical one, and not where it is right', async () => {
    const { type, bytes } = cheating.values[LIE.value]!;
    const strange = commitTensor(type, bytes.with(4 * 9 + 3, 0x7f).with(4 * 9 + 2, 0xc1));
    const { system, claim, trees, place, answer: respond } = await answered(strange.root);
    await respond();
    const open = (at: number) => byteFault(trees, place, at, strange.tree.chunk(0), strange.tree.openings([0]));
    await expect(prove(system, claim.batchId, open(8), 'proveEncoding')).to.be.revertedWithCustomError(
      system.contracts.Malformed,
      'Malformed_NoFault',
    );
    await prove(system, claim.batchId, open(4 * 9), 'proveEncoding');
    expect(await state(system, claim)).to.equal(REJECTED);
  });
});
