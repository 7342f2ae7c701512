import {
  findMalformed,
  type Hash,
  type MalformedFault,
  malformedProof,
  type OperatorBody,
  type Program,
  type ProgramTrees,
  programId,
  readOperatorBody,
  readRoots,
  type ShownProgram,
  shownClaimHash,
  shownTrees,
  toHex,
  ZERO_HASH,
} from '@essaim/protocol';
import { ZeroAddress } from 'ethers';
import { act, type Desk } from './case.ts';
import { demand } from './demand.ts';
import type { Docket } from './docket.ts';

/**
 * Bars a program that this chain cannot judge: one of its operators names a judge that is not registered. No other rule
 * of programs is broken by one that was compiled here.
 */
export async function barUnjudged(desk: Desk, { id, operators, trees }: Program, signal?: AbortSignal): Promise<void> {
  const judged = await registered(desk, operators);
  const operator = operators.findIndex((op) => !judged(op));
  if (operator >= 0) await bar(desk, id, trees, { kind: 'leaf', operator }, signal);
}

/**
 * Bars a program that nobody could compile here, if its operators break a rule of programs: they are demanded on chain
 * from whoever claims to have run it. Says whether it did.
 */
export async function barShown(
  desk: Desk,
  submission: Pick<Docket, 'told' | 'batchId' | 'batch' | 'programId'>,
  signal?: AbortSignal,
): Promise<boolean> {
  if ((await desk.essaim.contracts.Malformed.barred(submission.programId)) !== ZERO_HASH) return true;
  const shown = await demandProgram(desk, submission, signal);
  if (programId(shown.header) !== submission.programId) return false;
  const ops = shown.bodies.flatMap((body) => opcodeAndJudge(body) ?? []);
  const fault = findMalformed(shown, await registered(desk, ops));
  if (fault) await bar(desk, submission.programId, shownTrees(shown), fault, signal);
  return fault !== null;
}

async function demandProgram(
  desk: Desk,
  submission: Parameters<typeof barShown>[1],
  signal?: AbortSignal,
): Promise<ShownProgram> {
  const list = { leaf: 0, kind: 'operators', index: 0, first: 0, count: 1 } as const;
  const { question, answer } = await demand(desk, submission, list, null, signal);
  const { claim } = readRoots(question, answer, submission.batch);
  const hash = shownClaimHash(claim);
  const bodies = await Promise.all(
    Array.from({ length: claim.header.opCount }, async (_, index) => {
      const ask = { leaf: 0, kind: 'operator', index, first: 0, count: 0 } as const;
      const shown = await demand(desk, submission, ask, claim, signal);
      return readOperatorBody(shown.question, shown.answer, hash);
    }),
  );
  return { header: claim.header, bodies };
}

/** Opcode and judge are where a body begins, whatever follows them. */
const opcodeAndJudge = (body: Uint8Array): Pick<OperatorBody, 'opcode' | 'judge'> | null =>
  body.length < 64 ? null : { opcode: toHex(body.subarray(0, 32)), judge: toHex(body.subarray(32, 64)) };

/** Whether the registry has the judges that operators name: each is asked for once. */
async function registered({ essaim }: Desk, operators: readonly Pick<OperatorBody, 'opcode' | 'judge'>[]) {
  const { JudgeRegistry } = essaim.contracts;
  const keyOf = ({ opcode, judge }: Pick<OperatorBody, 'opcode' | 'judge'>) => `${opcode}/${judge}`;
  const known = new Set<string>();
  for (const op of new Map(operators.map((each) => [keyOf(each), each])).values()) {
    if ((await JudgeRegistry.judge(op.opcode, op.judge)) !== ZeroAddress) known.add(keyOf(op));
  }
  return (op: Pick<OperatorBody, 'opcode' | 'judge'>) => known.has(keyOf(op));
}

async function bar(desk: Desk, id: Hash, trees: ProgramTrees, fault: MalformedFault, signal?: AbortSignal) {
  const { Malformed } = desk.essaim.contracts;
  if ((await Malformed.barred(id)) !== ZERO_HASH) return;
  await desk.consent?.(
    { kind: 'bar', subject: id, place: fault.kind, why: `program ${id} breaks a rule: ${fault.kind}` },
    signal,
  );
  const call = await Malformed.proveMalformed.populateTransaction(toHex(malformedProof(trees, fault)));
  await act(desk, call, `barring program ${id}`, signal);
  desk.say({ event: 'barred', programId: id, fault: fault.kind });
}
