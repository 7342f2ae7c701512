import { concat, uint } from '../commitments/bytes.ts';
import { EssaimError } from '../errors.ts';
import { type Need, OUTPUT_SLOT, type Verdict } from '../judges/judge.ts';
import type { Judges } from '../program/admit.ts';
import type { CommittedClaim } from '../program/claim.ts';
import type { Program } from '../program/program.ts';
import { DTYPES, type Operator, type Ref } from '../program/types.ts';
import { type BatchPlace, claimPart, openingPart, operatorPart, type Range, tensorOf } from './blob.ts';
import { judgeElement, type Reader } from './judge-element.ts';
import { judgeFor } from './judge-for.ts';

export interface FaultProofRequest extends BatchPlace {
  readonly program: Program;
  readonly claim: CommittedClaim;
  /** Operator number, its output, and the element's physical index. */
  readonly op: number;
  readonly output: number;
  readonly element: number;
  /** The element that an order operator's proof opens; searched for by default. */
  readonly witness?: number;
  readonly judges?: Judges;
}
export interface FaultProof {
  /** The packed blob that `Referee.proveFault` takes. */
  readonly proof: Uint8Array;
  readonly verdict: Verdict;
  /** The claimed element, little-endian bytes read as an integer. */
  readonly claimed: bigint;
  /** What an honest executor's element may be, in words. */
  readonly permitted: string;
}

/** Reads a claim's own operands and outputs of one operator. */
export function claimReader(program: Program, claim: CommittedClaim, op: Operator): Reader {
  return ({ slot, offset, length }) =>
    tensorOf(program, claim, refOf(op, slot)).tensor.bytes.subarray(offset, offset + length);
}

const refOf = (op: Operator, slot: number): Ref =>
  slot < OUTPUT_SLOT ? op.inputs[slot] : { kind: 'value', index: op.firstValue + slot - OUTPUT_SLOT };

/** Element of a tensor's bytes as an integer. */
export function elementBitsAt(bytes: Uint8Array, element: number, size: number): bigint {
  let bits = 0n;
  for (let i = size - 1; i >= 0; i--) bits = (bits << 8n) | BigInt(bytes[element * size + i]);
  return bits;
}

/** Consecutive needs of one slot with ascending offsets, at most 255, share an opening. */
function openings(needs: readonly Need[]): { slot: number; ranges: Range[] }[] {
  const out: { slot: number; ranges: Range[] }[] = [];
  for (const { slot, offset, length } of needs) {
    const last = out[out.length - 1];
    const shares = last?.slot === slot && last.ranges.length < 255 && last.ranges[last.ranges.length - 1].offset < offset;
    if (shares) last.ranges.push({ offset, length });
    else out.push({ slot, ranges: [{ offset, length }] });
  }
  return out;
}

/**
 * Builds the proof that one element of a claim is wrong, and says what its judge will find. A proof of a permitted
 * element is built too, for tests; the referee rejects it.
 */
export function buildFaultProof(request: FaultProofRequest): FaultProof {
  const { program, claim, output, element, witness } = request;
  const op = program.operators[request.op];
  const type = op?.outputTypes[output];
  const size = type && DTYPES[type.dtype].size;
  const value = op && claim.values[op.firstValue + output];
  if (!type || !value || element < 0 || (element + 1) * size > value.bytes.length) {
    throw new EssaimError('FAULT_NO_SUCH_ELEMENT', `operator ${request.op}, output ${output}, element ${element}`, {
      help: 'Name an element of a value of this program by its physical index.',
    });
  }
  const claimed = elementBitsAt(value.bytes, element, size);
  const judge = judgeFor(op, request.judges);
  const trial = judgeElement(
    judge,
    op,
    program.numerics,
    output,
    element,
    claimed,
    claimReader(program, claim, op),
    witness,
  );
  const parts = [
    { slot: OUTPUT_SLOT + output, ranges: [{ offset: element * size, length: size }] },
    ...openings(trial.needs),
  ];
  const proof = concat([
    claimPart(program, claim, request),
    operatorPart(program, request.op),
    uint(output, 1),
    uint(element, 4),
    uint(parts.length, 1),
    ...parts.map(({ slot, ranges }) => {
      const ref = refOf(op, slot);
      const { tensor, list } = tensorOf(program, claim, ref);
      return openingPart(slot, tensor, list, ref.index, ranges);
    }),
  ]);
  return { proof, verdict: trial.permitted.verdict(claimed), claimed, permitted: trial.permitted.describe() };
}
