export * from './column.ts';
export * from './column-opener.ts';
export * from './column-tree.ts';
export * from './elements.ts';
export * from './manifest.ts';
export { chunkRootOfParts, PART_BYTES, PART_CHUNKS, partBytes, partCount } from './parts.ts';
export * from './roots.ts';
