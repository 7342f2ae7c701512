import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EssaimError } from '@essaim/protocol';
import { channelsOf, readPicture } from './image.ts';
import { type Row, type RowSource, rowError } from './row.ts';
import type { ImageSchema } from './schema.ts';
import { unreadable } from './text.ts';

const PICTURE = /\.(png|jpe?g)$/i;

export interface ImageSource extends RowSource {
  readonly images: ImageSchema;
  readonly width: number;
  readonly height: number;
  /** Whether pictures lie in folders, whose names are their labels. */
  readonly isLabelled: boolean;
}

/**
 * A folder of pictures of one size, in the order of their paths: fields `image`, `label` (the name of the folder that a
 * picture lies in) and `path`. The first picture says size and, without a schema, whether they are grey.
 */
export async function openImages(folder: string, schema?: ImageSchema): Promise<ImageSource> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(folder, cause);
  });
  const inner = (path: string) =>
    path
      .slice(folder.length)
      .replace(/^[\\/]+/, '')
      .replaceAll('\\', '/');
  const pictures = entries
    .filter((entry) => entry.isFile() && PICTURE.test(entry.name))
    .map((entry) => ({ path: inner(join(entry.parentPath, entry.name)), label: inner(entry.parentPath) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  if (pictures.length === 0) {
    const help = 'give a folder with PNG or JPEG files, or one folder with them for each label';
    throw new EssaimError('DATASET_EMPTY', `${folder} has no pictures`, { help });
  }
  const first = join(folder, pictures[0].path);
  const start = await readFile(first);
  const images = schema ?? { channels: channelsOf(first, start), layout: 'chw' };
  const { width, height } = readPicture(first, start, images);
  let done = 0;
  return {
    images,
    width,
    height,
    isLabelled: pictures.some(({ label }) => label !== ''),
    fields: ['image', 'label', 'path'],
    progress: () => ({ bytes: done, total: pictures.length }),
    async *rows(): AsyncGenerator<Row> {
      done = 0;
      for (const { path, label } of pictures) {
        const file = join(folder, path);
        const picture = readPicture(file, await readFile(file), images);
        if (picture.width !== width || picture.height !== height) {
          const what = `${picture.width}x${picture.height} pixels where the first picture has ${width}x${height}`;
          throw rowError('DATASET_ROW_IMAGE_SIZE', { file, line: null }, null, what, 'scale all pictures to one size');
        }
        done++;
        yield { cells: [picture.samples, label, path], file, line: null };
      }
    },
  };
}
