import { AbiCoder, keccak256, toBigInt } from 'ethers';
import { concat, type Hash, uint } from '../commitments/bytes.ts';
import { listRoot } from '../commitments/list.ts';
import { tensorRoot } from '../commitments/tensor.ts';
import { DTYPES } from '../program/types.ts';
import { type ColumnType, columnTensor } from './column.ts';

/** keccak256 of each column's `dtype u8 ‖ rank u8 ‖ row dims rank × u32`, joined: what no version may change. */
export const typesHash = (columns: readonly ColumnType[]): Hash =>
  keccak256(
    concat(
      columns.flatMap(({ dtype, shape }) => [
        uint(DTYPES[dtype].code, 1),
        uint(shape.length, 1),
        ...shape.map((d) => uint(d, 4)),
      ]),
    ),
  );

/** List root of the columns' tensor roots; `chunkRoots` are those of the columns, in their order. */
export const columnsRoot = (columns: readonly ColumnType[], rows: number, chunkRoots: readonly Hash[]): Hash =>
  listRoot(columns.map((column, i) => tensorRoot(columnTensor(column, rows), chunkRoots[i])));

/** A data set is named by its first owner, its types and its first manifest. */
export const datasetIdOf = (owner: string, types: Hash, manifest: Hash): bigint =>
  toBigInt(keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'bytes32', 'bytes32'], [owner, types, manifest])));
