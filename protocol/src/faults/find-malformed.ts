import { ListTree } from '../commitments/list.ts';
import { decodeOperator, type OperatorBody, operatorLeaf } from '../commitments/operator.ts';
import type { ProgramHeader } from '../commitments/program.ts';
import { sameType } from '../commitments/type.ts';
import type { MalformedFault } from './malformed.ts';
import type { ProgramTrees } from './parts.ts';

/** What an executor shows of a program: its header, and the bodies of all of its operators. */
export type ShownProgram = Pick<ProgramTrees, 'header' | 'bodies'>;

/** What `malformedProof` needs for the rules that are looked at here. */
export const shownTrees = ({ header, bodies }: ShownProgram): ProgramTrees => {
  const none = new ListTree([]);
  return { header, bodies, ops: new ListTree(bodies.map(operatorLeaf)), weights: none, segments: none };
};

/**
 * The first rule of programs that header and operators by themselves show to be broken, or null: what Malformed bars as
 * `empty`, `leaf`, `pair` or `edge`. `isJudged` says whether the registry has the judge that an operator names.
 */
export function findMalformed(
  { header, bodies }: ShownProgram,
  isJudged: (op: OperatorBody) => boolean,
): MalformedFault | null {
  if (header.opCount === 0 || header.valueCount === 0) return { kind: 'empty' };
  const ops: OperatorBody[] = [];
  for (const [operator, body] of bodies.entries()) {
    const op = decoded(body);
    if (!op || breaksAlone(header, operator, op) || !isJudged(op)) return { kind: 'leaf', operator };
    ops.push(op);
  }
  for (const [operator, op] of ops.entries()) {
    const next = ops[operator + 1];
    if (next && breaksPair(op, next)) return { kind: 'pair', operator };
  }
  for (const [consumer, op] of ops.entries()) {
    for (const [slot, { kind, index }] of op.inputs.entries()) {
      if (kind !== 'value' && kind !== 'inner') continue;
      const producer = ops.findLastIndex(({ firstValue }) => firstValue <= index);
      if (breaksEdge(op, slot, ops[producer])) return { kind: 'edge', consumer, producer, slot };
    }
  }
  return null;
}

function decoded(body: Uint8Array): OperatorBody | null {
  try {
    return decodeOperator(body);
  } catch {
    return null;
  }
}

function breaksAlone(header: ProgramHeader, index: number, op: OperatorBody): boolean {
  const { opCount, valueCount, segmentCount, inputCount, weightCount } = header;
  const [isFirst, isLast] = [index === 0, index + 1 === opCount];
  const end = op.firstValue + op.outputTypes.length;
  const limits = { none: 1, input: inputCount, weight: weightCount, value: op.firstValue, inner: op.firstValue };
  return (
    (isFirst && (op.firstValue !== 0 || op.segment !== 0)) ||
    end > valueCount ||
    op.segment >= segmentCount ||
    (isLast && (end !== valueCount || op.segment + 1 !== segmentCount)) ||
    op.boundary >= 2 ** op.outputTypes.length ||
    op.inputs.some(({ kind, index: number }) => number >= limits[kind])
  );
}

const breaksPair = (op: OperatorBody, next: OperatorBody): boolean =>
  next.firstValue !== op.firstValue + op.outputTypes.length ||
  next.segment < op.segment ||
  next.segment > op.segment + 1;

function breaksEdge(consumer: OperatorBody, slot: number, producer: OperatorBody): boolean {
  const { kind, index } = consumer.inputs[slot];
  const output = index - producer.firstValue;
  const isBoundary = Math.floor(producer.boundary / 2 ** output) % 2 === 1;
  if (isBoundary !== (kind === 'value') || (!isBoundary && consumer.segment !== producer.segment)) return true;
  return !sameType(consumer.inputTypes[slot]!, producer.outputTypes[output]);
}
