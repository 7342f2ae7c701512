import { Cursor, decodeType, depthOf, fromHex, HEADER_BYTES, TAGS, type TensorType, toHex } from '@essaim/protocol';
import type { FormFault } from './types.ts';

const show = ({ dtype, dims }: TensorType): string => `${dtype}[${dims.join(' × ')}]`;

/** Which of the four ways of a bad encoding a proof shows. */
const ENCODINGS = [
  'it holds a byte that no tensor has: not zero after its end, a bool above 1, or a NaN other than the canonical one',
  'its tree holds a chunk beyond the last one',
  'the trace holds a root beyond the last value',
  'a root stands where no value does: of an inner value in the trace, or of a boundary value in a segment’s answer',
];

/** A fault of form in words; `reason` and `value` are the event's. */
export function explainForm(reason: string, value: number, proof: string | null, claims: number): FormFault {
  if (reason === 'missing') return { value, what: 'the place of this value holds zero: the result leaves it out' };
  const cursor = proof === null ? null : afterClaim(proof, claims);
  if (reason === 'header') {
    const shown = cursor && typeShown(cursor.cursor, cursor.opCount);
    const what = shown
      ? `it is committed as ${show(shown)}, which is not its operator’s type`
      : 'it is of another type';
    return { value, what };
  }
  return { value, what: (cursor && ENCODINGS[cursor.cursor.uint(1)]) ?? 'it is not encoded in the one way values are' };
}

/** A cursor behind `claim` of a proof, and how many operators its program has. */
function afterClaim(proof: string, claims: number): { cursor: Cursor; opCount: number } {
  const cursor = new Cursor(fromHex(proof));
  cursor.take(96);
  const header = new Cursor(cursor.take(HEADER_BYTES));
  header.take(36);
  const opCount = header.uint(4);
  cursor.take(4 + 32 * depthOf(claims));
  return { cursor, opCount };
}

/** The type in the preimage of the value's root; null where it is none. */
function typeShown(cursor: Cursor, opCount: number): TensorType | null {
  cursor.take(4);
  cursor.take(cursor.uint(2));
  cursor.take(32 * depthOf(opCount) + 1);
  const preimage = new Cursor(cursor.take(cursor.uint(2)));
  if (toHex(preimage.take(32)) !== TAGS.tensor) return null;
  try {
    return decodeType(preimage);
  } catch {
    return null;
  }
}
