import { EssaimError } from '../errors.ts';
import { type Need, OUTPUT_SLOT, type Permitted, type Verdict } from '../judges/judge.ts';
import type { Judges } from '../program/admit.ts';
import type { Program } from '../program/program.ts';
import { DTYPES, type Operator, type Ref, type RefKind } from '../program/types.ts';
import { judgeFor } from './judge-for.ts';

/** Bytes of the tensors that an operator refers to, in their committed layouts. */
export type TensorOf = (kind: Exclude<RefKind, 'none'>, index: number) => { readonly bytes: Uint8Array };

export interface JudgeOptions {
  readonly judges?: Judges;
  /** Judges these bits instead of the element that the value holds. */
  readonly claimed?: bigint;
  /** The element of input 0 that an order operator's proof opens; the best one by default. */
  readonly witness?: number;
}

/** Outcome of one trial. */
export interface Judgement {
  readonly verdict: Verdict;
  /** The element's bytes, read as a little-endian integer. */
  readonly claimed: bigint;
  readonly permitted: Permitted;
  /** The ranges that the judge looked at, in order. */
  readonly needs: readonly Need[];
}

/** What a slot of an operator refers to: an operand, or from `OUTPUT_SLOT` on one of its outputs. */
export function refOf(op: Operator, slot: number): Ref {
  if (slot < OUTPUT_SLOT) return op.inputs[slot];
  const output = slot - OUTPUT_SLOT;
  const boundary = Math.floor(op.boundary / 2 ** output) % 2 === 1;
  return { kind: boundary ? 'value' : 'inner', index: op.firstValue + output };
}

/**
 * Judges one element (physical index) of one output of an operator, given the tensors of its own claim. Throws
 * `FAULT_NO_SUCH_ELEMENT` beyond the value's end.
 */
export function judgeElement(
  program: Pick<Program, 'numerics'>,
  op: Operator,
  output: number,
  element: number,
  tensorOf: TensorOf,
  options: JudgeOptions = {},
): Judgement {
  const judge = judgeFor(op, options.judges);
  const read = ({ slot, offset, length }: Need): Uint8Array => {
    const { kind, index } = refOf(op, slot);
    const bytes = tensorOf(kind as Exclude<RefKind, 'none'>, index).bytes.subarray(offset, offset + length);
    if (bytes.length === length) return bytes;
    throw new EssaimError(
      'FAULT_NO_SUCH_ELEMENT',
      `node ${op.node}: slot ${slot} has no ${length} bytes at ${offset}`,
      {
        help: 'Name an element inside the value, by its physical index, and give whole tensors.',
        details: { node: op.node, slot, offset, length },
      },
    );
  };
  const { size } = DTYPES[op.outputTypes[output].dtype];
  const claimed =
    options.claimed ?? elementOf(read({ slot: OUTPUT_SLOT + output, offset: element * size, length: size }));
  let { witness } = options;
  if (witness === undefined && judge.witness && (op.name === 'ArgMax' || op.name === 'ArgMin')) {
    witness = drive(judge.witness(op, output, element, claimed), read, []);
  }
  const needs: Need[] = [];
  const permitted = drive(judge.try(op, program.numerics, output, element, claimed, witness), read, needs);
  return { verdict: permitted.verdict(claimed), claimed, permitted, needs };
}

function elementOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
}

function drive<T>(steps: Generator<Need, T, Uint8Array>, read: (need: Need) => Uint8Array, needs: Need[]): T {
  let step = steps.next();
  while (!step.done) {
    needs.push(step.value);
    step = steps.next(read(step.value));
  }
  return step.value;
}
