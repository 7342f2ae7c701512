import { closeSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { type ByteSource, EssaimError, type ExternalData } from '@essaim/protocol';

/**
 * The external data of a model whose file lies in `folder`: read from the disk in the parts that are asked for, nothing
 * is kept. Throws `ONNX_EXTERNAL_MISSING` where a file is not there, `ONNX_EXTERNAL_PATH` where a link leads out of the
 * folder, `ONNX_EXTERNAL_RANGE` where a file became shorter.
 */
export function externalFolder(folder: string): ExternalData {
  const known = new Map<string, ByteSource>();
  return (location) => {
    const opened = known.get(location) ?? open(folder, location);
    known.set(location, opened);
    return opened;
  };
}

function open(folder: string, location: string): ByteSource {
  const file = locate(folder, location);
  return {
    length: using(file, (descriptor) => fstatSync(descriptor).size),
    read: (offset, length) => using(file, (descriptor) => readWhole(descriptor, location, offset, length)),
  };
}

/** The file's own path; it must lie in the folder, whatever links there are. */
function locate(folder: string, location: string): string {
  try {
    const file = realpathSync(resolve(folder, location));
    const inside = relative(realpathSync(folder), file);
    if (inside !== '..' && !inside.startsWith(`..${sep}`) && resolve(inside) !== inside) return file;
  } catch (cause) {
    throw new EssaimError('ONNX_EXTERNAL_MISSING', `there is no file "${location}" beside the model`, {
      help: 'External data lies in the folder of the model: give the folder that holds both.',
      cause,
      details: { location, folder },
    });
  }
  throw new EssaimError('ONNX_EXTERNAL_PATH', `"${location}" leads out of the folder of the model`, {
    help: 'External data lies in the folder of the model: put the file there, not a link to it.',
    details: { location, folder },
  });
}

function using<T>(file: string, work: (descriptor: number) => T): T {
  const descriptor = openSync(file, 'r');
  try {
    return work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function readWhole(descriptor: number, location: string, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const count = readSync(descriptor, bytes, at, length - at, offset + at);
    if (count === 0) {
      throw new EssaimError('ONNX_EXTERNAL_RANGE', `"${location}" ends at ${offset + at}`, {
        help: 'Check that the external file is whole and belongs to this model, or save the model again.',
        details: { location },
      });
    }
    at += count;
  }
  return bytes;
}
