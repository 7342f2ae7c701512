import {
  type BatchRoot,
  coordinatesOf,
  DTYPES,
  type DType,
  elementValue,
  fromHex,
  judgeShown,
  OUTPUT_SLOT,
  programId,
  readFaultProof,
  type ShownFault,
  type ShownOpening,
} from '@essaim/protocol';
import type { ElementFault, OpenedOperand } from './types.ts';

/** Elements of an operand that are told one by one. */
const TOLD = 32;

/** What a fault proof shows, judged here by the judge's twin. FAULT_PROOF_INVALID unless it opens the batch's root. */
export function explainElement(proof: string, batch: BatchRoot): { fault: ElementFault; segmentRoot: string | null } {
  const bytes = fromHex(proof);
  const shown = readFaultProof(bytes, batch);
  const { claim, operator, op, output, element } = shown;
  const { header } = claim;
  const type = operator.outputTypes[output];
  const judged = judgedIfKnown(shown);
  const bits = judged?.claimed ?? claimedBits(shown);
  const fault: ElementFault = {
    operator: op,
    operators: header.opCount,
    name: operator.name,
    since: operator.since,
    output,
    value: operator.firstValue + output,
    segment: operator.segment,
    segments: header.segmentCount,
    inner: shown.openings[0].ref.kind === 'inner',
    programId: programId(header),
    dtype: type.dtype,
    dims: type.dims,
    element,
    at: coordinatesOf(type, element),
    claimed: showElement(type.dtype, bits),
    bits: `0x${bits.toString(16).padStart(2 * DTYPES[type.dtype].size, '0')}`,
    permitted: judged?.words ?? 'unknown: this software does not know the operator’s judge',
    range: judged?.range ?? null,
    verdict: judged?.verdict ?? null,
    operands: shown.openings.filter(({ slot }) => slot < OUTPUT_SLOT).map(operandOf),
    proofBytes: bytes.length,
  };
  return { fault, segmentRoot: shown.segmentRoot };
}

function judgedIfKnown(shown: ShownFault) {
  try {
    return judgeShown(shown);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'JUDGE_UNKNOWN' || code === 'JUDGE_MISSING') return null;
    throw error;
  }
}

const bitsIn = (bytes: Uint8Array): bigint => bytes.reduceRight((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
const claimedBits = ({ openings }: ShownFault): bigint => bitsIn(openings[0].ranges[0].bytes);

/** An element in words: all digits of its type, none more. */
export function showElement(dtype: DType, bits: bigint): string {
  if (dtype === 'bool') return bits === 0n ? 'false' : bits === 1n ? 'true' : `${bits}, which no bool is`;
  if (dtype === 'float32') return showFloat(elementValue(dtype, bits));
  return String(dtype.startsWith('int') ? BigInt.asIntN(8 * DTYPES[dtype].size, bits) : bits);
}

/** The shortest decimal that names this binary32 and no other. */
export function showFloat(value: number): string {
  if (!Number.isFinite(value) || value === 0) return Object.is(value, -0) ? '-0' : String(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === Math.fround(value)) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

function operandOf({ slot, ref, type, ranges }: ShownOpening): OpenedOperand {
  const { size } = DTYPES[type.dtype];
  const first: { at: number[]; value: string }[] = [];
  let count = 0;
  for (const { offset, length, bytes } of ranges) {
    count += length / size;
    for (let i = 0; i < length && first.length < TOLD; i += size) {
      const bits = bitsIn(bytes.subarray(i, i + size));
      first.push({ at: coordinatesOf(type, (offset + i) / size), value: showElement(type.dtype, bits) });
    }
  }
  const kind = ref.kind as OpenedOperand['kind'];
  return { slot, kind, index: ref.index, dtype: type.dtype, dims: type.dims, count, first };
}
