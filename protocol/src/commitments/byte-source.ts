/** Bytes that need not be in memory: a file, or a part of one. */
export interface ByteSource {
  readonly length: number;
  /** The bytes from `offset` on; both lie inside. */
  read(offset: number, length: number): Uint8Array;
}

/** Bytes in memory as a source; nothing is copied. */
export const inMemory = (bytes: Uint8Array): ByteSource => ({
  length: bytes.length,
  read: (offset, length) => bytes.subarray(offset, offset + length),
});

/** A part of a source. */
export const partOf = (source: ByteSource, start: number, length: number): ByteSource => ({
  length,
  read: (offset, count) => source.read(start + offset, count),
});
