import { DTYPES, type DType, EssaimError, elementCount, MAX_LABELS, showColumn } from '@essaim/protocol';
import { quoted, type Row, rowError } from './row.ts';
import type { ColumnSchema } from './schema.ts';

const LIMITS: Partial<Record<DType, readonly [bigint, bigint]>> = Object.fromEntries(
  [8, 16, 32, 64].flatMap((bits) => [
    [`uint${bits}`, [0n, (1n << BigInt(bits)) - 1n]],
    [`int${bits}`, [-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n]],
  ]),
);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;
const NOT_A_NUMBER = /^[+-]?(nan|inf|infinity|na|n\/a|null|none)$/i;

type Field = { name: string; index: number };
type Place = Pick<Row, 'file' | 'line'>;

/** Writes rows' cells as the little-endian elements of one column; numbers what its labels are. */
export class CellEncoder {
  readonly column: ColumnSchema;
  readonly bytes: number;
  /** Labels in the order of their numbers, for a column that has them. */
  readonly labels: string[] | null;
  readonly #fields: readonly Field[];
  readonly #numbers: Map<string, number>;
  readonly #isOpen: boolean;
  readonly #elements: number;
  readonly #perChannel: (element: number) => number;

  /** `fields` are the source's; `known` the labels of earlier versions. */
  constructor(column: ColumnSchema, fields: readonly Field[], known: string[] | null, channelsLast = false) {
    this.column = column;
    this.#fields = fields;
    this.labels = column.labels === undefined ? null : [...(known ?? (column.labels === true ? [] : column.labels))];
    this.#numbers = new Map(this.labels?.map((label, i) => [label, i]));
    this.#isOpen = column.labels === true;
    this.#elements = elementCount({ dtype: column.dtype, layout: 0, dims: column.shape });
    this.bytes = this.#elements * DTYPES[column.dtype].size;
    const channels = (channelsLast ? column.shape.at(-1) : column.shape[0]) ?? 1;
    const area = this.#elements / channels;
    for (const [what, list] of Object.entries({ mean: column.mean, std: column.std })) {
      if (!list || list.length === 1 || list.length === channels) continue;
      throw new EssaimError('DATASET_SCHEMA', `column ${column.name}: ${list.length} numbers in "${what}"`, {
        help: `give one number, or one for each of its ${channels} channels`,
      });
    }
    this.#perChannel = channelsLast ? (i) => i % channels : (i) => Math.floor(i / area);
  }

  /** Writes one row at `offset`; DATASET_ROW_… names the cell that has no place in the column. */
  write(row: Row, view: DataView, offset: number): void {
    const size = DTYPES[this.column.dtype].size;
    let element = 0;
    for (const field of this.#fields) {
      const put = (cell: unknown): void => {
        if (Array.isArray(cell) || ArrayBuffer.isView(cell)) (cell as unknown[]).forEach(put);
        else if (element++ < this.#elements)
          this.#put(view, offset + (element - 1) * size, cell, element - 1, row, field);
      };
      const cell = row.cells[field.index];
      if (isNested(cell) && !hasShape(cell, this.column.shape)) throw this.#shape(row, 'lists of other lengths');
      put(cell);
    }
    if (element !== this.#elements) throw this.#shape(row, `${element} elements`);
  }

  #shape(row: Row, what: string): EssaimError {
    const expected = `${showColumn(this.column)} has ${this.#elements} elements`;
    const help = 'give as many numbers as the schema’s shape has, flat or nested like it';
    return rowError('DATASET_ROW_SHAPE', row, this.#fields[0], `${what} where ${expected}`, help);
  }

  #put(view: DataView, at: number, cell: unknown, element: number, row: Place, field: Field): void {
    const { dtype, scale, mean, std } = this.column;
    if (this.labels) putInteger(view, at, dtype, BigInt(this.#number(cell, row, field)), row, field);
    else if (dtype === 'float32') {
      let value = number(cell, row, field);
      if (scale !== undefined) value *= scale;
      if (mean) value -= mean[mean.length === 1 ? 0 : this.#perChannel(element)];
      if (std) value /= std[std.length === 1 ? 0 : this.#perChannel(element)];
      if (!Number.isFinite(Math.fround(value))) throw overflow(cell, dtype, row, field);
      view.setFloat32(at, value, true);
    } else if (dtype === 'bool') view.setUint8(at, truth(cell, row, field));
    else putInteger(view, at, dtype, integer(cell, row, field), row, field);
  }

  #number(cell: unknown, row: Place, field: Field): number {
    if (cell === undefined || cell === null || cell === '') throw empty(row, field);
    const text = String(cell);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    if (this.#numbers.size === MAX_LABELS) {
      const help = 'read the field as numbers, or leave it out of the schema';
      throw rowError('DATASET_ROW_LABEL', row, field, `a label beyond the first ${MAX_LABELS}`, help);
    }
    if (!this.#isOpen || text.length > 256 || typeof cell === 'object') {
      throw rowError(
        'DATASET_ROW_LABEL',
        row,
        field,
        `${quoted(text)} is not one of its labels`,
        'add it to the schema’s labels or correct the row',
      );
    }
    this.#numbers.set(text, this.labels!.length);
    return this.labels!.push(text) - 1;
  }
}

const isNested = (cell: unknown): cell is unknown[] => Array.isArray(cell) && cell.some(Array.isArray);
const hasShape = (cell: unknown, shape: readonly number[]): boolean =>
  shape.length === 0
    ? !Array.isArray(cell)
    : Array.isArray(cell) && cell.length === shape[0] && cell.every((item) => hasShape(item, shape.slice(1)));

function number(cell: unknown, row: Place, field: Field): number {
  if (typeof cell === 'number' && Number.isFinite(cell)) return cell;
  if (typeof cell === 'bigint') return Number(cell);
  const text = typeof cell === 'string' ? cell.trim() : undefined;
  if (text !== undefined && NUMBER.test(text)) return Number(text);
  throw notANumber(cell, 'number', row, field);
}

function integer(cell: unknown, row: Place, field: Field): bigint {
  if (typeof cell === 'bigint') return cell;
  if (typeof cell === 'boolean') return cell ? 1n : 0n;
  const text = typeof cell === 'string' ? cell.trim() : undefined;
  if (text !== undefined && INTEGER.test(text)) return BigInt(text.replace('+', ''));
  const value = number(cell, row, field);
  if (Number.isSafeInteger(value)) return BigInt(value);
  const help = 'give a whole number; beyond 2^53 write it as text, or use float32';
  throw rowError('DATASET_ROW_NOT_INTEGER', row, field, `${quoted(cell)} is no exact integer`, help);
}

function truth(cell: unknown, row: Place, field: Field): 0 | 1 {
  if (cell === true || cell === 1 || /^(true|1)$/i.test(String(cell))) return 1;
  if (cell === false || cell === 0 || /^(false|0)$/i.test(String(cell))) return 0;
  throw notANumber(cell, 'true or false', row, field);
}

function putInteger(view: DataView, at: number, dtype: DType, value: bigint, row: Place, field: Field): void {
  const [low, high] = LIMITS[dtype]!;
  if (value < low || value > high) throw overflow(value, dtype, row, field);
  const size = DTYPES[dtype].size;
  if (size === 8) view.setBigUint64(at, BigInt.asUintN(64, value), true);
  else if (size === 4) view.setUint32(at, Number(BigInt.asUintN(32, value)), true);
  else if (size === 2) view.setUint16(at, Number(BigInt.asUintN(16, value)), true);
  else view.setUint8(at, Number(BigInt.asUintN(8, value)));
}

function notANumber(cell: unknown, wanted: string, row: Place, field: Field) {
  if (cell === undefined || cell === null || cell === '') return empty(row, field);
  if (Number.isNaN(cell) || cell === Infinity || cell === -Infinity || NOT_A_NUMBER.test(String(cell).trim())) {
    const help = 'leave the row out or give the value that it should have: a data set holds finite numbers only';
    return rowError('DATASET_ROW_NAN', row, field, `${quoted(cell)} is not finite`, help);
  }
  return rowError(
    'DATASET_ROW_NOT_NUMBER',
    row,
    field,
    `${quoted(cell)} is no ${wanted}`,
    'correct the cell, or read the column as labels',
  );
}

const empty = (row: Place, field: Field) =>
  rowError('DATASET_ROW_EMPTY', row, field, 'the cell is empty or missing', 'fill it in or leave the row out');

const overflow = (cell: unknown, dtype: DType, row: Place, field: Field) =>
  rowError(
    'DATASET_ROW_OVERFLOW',
    row,
    field,
    `${quoted(cell)} does not fit in ${dtype}`,
    'use a wider element type, or scale it',
  );
