import { byteLength, type TensorType } from '@essaim/protocol';

/**
 * The first byte that no tensor of this type has where it stands, in whole chunks with their padding: not zero after the
 * end, above 1 in a bool, or of a NaN that is not 0x7fc00000; -1 if there is none.
 */
export function irregularByte(type: TensorType, padded: Uint8Array): number {
  const end = byteLength(type);
  for (let at = end; at < padded.length; at++) if (padded[at] !== 0) return at;
  if (type.dtype === 'bool') return padded.subarray(0, end).findIndex((byte) => byte > 1);
  if (type.dtype !== 'float32') return -1;
  const view = new DataView(padded.buffer, padded.byteOffset, end);
  for (let at = 0; at < end; at += 4) {
    const bits = view.getUint32(at, true);
    if ((bits & 0x7fffffff) > 0x7f800000 && bits !== 0x7fc00000) return at;
  }
  return -1;
}
