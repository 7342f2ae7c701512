import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type DatasetPart, EssaimError } from '@essaim/protocol';
import { type DatasetSchema, readSchema } from './schema.ts';

/** What a data set's folder says of itself, in `dataset.json`; bytes and chunk hashes of its columns lie beside it. */
export interface DatasetFolder {
  format: 'essaim/dataset-folder/1';
  rows: number;
  columns: FolderColumn[];
  /** How rows are added: absent for a data set that was downloaded. */
  schema?: DatasetSchema;
}

export interface FolderColumn {
  name: string;
  dtype: string;
  shape: number[];
  labels: string[] | null;
}

const INDEX = 'dataset.json';
export const NOTES = 'stored.json';
export const bytesFile = (folder: string, column: number): string => join(folder, `${column}.bin`);
/** Hashes of the chunks that are full: it only grows. */
export const leavesFile = (folder: string, column: number): string => join(folder, `${column}.leaves`);

/** Reads a folder's index. DATASET_FOLDER where it is none. */
export async function readFolder(folder: string): Promise<DatasetFolder> {
  let value: DatasetFolder;
  try {
    value = JSON.parse(await readFile(join(folder, INDEX), 'utf8'));
  } catch (cause) {
    throw notAFolder(folder, cause);
  }
  if (value?.format !== 'essaim/dataset-folder/1' || !Number.isInteger(value.rows) || !Array.isArray(value.columns))
    throw notAFolder(folder);
  readSchema({ columns: value.columns.map(({ name, dtype, shape }) => ({ name, dtype, shape })) });
  if (value.schema) readSchema(value.schema);
  return value;
}

/** Writes a folder's index in one step: until then the folder is what it was. */
export const writeFolder = (folder: string, value: DatasetFolder): Promise<void> => writeJson(folder, INDEX, value);

/** Where parts were stored by calls that may have been interrupted; a hint, asked about before it is used. */
export async function readNotes(folder: string): Promise<DatasetPart[]> {
  try {
    const notes = JSON.parse(await readFile(join(folder, NOTES), 'utf8'));
    return Array.isArray(notes) ? notes : [];
  } catch {
    return [];
  }
}

export async function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  const next = join(folder, `${name}.next`);
  const file = await open(next, 'w');
  try {
    await file.writeFile(`${JSON.stringify(value, null, 1)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, join(folder, name));
}

const notAFolder = (folder: string, cause?: unknown): EssaimError =>
  new EssaimError('DATASET_FOLDER', `${folder} holds no data set`, {
    help: 'name a folder that an import or a download made',
    cause,
  });
