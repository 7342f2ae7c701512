import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { type DType, EssaimError } from '@essaim/protocol';
import type { Row, RowSource } from './row.ts';
import { unreadable } from './text.ts';

/** An array file's header: `numpy.lib.format`, versions 1 to 3. */
export interface NpyHeader {
  readonly path: string;
  /** Element type of the column that it becomes; float64 and float16 become float32. */
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly offset: number;
  readonly bytes: number;
  readonly read: (view: DataView, at: number) => number | bigint;
  readonly size: number;
}

type Reader = { dtype: DType; size: number; read: (view: DataView, at: number) => number | bigint };
const TYPES: Record<string, Reader> = {
  '<f8': { dtype: 'float32', size: 8, read: (v, at) => v.getFloat64(at, true) },
  '<f4': { dtype: 'float32', size: 4, read: (v, at) => v.getFloat32(at, true) },
  '<i8': { dtype: 'int64', size: 8, read: (v, at) => v.getBigInt64(at, true) },
  '<u8': { dtype: 'uint64', size: 8, read: (v, at) => v.getBigUint64(at, true) },
  '<i4': { dtype: 'int32', size: 4, read: (v, at) => v.getInt32(at, true) },
  '<u4': { dtype: 'uint32', size: 4, read: (v, at) => v.getUint32(at, true) },
  '<i2': { dtype: 'int16', size: 2, read: (v, at) => v.getInt16(at, true) },
  '<u2': { dtype: 'uint16', size: 2, read: (v, at) => v.getUint16(at, true) },
  '|i1': { dtype: 'int8', size: 1, read: (v, at) => v.getInt8(at) },
  '|u1': { dtype: 'uint8', size: 1, read: (v, at) => v.getUint8(at) },
  '|b1': { dtype: 'bool', size: 1, read: (v, at) => v.getUint8(at) },
};

/** Reads a header. DATASET_NPY, DATASET_NPY_ORDER (Fortran order), DATASET_NPY_TYPE (objects, texts, big-endian). */
export async function readNpyHeader(path: string): Promise<NpyHeader> {
  const file = await open(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    const start = Buffer.alloc(12);
    await file.read(start, 0, 12, 0);
    const version = start[6];
    if (start.subarray(0, 6).toString('latin1') !== '\x93NUMPY' || version < 1 || version > 3)
      throw badArray('DATASET_NPY', path, 'it is no array file of version 1, 2 or 3', 'write it with numpy.save');
    const length = version === 1 ? start.readUInt16LE(8) : start.readUInt32LE(8);
    if (length > 65_536) throw badArray('DATASET_NPY', path, 'its header is too long', 'write it with numpy.save');
    const text = Buffer.alloc(length);
    const at = version === 1 ? 10 : 12;
    await file.read(text, 0, length, at);
    const header = parseHeader(path, text.toString(version === 3 ? 'utf8' : 'latin1'));
    const { size } = await file.stat();
    const bytes = header.shape.reduce((n, d) => n * d, header.size);
    if (size !== at + length + bytes)
      throw badArray(
        'DATASET_NPY',
        path,
        `${size - at - length} bytes of elements, not ${bytes}`,
        'it was cut off: write it again',
      );
    return { ...header, path, offset: at + length, bytes };
  } finally {
    await file.close();
  }
}

function parseHeader(path: string, text: string) {
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const dims = /'shape':\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  if (!order || dims === undefined)
    throw badArray('DATASET_NPY', path, 'its header is malformed', 'write it with numpy.save');
  const type = TYPES[descr ?? ''];
  if (!type) {
    const help = 'save numbers, little-endian, of 8 to 64 bits: array.astype(numpy.float32)';
    throw badArray('DATASET_NPY_TYPE', path, `elements of type ${descr ?? 'a record'} cannot be read`, help);
  }
  const shape = dims
    .split(',')
    .map((d) => d.trim())
    .filter((d) => d !== '')
    .map(Number);
  if (order === 'True' && shape.length > 1)
    throw badArray(
      'DATASET_NPY_ORDER',
      path,
      'its elements are in Fortran order',
      'save numpy.ascontiguousarray(array)',
    );
  if (shape.length === 0 || shape.length > 8)
    throw badArray('DATASET_NPY', path, `rank ${shape.length}`, 'rows are the first of at most 8 axes');
  return { ...type, shape };
}

/** Array files of equally many rows, each a field with its file's name. */
export async function openNpy(paths: readonly string[]): Promise<RowSource & { headers: readonly NpyHeader[] }> {
  const headers = await Promise.all(paths.map(readNpyHeader));
  const rows = headers[0].shape[0];
  const odd = headers.find(({ shape }) => shape[0] !== rows);
  if (odd)
    throw badArray(
      'DATASET_NPY',
      odd.path,
      `${odd.shape[0]} rows where ${paths[0]} has ${rows}`,
      'give arrays of equally many rows',
    );
  if (rows === 0)
    throw new EssaimError('DATASET_EMPTY', `${paths[0]} has no rows`, { help: 'a data set has at least one row' });
  const total = headers.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  return {
    headers,
    fields: paths.map(npyField),
    progress: () => ({ bytes: done, total }),
    async *rows(): AsyncGenerator<Row> {
      done = 0;
      const cells = headers.map(cellsOf);
      try {
        for (let row = 0; row < rows; row++) {
          const next = [];
          for (const cell of cells) next.push((await cell.next()).value);
          done += total / rows;
          yield { cells: next, file: paths[0], line: row + 1 };
        }
      } finally {
        for (const cell of cells) await cell.return(undefined);
      }
    },
  };
}

export const npyField = (path: string): string => basename(path).replace(/\.npy$/i, '');

/** One row after the other, as lists of numbers. */
async function* cellsOf({
  path,
  shape,
  offset,
  size,
  read,
}: NpyHeader): AsyncGenerator<(number | bigint)[], undefined> {
  const elements = shape.slice(1).reduce((n, d) => n * d, 1);
  const block = Math.max(1, Math.floor((1 << 20) / (elements * size)));
  const file = await open(path);
  try {
    for (let row = 0; row < shape[0]; row += block) {
      const count = Math.min(block, shape[0] - row);
      const bytes = Buffer.alloc(count * elements * size);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, offset + row * elements * size);
      if (bytesRead !== bytes.length)
        throw badArray('DATASET_NPY', path, 'it was cut off while it was read', 'write it again');
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      for (let i = 0; i < count; i++)
        yield Array.from({ length: elements }, (_, k) => read(view, (i * elements + k) * size));
    }
  } finally {
    await file.close();
  }
  return undefined;
}

const badArray = (code: string, path: string, what: string, help: string): EssaimError =>
  new EssaimError(code, `${path}: ${what}`, { help, details: { file: path } });
