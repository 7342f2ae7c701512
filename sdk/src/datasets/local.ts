import type { ChunkOpener, ColumnTree, ColumnType, DatasetPart, Range, TensorType } from '@essaim/protocol';

export interface LocalColumn extends ColumnType {
  readonly name: string;
  /** For a column of categories: what each number stands for. */
  readonly labels: readonly string[] | null;
}

/** A batch's part of one column: dims [rows, …shape]. */
export interface BatchTensor {
  readonly name: string;
  readonly type: TensorType;
  readonly bytes: Uint8Array;
}

/** What a trainer or a prover asks of a data set, wherever its bytes are. */
export interface BatchSource {
  readonly rows: number;
  readonly columns: readonly LocalColumn[];
  /** The tensors of one batch, a column each: row i of each is row `rows[i]` of the data set. DATASET_NO_ROW */
  gatherBatch(rows: readonly number[]): Promise<BatchTensor[]>;
  /** What opens these ranges (ascending, not empty) of a column's bytes in a proof. */
  opener(column: number, ranges: readonly Range[]): Promise<ChunkOpener>;
  /** The columns' tensor roots, whose list root is registered. */
  columnRoots(): Promise<string[]>;
}

/** A data set that is at hand to be published: in a folder, or wherever an app keeps it. */
export interface LocalDataset {
  readonly rows: number;
  readonly columns: readonly LocalColumn[];
  /** Bytes of a column; fewer where it ends. */
  read(column: number, offset: number, length: number): Promise<Uint8Array>;
  /** Hashes of all chunks of one part of a column. */
  leaves(column: number, part: number): Promise<Uint8Array>;
  /** Where a part with this root was stored before, if that is known; and a note of it. */
  stored?(root: string): Promise<DatasetPart | undefined>;
  note?(part: DatasetPart): Promise<void>;
  /** The tree over a column's first `rows` rows. */
  tree(column: number, rows?: number): Promise<ColumnTree>;
  /** The columns' root over the first `rows` rows. */
  columnsRoot(rows?: number): Promise<string>;
}
