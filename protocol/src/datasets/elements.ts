import { EssaimError } from '../errors.ts';
import { type ElementArray, TYPED_ARRAYS } from '../program/typed-arrays.ts';
import { DTYPES, type DType } from '../program/types.ts';
import type { ColumnType } from './column.ts';

/** What the elements of a column lie between. */
export interface ElementLimits {
  readonly low: number | bigint;
  readonly high: number | bigint;
  /** Whether an element is NaN. */
  readonly nan: boolean;
}

/**
 * Limits of elements given as bytes, widened by `before`. DATASET_MALFORMED, with `where` and the element's number, for
 * what no tensor may hold: a bool above 1, or a NaN other than 0x7fc00000. A program that copies such an element makes
 * a value that convicts its executor.
 */
export function elementLimits(
  { dtype }: Pick<ColumnType, 'dtype'>,
  bytes: Uint8Array,
  where: string,
  before?: ElementLimits,
): ElementLimits {
  const elements = elementsOf(dtype, bytes);
  const bits = dtype === 'float32' ? new Uint32Array(elements.buffer, elements.byteOffset, elements.length) : undefined;
  let { low, high, nan }: ElementLimits = before ?? { low: Infinity, high: -Infinity, nan: false };
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i];
    if (element < low) low = element;
    if (element > high) high = element;
    if (bits && (bits[i] & 0x7fffffff) > 0x7f800000) {
      if (bits[i] !== 0x7fc00000) throw malformed(where, i, 'a NaN that is not 0x7fc00000');
      nan = true;
    } else if (dtype === 'bool' && element > 1) throw malformed(where, i, `a bool of ${element}`);
  }
  return { low, high, nan };
}

function elementsOf(dtype: DType, bytes: Uint8Array): ElementArray {
  const { size } = DTYPES[dtype];
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const Elements = TYPED_ARRAYS[dtype] as unknown as new (b: ArrayBufferLike, at: number, n: number) => ElementArray;
  return new Elements(aligned.buffer, aligned.byteOffset, aligned.length / size);
}

const malformed = (where: string, element: number, what: string): EssaimError =>
  new EssaimError('DATASET_MALFORMED', `${where}: element ${element} is ${what}`, {
    help: 'do not train on this data set: its owner must register it again with elements that tensors may hold',
  });
