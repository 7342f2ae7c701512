import { fromHex, type Hash } from '../commitments/bytes.ts';
import { MAX_RANK } from '../commitments/type.ts';
import { EssaimError } from '../errors.ts';
import { byteLength, DTYPES } from '../program/types.ts';
import { type ColumnType, columnTensor } from './column.ts';
import { chunkRootOfParts, partCount } from './parts.ts';
import { columnsRoot } from './roots.ts';

/** One file of a column. */
export interface DatasetPart {
  /** CID of its bytes. */
  bytes: string;
  /** CID of the leaves of its chunks, 32 bytes each. */
  leaves: string;
  /** Root of the tree over those leaves. */
  root: Hash;
}

export interface DatasetColumn extends ColumnType {
  name: string;
  /** For a column of categories: what each index stands for. */
  labels: string[] | null;
  parts: DatasetPart[];
}

/** What a version's on-chain digest names. */
export interface DatasetManifest {
  kind: 'essaim/dataset/1';
  name: string;
  description: string;
  /** SPDX expression or the text itself. */
  licence: string;
  rows: number;
  columns: DatasetColumn[];
  /** Digest of the previous version's manifest; null in the first. */
  previous: Hash | null;
  /** Who it was made by, as its publisher says. */
  contributors: { account: string; note: string }[];
}

export const MAX_COLUMNS = 64;
export const MAX_LABELS = 65_536;
const MAX_CONTRIBUTORS = 1024;

type Check = (value: unknown) => boolean;
const text =
  (most: number, least = 0): Check =>
  (value) =>
    typeof value === 'string' && value.length >= least && value.length <= most;
const integer =
  (most: number, least = 0): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
const list =
  (item: Check, most: number, least = 0): Check =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.length <= most && value.every(item);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
/** Exactly these fields, no others. */
const record =
  (fields: Record<string, Check>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === Object.keys(fields).length &&
    Object.entries(fields).every(([name, is]) => Object.hasOwn(value, name) && is((value as never)[name]));
const matching =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);

/** A column's name: what a program's input may be called. */
export const COLUMN_NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,62}$/;
const hash = matching(/^0x[0-9a-f]{64}$/);
const cid = matching(/^[A-Za-z0-9]{1,100}$/);
const column = record({
  name: matching(COLUMN_NAME),
  dtype: (value) => typeof value === 'string' && Object.hasOwn(DTYPES, value),
  shape: list(integer(0xffffffff, 1), MAX_RANK - 1),
  labels: orNull(list(text(256), MAX_LABELS, 1)),
  parts: list(record({ bytes: cid, leaves: cid, root: hash }), 64),
});
const FIELDS: Record<keyof DatasetManifest, Check> = {
  kind: (value) => value === 'essaim/dataset/1',
  name: text(256, 1),
  description: text(16_384),
  licence: text(65_536, 1),
  rows: integer(0xffffffff, 1),
  columns: list(column, MAX_COLUMNS, 1),
  previous: orNull(hash),
  contributors: list(record({ account: matching(/^0x[0-9a-fA-F]{40}$/), note: text(256) }), MAX_CONTRIBUTORS),
};

/**
 * A manifest that was published by anyone, if each field is of its type and size, column names differ, and every
 * column has as many parts as its bytes need; else MANIFEST_INVALID, with the field's name.
 */
export function readDatasetManifest(value: unknown): DatasetManifest {
  if (typeof value !== 'object' || value === null) throw invalid('it is not a map');
  const wrong = Object.entries(FIELDS).find(([name, is]) => !is((value as Record<string, unknown>)[name]));
  if (wrong) throw invalid(`its field "${wrong[0]}" is missing or malformed`);
  const extra = Object.keys(value).find((name) => !Object.hasOwn(FIELDS, name));
  if (extra !== undefined) throw invalid(`it has a field "${extra.slice(0, 80)}" that manifests do not have`);
  const manifest = value as DatasetManifest;
  if (new Set(manifest.columns.map(({ name }) => name)).size < manifest.columns.length)
    throw invalid('two of its columns have one name');
  for (const { labels, ...of } of manifest.columns) {
    const bytes = byteLength(columnTensor(of, manifest.rows));
    if (bytes > 0xffffffff) throw invalid(`column ${of.name} would have ${bytes} bytes`);
    if (of.parts.length !== partCount(bytes)) throw invalid(`column ${of.name} has ${of.parts.length} parts`);
    if (labels && new Set(labels).size < labels.length) throw invalid(`column ${of.name} has a label twice`);
  }
  return manifest;
}

/** Bytes of a column and its parts' roots, as a manifest states them. */
export const committedColumn = (column: DatasetColumn, rows: number) => ({
  bytes: byteLength(columnTensor(column, rows)),
  parts: column.parts.map(({ root }) => fromHex(root, 32)),
});

/** The columns' root that a manifest's parts give. */
export const manifestRoot = ({ columns, rows }: DatasetManifest): Hash =>
  columnsRoot(
    columns,
    rows,
    columns.map((column) => {
      const { bytes, parts } = committedColumn(column, rows);
      return chunkRootOfParts(bytes, parts);
    }),
  );

const invalid = (what: string): EssaimError =>
  new EssaimError('MANIFEST_INVALID', `this manifest is not a well-formed essaim/dataset/1: ${what}`, {
    help: 'whoever published it must publish it again; nothing of it was used',
  });
