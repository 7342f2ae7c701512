/**
 * Writes the golden vectors of data sets to test/vectors/datasets.json: roots and ids from the definitions alone, for
 * every implementation to be tested against. Regenerate it only when the protocol changes.
 */
import { writeFileSync } from 'node:fs';
import { type ColumnType, columnTensor, commitTensor, DTYPES, elementCount, ListTree, toHex } from '@essaim/protocol';
import { AbiCoder, concat, keccak256, toBeHex } from 'ethers';

const OWNER = `0x${'a1'.repeat(20)}`;
const MANIFEST = `0x${'5e'.repeat(32)}`;

const SETS: { columns: ColumnType[]; rows: number }[] = [
  { rows: 1, columns: [{ dtype: 'uint8', shape: [] }] },
  {
    rows: 1797,
    columns: [
      { dtype: 'float32', shape: [64] },
      { dtype: 'int64', shape: [] },
    ],
  },
  {
    rows: 300,
    columns: [
      { dtype: 'uint8', shape: [3, 5, 7] },
      { dtype: 'int32', shape: [2] },
      { dtype: 'bool', shape: [] },
    ],
  },
];

/** Byte i of column c is (7i + c) mod 256, of a bool its lowest bit. */
const bytesOf = (column: ColumnType, rows: number, c: number): Uint8Array => {
  const type = columnTensor(column, rows);
  const mask = column.dtype === 'bool' ? 1 : 255;
  return Uint8Array.from({ length: elementCount(type) * DTYPES[type.dtype].size }, (_, i) => (7 * i + c) & mask);
};

function vector({ columns, rows }: (typeof SETS)[number]) {
  const tensors = columns.map((column, c) => commitTensor(columnTensor(column, rows), bytesOf(column, rows, c)));
  const list = new ListTree(tensors.map(({ root }) => root));
  const types = columns.map(({ dtype, shape }) =>
    concat([toBeHex(DTYPES[dtype].code, 1), toBeHex(shape.length, 1), ...shape.map((d) => toBeHex(d, 4))]),
  );
  const typesHash = keccak256(concat(types));
  const last = tensors[0].bytes.length - 1;
  return {
    columns,
    rows,
    chunkRoots: tensors.map(({ tree }) => tree.root),
    tensorRoots: tensors.map(({ root }) => root),
    columnsRoot: list.root,
    typesHash,
    owner: OWNER,
    manifest: MANIFEST,
    id: keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'bytes32', 'bytes32'], [OWNER, typesHash, MANIFEST])),
    lastByte: {
      offset: last,
      chunk: toHex(tensors[0].tree.chunk(Math.floor(last / 1024))),
      siblings: tensors[0].tree.openings([Math.floor(last / 1024)]).map(toHex),
      listSiblings: list.siblings(0).map(toHex),
    },
  };
}

/** The vectors as the file holds them. */
export const datasets = `${JSON.stringify(SETS.map(vector), null, 1)}\n`;
if (import.meta.main) writeFileSync(new URL('../test/vectors/datasets.json', import.meta.url), datasets);
