import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { datasets } from '../../../scripts/dataset-vectors.ts';
import {
  byteLength,
  ChunkTree,
  ColumnTree,
  type ColumnType,
  chunkRootFrom,
  columnsRoot,
  columnTensor,
  datasetIdOf,
  openColumn,
  toHex,
  typesHash,
  wasmHasher,
} from '../../src/index.ts';

interface Vector {
  columns: ColumnType[];
  rows: number;
  chunkRoots: string[];
  columnsRoot: string;
  typesHash: string;
  owner: string;
  manifest: string;
  id: string;
  lastByte: { offset: number; chunk: string; siblings: string[] };
}

const text = readFileSync(new URL('../../../test/vectors/datasets.json', import.meta.url), 'utf8');
const vectors = JSON.parse(text) as Vector[];

describe('golden vectors of data sets', () => {
  it('are what the definitions give', () => {
    expect(datasets).to.equal(text);
  });

  vectors.forEach((vector, v) => {
    it(`set ${v}: roots, types, id and an opening`, async () => {
      const { columns, rows, lastByte } = vector;
      const bytes = columns.map((column, c) =>
        Uint8Array.from(
          { length: byteLength(columnTensor(column, rows)) },
          (_, i) => (7 * i + c) & (column.dtype === 'bool' ? 1 : 255),
        ),
      );
      const trees = bytes.map((some) => {
        const tree = new ColumnTree();
        for (let at = 0; at < some.length; at += 777) tree.append(some.subarray(at, at + 777));
        return tree;
      });
      expect(trees.map((tree) => tree.root())).to.deep.equal(vector.chunkRoots);
      expect(columnsRoot(columns, rows, vector.chunkRoots)).to.equal(vector.columnsRoot);
      expect(typesHash(columns)).to.equal(vector.typesHash);
      expect(datasetIdOf(vector.owner, vector.typesHash, vector.manifest)).to.equal(BigInt(vector.id));
      const range = { offset: lastByte.offset, length: 1 };
      const opener = await openColumn({ bytes: bytes[0].length, parts: trees[0].partRoots() }, [range], {
        read: async (offset, length) => bytes[0].subarray(offset, offset + length),
        leaves: async () => wasmHasher.leaves(bytes[0]),
      });
      const chunk = Math.floor(lastByte.offset / 1024);
      expect(toHex(opener.chunk(chunk))).to.equal(lastByte.chunk);
      const siblings = opener.openings([chunk]);
      expect(siblings.map(toHex)).to.deep.equal(lastByte.siblings);
      const root = chunkRootFrom(bytes[0].length, [chunk], [opener.chunk(chunk)], siblings);
      expect(root).to.equal(new ChunkTree(bytes[0]).root);
    });
  });
});
