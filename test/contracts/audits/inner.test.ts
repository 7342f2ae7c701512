import {
  accusationHash,
  answerSegment,
  buildFaultProof,
  encodeHeader,
  fromHex,
  type Question,
  questionArgument,
  segmentRoots,
  toHex,
} from '@essaim/protocol';
import { expect } from 'chai';
import {
  answer,
  cheating,
  demandSegment,
  deploy,
  LIE,
  program as layered,
  question,
  segmentAnswer,
  submit,
} from '../claims/segmentFixture.ts';
import {
  type Audited,
  type Audits,
  audited,
  auditFixture,
  auditorOf,
  connection,
  drawn,
  PROGRAM,
  submitted,
} from './fixture.ts';

const { ethers, networkHelpers } = connection;

/** Has the drawn segment of an audit demanded, and answered by its auditor. */
async function shownSegment({ availability, challenger }: Audits, it: Audited): Promise<void> {
  const segment = Number(it.record.segment % BigInt(PROGRAM.segments.length));
  const by = availability.connect(challenger);
  await by.demandSegment(it.batchId, 0, segment, { value: 10n ** 18n });
  const asked: Question = {
    ...{ batchId: it.batchId, leaf: 0, kind: 'segment', index: segment, first: 0, count: 0 },
    demander: challenger.address,
  };
  const { inputsRoot, traceRoot } = it.record;
  const opened = { header: PROGRAM.header, inputsRoot, traceRoot, ...it.place };
  const blob = answerSegment(opened, {
    segment: PROGRAM.segments[segment],
    siblings: PROGRAM.trees.segments.siblings(segment),
    roots: segmentRoots(it.execution, segment),
  });
  await availability.connect(it.auditor).answer(questionArgument(asked), toHex(blob));
}

describe('Audits: inner values', () => {
  const header = toHex(encodeHeader(PROGRAM.header));
  const salt = ethers.id('salt');

  async function prove({ pool, accusations, challenger }: Audits, job: Parameters<typeof audited>[1], it: Audited) {
    const accusation = accusationHash(it.batchId, fromHex(header), challenger.address, salt);
    await accusations.connect(challenger).accuse(accusation);
    return pool.connect(challenger).proveInner(job.terms, it.record, header, salt);
  }

  it('convicts an audit that answers with another list than it committed to', async () => {
    const system = await networkHelpers.loadFixture(auditFixture);
    const { claims, pool, challenger } = system;
    const job = await submitted(system);
    const [audit] = await drawn(system, job);
    const innerRoot = ethers.id('not looked');
    const it = await audited(system, job, audit, await auditorOf(system, audit), { innerRoot });
    await expect(prove(system, job, it)).to.be.revertedWithCustomError(pool, 'AuditPool_NoFault');
    await shownSegment(system, it);
    await prove(system, job, it);
    expect(await claims.state(it.batchId)).to.equal(3n);
    expect((await claims.conviction(it.batchId)).challenger).to.equal(challenger.address);
  });

  it('convicts no audit that answers with what it committed to, and none by another program’s header', async () => {
    const system = await networkHelpers.loadFixture(auditFixture);
    const { pool, accusations, challenger } = system;
    const job = await submitted(system);
    const [audit] = await drawn(system, job);
    const it = await audited(system, job, audit, await auditorOf(system, audit));
    await shownSegment(system, it);
    await expect(prove(system, job, it)).to.be.revertedWithCustomError(pool, 'AuditPool_NoFault');
    const foreign = toHex(encodeHeader(layered.header));
    await accusations
      .connect(challenger)
      .accuse(accusationHash(it.batchId, fromHex(foreign), challenger.address, salt));
    await expect(
      pool.connect(challenger).proveInner(job.terms, it.record, foreign, salt),
    ).to.be.revertedWithCustomError(pool, 'AuditPool_NoFault');
  });

  it('takes no proof that touches inner values for a fault that stood in the trace', async () => {
    const system = await networkHelpers.loadFixture(deploy);
    const it = await submit(system, cheating);
    const op = layered.operators.findIndex(({ firstValue }) => firstValue === LIE.value);
    const segment = layered.operators[op].segment;
    await demandSegment(system, it, system.challenger, segment);
    const asked = question(it, system.challenger, 'segment', segment);
    await answer(system, system.executor, asked, segmentAnswer(it, cheating, segment));
    const proof = toHex(buildFaultProof(cheating, it.place, { op, output: 0, element: LIE.element }).proof);
    const { Referee, AuditPool } = system.contracts;
    expect(await Referee.examine(it.batchId, proof)).to.equal(2n);
    await expect(Referee.examineTrace(it.batchId, proof)).to.be.revertedWithCustomError(Referee, 'Referee_Inner');
    await expect(AuditPool.show(it.batchId, proof)).to.be.revertedWithCustomError(Referee, 'Referee_Inner');
  });
});
