import type { ColumnTree, ColumnType } from '@essaim/protocol';

export interface LocalColumn extends ColumnType {
  readonly name: string;
  /** For a column of categories: what each number stands for. */
  readonly labels: readonly string[] | null;
}

/** A data set that is at hand: in a folder, or wherever an app keeps it. */
export interface LocalDataset {
  readonly rows: number;
  readonly columns: readonly LocalColumn[];
  /** Bytes of a column; fewer where it ends. */
  read(column: number, offset: number, length: number): Promise<Uint8Array>;
  /** Hashes of all chunks of one part of a column. */
  leaves(column: number, part: number): Promise<Uint8Array>;
  /** The tree over a column's first `rows` rows. */
  tree(column: number, rows?: number): Promise<ColumnTree>;
  /** The columns' root over the first `rows` rows. */
  columnsRoot(rows?: number): Promise<string>;
}
