import { type ElementArray, TYPED_ARRAYS } from '@essaim/protocol';
import type { BatchTensor } from './local.ts';

/** Rows of one column, decoded. */
export interface RowTensor extends BatchTensor {
  /** The elements, row-major. */
  readonly data: ElementArray;
  /** For a column of categories: what each number stands for. */
  readonly labels: readonly string[] | null;
}

export function decodeElements(tensor: BatchTensor, labels: readonly string[] | null): RowTensor {
  const Elements = TYPED_ARRAYS[tensor.type.dtype] as unknown as new (buffer: ArrayBufferLike) => ElementArray;
  return { ...tensor, data: new Elements(tensor.bytes.slice().buffer), labels };
}
