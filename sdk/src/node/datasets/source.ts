import { statSync } from 'node:fs';
import { EssaimError } from '@essaim/protocol';
import { type CsvOptions, openCsv } from './csv.ts';
import { type ImageSource, openImages } from './images.ts';
import { openJsonLines } from './json-lines.ts';
import { type NpyHeader, openNpy } from './npy.ts';
import type { RowSource } from './row.ts';
import type { DatasetSchema } from './schema.ts';
import { unreadable } from './text.ts';
import { openWindows } from './windows.ts';

export type Format = 'csv' | 'jsonl' | 'images' | 'npy' | 'text';
export const FORMATS: readonly Format[] = ['csv', 'jsonl', 'images', 'npy', 'text'];

export interface SourceOptions extends CsvOptions {
  /** Default: by the name's ending; a folder is of images. */
  format?: Format;
  /** Bytes in a row of a text; default 64. */
  window?: number;
}

export type AnySource = RowSource & {
  readonly format: Format;
  readonly headers?: readonly NpyHeader[];
} & Partial<Omit<ImageSource, keyof RowSource>>;

/** Opens a file, a folder of images, or several array files that are the columns. DATASET_FORMAT */
export async function openSource(
  paths: readonly string[],
  options: SourceOptions,
  schema?: DatasetSchema,
): Promise<AnySource> {
  const format = options.format ?? formatOf(paths[0]);
  if (format !== 'npy' && paths.length > 1) {
    const help = 'give one file or folder; later ones are added as rows with --append';
    throw new EssaimError('DATASET_FORMAT', `${paths.length} sources of the format ${format}`, { help });
  }
  if (format === 'csv') return { format, ...(await openCsv(paths[0], options)) };
  if (format === 'npy') return { format, ...(await openNpy(paths)) };
  if (format === 'text') return { format, ...(await openWindows(paths[0], options.window)) };
  if (format === 'images') return { format, ...(await openImages(paths[0], schema?.images)) };
  return {
    format,
    ...(await openJsonLines(paths[0], schema && [...new Set(schema.columns.flatMap(({ from }) => from))])),
  };
}

function formatOf(path: string): Format {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (cause) {
    throw unreadable(path, cause);
  }
  if (isFolder) return 'images';
  if (/\.(csv|tsv)$/i.test(path)) return 'csv';
  if (/\.(jsonl|ndjson)$/i.test(path)) return 'jsonl';
  if (/\.npy$/i.test(path)) return 'npy';
  if (/\.txt$/i.test(path)) return 'text';
  throw new EssaimError('DATASET_FORMAT', `${path} is of no known format`, {
    help: `name it .csv, .jsonl, .npy or .txt, or say which of ${FORMATS.join(', ')} it is`,
  });
}
