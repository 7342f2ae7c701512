import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { byteLength, columnTensor, type DType, EssaimError, MAX_COLUMNS } from '@essaim/protocol';
import { CellEncoder } from './cells.ts';
import { ColumnFile } from './column-file.ts';
import { type DatasetFolder, readFolder, writeFolder } from './folder.ts';
import { inferSchema } from './infer.ts';
import { FolderDataset } from './local-dataset.ts';
import { type RowSource, rowError } from './row.ts';
import { type DatasetSchema, readSchema } from './schema.ts';
import { type AnySource, openSource, type SourceOptions } from './source.ts';

export interface ImportProgress {
  rows: number;
  /** Bytes read and bytes in all (of a folder of images: files). */
  done: number;
  total: number;
}

export interface ImportOptions extends SourceOptions {
  /** Default: the folder's own where rows are added, else one inferred from the first thousand rows. */
  schema?: DatasetSchema;
  /** Add rows to the data set that the folder holds. */
  append?: boolean;
  /** Told the schema in use before the first row is read. */
  onSchema?: (schema: DatasetSchema) => void;
  onProgress?: (progress: ImportProgress) => void;
  signal?: AbortSignal;
}

const MAX_ROWS = 0xffffffff;
/** Bytes of rows that are encoded before they are written. */
const BLOCK = 1 << 20;

/**
 * Turns files into a data set in `folder`, reading by streaming. Whatever goes wrong leaves the folder as it was: a new
 * one appears when it is whole, and added rows count when the last one is written. DATASET_ROW_… names file, line and
 * column of a row that cannot be taken; DATASET_HEADER, DATASET_SCHEMA, DATASET_FORMAT, DATASET_EMPTY,
 * DATASET_ENCODING, DATASET_NPY…, DATASET_UNREADABLE, DATASET_FOLDER_EXISTS, DATASET_TOO_LARGE.
 */
export async function importDataset(
  paths: string | readonly string[],
  folder: string,
  options: ImportOptions = {},
): Promise<FolderDataset> {
  const { append = false, onSchema } = options;
  const sources = typeof paths === 'string' ? [paths] : paths;
  const before = append ? await readFolder(folder) : undefined;
  if (!append) await requireFree(folder);
  const given = options.schema && readSchema(options.schema);
  const kept = before ? keptSchema(folder, before, given) : given;
  const source = await openSource(sources, options, kept);
  const schema = kept ?? readSchema(await inferSchema(source));
  if (schema.columns.length > MAX_COLUMNS) {
    throw new EssaimError('DATASET_SCHEMA', `${schema.columns.length} columns, at most ${MAX_COLUMNS}`, {
      help: 'gather fields that belong together in one column: "x: float32[64] from p0..p63"',
    });
  }
  onSchema?.(schema);
  const target = append ? folder : `${folder}.partial`;
  if (!append) {
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { recursive: true, force: true });
    await mkdir(target);
  }
  try {
    await writeFolder(target, await ingest(source, target, schema, before, options));
  } catch (error) {
    if (!append) await rm(target, { recursive: true, force: true });
    throw error;
  }
  if (!append) {
    await rm(folder, { recursive: true, force: true });
    await rename(target, folder);
  }
  return FolderDataset.open(folder);
}

/** DATASET_FOLDER_EXISTS unless the folder is empty or not there. */
export async function requireFree(folder: string): Promise<void> {
  const entries = await readdir(folder).catch(() => []);
  if (entries.length === 0) return;
  throw new EssaimError('DATASET_FOLDER_EXISTS', `${folder} is not empty`, {
    help: 'name another folder, or add rows to the data set that is in it with append',
  });
}

/** The schema that rows are added by: types and names are those of the rows before. */
function keptSchema(folder: string, { schema, columns }: DatasetFolder, given?: DatasetSchema): DatasetSchema {
  const use = given ?? schema;
  const same = (column: DatasetSchema['columns'][number], i: number) =>
    column.name === columns[i].name && column.dtype === columns[i].dtype && `${column.shape}` === `${columns[i].shape}`;
  if (use && use.columns.length === columns.length && use.columns.every(same)) return use;
  throw new EssaimError('DATASET_SCHEMA', `${folder}: the schema does not give the columns that the data set has`, {
    help: 'a data set keeps its columns and their types: give a schema with exactly these',
    details: { columns },
  });
}

function encodersOf(source: AnySource, { columns }: DatasetSchema, before?: DatasetFolder): CellEncoder[] {
  const places = new Map(source.fields.map((name, index) => [name, { name, index }]));
  return columns.map((column, i) => {
    const missing = column.from.find((name) => !places.has(name));
    if (missing !== undefined) {
      throw new EssaimError('DATASET_HEADER', `column ${column.name} is made of "${missing}", which the source lacks`, {
        help: `it has ${source.fields.slice(0, 20).join(', ')}${source.fields.length > 20 ? ', …' : ''}`,
        details: { column: missing },
      });
    }
    const fields = column.from.map((name) => places.get(name)!);
    return new CellEncoder(column, fields, before?.columns[i].labels ?? null, source.images?.layout === 'hwc');
  });
}

async function ingest(
  source: AnySource,
  folder: string,
  schema: DatasetSchema,
  before: DatasetFolder | undefined,
  { onProgress, signal }: ImportOptions,
): Promise<DatasetFolder> {
  const encoders = encodersOf(source, schema, before);
  const start = before?.rows ?? 0;
  const files: ColumnFile[] = [];
  let rows = start;
  try {
    for (const [i, { column }] of encoders.entries())
      files.push(await ColumnFile.open(folder, i, byteLength(columnTensor(column, start))));
    for await (const block of blocksOf(source, encoders, start)) {
      signal?.throwIfAborted();
      for (const [i, file] of files.entries()) await file.append(block.columns[i]);
      rows += block.rows;
      const { bytes, total } = source.progress();
      onProgress?.({ rows: rows - start, done: bytes, total });
    }
    if (rows === start) throw new EssaimError('DATASET_EMPTY', 'the source has no rows', { help: 'give at least one' });
  } finally {
    for (const file of files) await file.close(true);
  }
  const columns = encoders.map(({ column: { name, dtype, shape }, labels }) => ({
    name,
    dtype: dtype as DType,
    shape: [...shape],
    labels,
  }));
  return { format: 'essaim/dataset-folder/1', rows, columns, schema };
}

/** Rows, encoded, about a mebibyte at a time. */
async function* blocksOf(source: RowSource, encoders: readonly CellEncoder[], start: number) {
  const width = encoders.reduce((sum, { bytes }) => sum + bytes, 0);
  const capacity = Math.max(1, Math.floor(BLOCK / width));
  const limit = Math.min(MAX_ROWS, ...encoders.map(({ bytes }) => Math.floor(0xffffffff / bytes)));
  let columns: Uint8Array[] = [];
  let views: DataView[] = [];
  const begin = () => {
    columns = encoders.map(({ bytes }) => new Uint8Array(capacity * bytes));
    views = columns.map(({ buffer }) => new DataView(buffer));
  };
  begin();
  let rows = 0;
  let total = start;
  const block = () => ({ rows, columns: columns.map((bytes, i) => bytes.subarray(0, rows * encoders[i].bytes)) });
  for await (const row of source.rows()) {
    if (total === limit) {
      const help = 'split it into data sets, or make its rows smaller';
      throw rowError('DATASET_ROW_TOO_MANY', row, null, `a column holds at most ${limit} rows (4 GiB) here`, help);
    }
    encoders.forEach((encoder, i) => {
      encoder.write(row, views[i], rows * encoder.bytes);
    });
    rows++;
    total++;
    if (rows < capacity) continue;
    yield block();
    begin();
    rows = 0;
  }
  if (rows > 0) yield block();
}
