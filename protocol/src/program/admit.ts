import type { Hash } from '../commitments/bytes.ts';
import { EssaimError } from '../errors.ts';
import type { Judge } from '../judges/judge.ts';
import { codeHash, judgeOf } from '../judges/registry.ts';
import { proofSize } from './proof-size.ts';
import type { Operator } from './types.ts';

/** Greatest evidence and judge gas of a fault that is meant to be provable. */
export const WORST_BYTES = 96 * 1024;
export const WORST_GAS = 12_000_000;
/** Greatest proof with its chunks and siblings: what nodes relay is 128 KiB a transaction. */
export const WORST_PROOF = 120 * 1024;

/** The judges that a program may name. */
export interface Judges {
  /** The judge of an operator, by name, version and types; throws if there is none. */
  judgeOf(op: Operator): Judge;
  /** Code hash of a judge contract, 0x hex; undefined if there is no such contract. */
  codeHash(contract: string): Hash | undefined;
}

/** The judges of this version of the protocol. */
export const defaultJudges: Judges = {
  judgeOf: (op) => judgeOf(op.name, op.since, op.inputTypes, op.outputTypes),
  codeHash,
};

/** The operator with its judge named. Throws if none takes it, or if its worst proof is too large. */
export function admit(op: Operator, judges: Judges): Operator {
  const types = op.inputTypes.map((type) => (type ? `${type.dtype}[${type.dims}]` : 'none')).join(', ');
  const judge = find(op, types, judges);
  const hash = judges.codeHash(judge.contract);
  if (!hash) throw missing(op, types);
  judge.admit(op);
  const { bytes, gas } = judge.worst(op);
  if (bytes > WORST_BYTES || gas > WORST_GAS) {
    throw tooLarge(op, types, `${bytes} bytes of operands and ${gas} gas`, `${WORST_BYTES} and ${WORST_GAS}`);
  }
  const proof = proofSize(judge, op);
  if (proof > WORST_PROOF) throw tooLarge(op, types, `${proof} bytes`, `${WORST_PROOF}`);
  return { ...op, judge: hash };
}

function find(op: Operator, types: string, judges: Judges): Judge {
  try {
    return judges.judgeOf(op);
  } catch (cause) {
    throw missing(op, types, cause);
  }
}

function missing(op: Operator, types: string, cause?: unknown): EssaimError {
  return new EssaimError('ONNX_UNSUPPORTED_OPERATOR', `node ${op.node}: no judge for ${op.name} of ${types}`, {
    help: 'Rewrite the node with operators and types that a judge takes; docs/operators.md lists them.',
    cause,
    details: { node: op.node, operator: op.name },
  });
}

function tooLarge(op: Operator, types: string, needed: string, allowed: string): EssaimError {
  const what = `node ${op.node} (${op.name} of ${types}): its worst fault proof needs ${needed}`;
  return new EssaimError('PROGRAM_FAULT_TOO_LARGE', `${what}, more than ${allowed}`, {
    help: 'One transaction must hold the proof of any wrong element: rewriteModel cuts long rows and products.',
    details: { node: op.node, operator: op.name },
  });
}
