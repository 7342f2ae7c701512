import { COLUMN_NAME, type ColumnType, DTYPES, type DType, EssaimError } from '@essaim/protocol';

/** How one column is made of a source's fields. */
export interface ColumnSchema extends ColumnType {
  name: string;
  /** The fields whose cells, one after the other, are a row of this column; `p0..p63` stands for 64 of them. */
  from: string[];
  /** Cells are texts that are numbered: in the order of this list, or with `true` as they first appear. */
  labels?: true | string[];
  /** Written is (cell · scale − mean) / std; mean and std are one number, or one for each channel of an image. */
  scale?: number;
  mean?: number[];
  std?: number[];
}

export interface ImageSchema {
  /** 1 for grey, 3 for red, green, blue. */
  channels: 1 | 3;
  /** Order of a row's dimensions: channels, height, width, or channels last. */
  layout: 'chw' | 'hwc';
}

/** How a data set is made of a source. */
export interface DatasetSchema {
  columns: ColumnSchema[];
  images?: ImageSchema;
}

const SHORT =
  /^\s*(?<name>[^\s:]+)\s*:\s*(?<dtype>\w+)\s*\[(?<shape>[\d\s,]*)\](?:\s+from\s+(?<from>.+?))?(?<labels>\s+as\s+labels)?(?:\s+scale\s+(?<scale>[-+.\deE]+))?\s*$/;
const RANGE = /^(?<stem>.*?)(?<first>\d+)\.\.(?<again>.*?)(?<last>\d+)$/;
const MAX_FIELDS = 1_000_000;

/** A column written as `x: float32[8, 8] from p0..p63 scale 0.0625` or `y: int64[] from label as labels`. */
export function parseColumn(text: string): ColumnSchema {
  const { name, dtype, shape, from, labels, scale } = SHORT.exec(text)?.groups ?? {};
  if (!name) throw invalid(`"${text}" is not a column`);
  const dims = shape.trim() === '' ? [] : shape.split(',').map(Number);
  const fields = (from ?? name).split(',').map((field) => field.trim());
  return checkColumn({
    name,
    dtype: dtype as DType,
    shape: dims,
    from: fields,
    ...(labels && { labels: true }),
    ...(scale && { scale: Number(scale) }),
  });
}

/** A schema that was read from JSON; its columns may be objects or texts as `parseColumn` takes them. DATASET_SCHEMA */
export function readSchema(value: unknown): DatasetSchema {
  const { columns, images } = (value ?? {}) as { columns?: unknown; images?: ImageSchema };
  if (!Array.isArray(columns) || columns.length === 0) throw invalid('it has no list "columns"');
  const read = columns.map((column) => (typeof column === 'string' ? parseColumn(column) : checkColumn(column)));
  const twice = read.find(({ name }, i) => read.findIndex((other) => other.name === name) < i);
  if (twice) throw invalid(`two columns are called ${twice.name}`);
  if (images && !([1, 3].includes(images.channels) && ['chw', 'hwc'].includes(images.layout)))
    throw invalid('images have 1 or 3 "channels" and the "layout" chw or hwc');
  return images ? { columns: read, images } : { columns: read };
}

function checkColumn(value: unknown): ColumnSchema {
  const { name, dtype, shape = [], from = name, labels, scale, mean, std } = (value ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || !COLUMN_NAME.test(name)) throw invalid(`"${String(name)}" cannot name a column`);
  if (typeof dtype !== 'string' || !Object.hasOwn(DTYPES, dtype))
    throw invalid(`column ${name}: "${String(dtype)}" is none of ${Object.keys(DTYPES).join(', ')}`);
  const isShape = Array.isArray(shape) && shape.length < 8 && shape.every((d) => Number.isInteger(d) && d > 0);
  if (!isShape) throw invalid(`column ${name}: a shape is a list of at most 7 positive integers`);
  const texts = (list: unknown): list is string[] =>
    Array.isArray(list) && list.every((item) => typeof item === 'string');
  const numbers = (list: unknown): list is number[] => Array.isArray(list) && list.every(Number.isFinite);
  const fields = typeof from === 'string' ? [from] : from;
  if (!texts(fields) || fields.length === 0) throw invalid(`column ${name}: "from" is a field or a list of fields`);
  if (labels !== undefined && labels !== true && !texts(labels))
    throw invalid(`column ${name}: "labels" is true or a list of texts`);
  if (texts(labels) && new Set(labels).size < labels.length) throw invalid(`column ${name}: a label twice`);
  if (labels !== undefined && (dtype === 'float32' || dtype === 'bool'))
    throw invalid(`column ${name}: labels are numbered by integers, not ${dtype}`);
  if (scale !== undefined && !Number.isFinite(scale)) throw invalid(`column ${name}: "scale" is a number`);
  for (const list of [mean, std])
    if (list !== undefined && !numbers(list)) throw invalid(`column ${name}: "mean" and "std" are lists of numbers`);
  if ((std as number[] | undefined)?.includes(0)) throw invalid(`column ${name}: a "std" of 0`);
  if (dtype !== 'float32' && (scale ?? mean ?? std) !== undefined)
    throw invalid(`column ${name}: only float32 is scaled`);
  const column = { name, dtype: dtype as DType, shape, from: fields.flatMap(expanded) };
  return JSON.parse(JSON.stringify({ ...column, labels, scale, mean, std })) as ColumnSchema;
}

/** The fields that `p0..p63` stands for; any other text is a field's name. */
function expanded(field: string): string[] {
  const { stem, first, again, last } = RANGE.exec(field)?.groups ?? {};
  if (first === undefined || (again !== '' && again !== stem)) return [field];
  const [low, high] = [Number(first), Number(last)];
  if (high < low || high - low >= MAX_FIELDS) throw invalid(`"${field}" is no range of fields`);
  const pad = first.length > 1 && first.startsWith('0') ? first.length : 0;
  return Array.from({ length: high - low + 1 }, (_, i) => `${stem}${String(low + i).padStart(pad, '0')}`);
}

const invalid = (what: string): EssaimError =>
  new EssaimError('DATASET_SCHEMA', `this schema cannot be used: ${what}`, {
    help: 'write columns like "x: float32[64] from p0..p63" or "y: int64[] from label as labels"',
  });
