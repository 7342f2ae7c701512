import { convertIndexedToRgb, decode as decodePng } from 'fast-png';
import jpeg from 'jpeg-js';
import { rowError } from './row.ts';
import type { ImageSchema } from './schema.ts';

/** A decoded picture: samples of 0…255, in the order of its schema. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly samples: Float32Array | Uint8Array;
}

/** Interleaved samples of `channels` channels; 16-bit ones are scaled to 0…255. */
interface Raw {
  width: number;
  height: number;
  channels: number;
  data: ArrayLike<number>;
}

const MAX_PIXELS = 1 << 26;
const isPng = (bytes: Uint8Array) => bytes[0] === 0x89 && bytes[1] === 0x50;

/**
 * Decodes a PNG or JPEG. Colours become grey by the weights of ITU-R BT.601, grey is repeated for colours.
 * DATASET_ROW_IMAGE where it is damaged, larger than 2^26 pixels, or transparent.
 */
export function readPicture(file: string, bytes: Uint8Array, { channels, layout }: ImageSchema): Picture {
  const raw = decode(file, bytes);
  const area = raw.width * raw.height;
  const samples =
    raw.data instanceof Float32Array ? new Float32Array(area * channels) : new Uint8Array(area * channels);
  const isGrey = raw.channels < 3;
  const at = (pixel: number, channel: number): number => raw.data[pixel * raw.channels + (isGrey ? 0 : channel)];
  for (let pixel = 0; pixel < area; pixel++) {
    if (raw.channels % 2 === 0 && raw.data[(pixel + 1) * raw.channels - 1] < 255)
      throw rowError(
        'DATASET_ROW_IMAGE',
        { file, line: null },
        null,
        'some of its pixels are transparent',
        'flatten it onto a background first',
      );
    if (channels === 1)
      samples[pixel] = isGrey ? at(pixel, 0) : grey(at(pixel, 0), at(pixel, 1), at(pixel, 2), samples);
    else for (let c = 0; c < 3; c++) samples[layout === 'chw' ? c * area + pixel : pixel * 3 + c] = at(pixel, c);
  }
  return { width: raw.width, height: raw.height, samples };
}

/** How many channels a picture has of its own, 1 or 3. */
export const channelsOf = (file: string, bytes: Uint8Array): 1 | 3 => (decode(file, bytes).channels < 3 ? 1 : 3);

function grey(red: number, green: number, blue: number, samples: Float32Array | Uint8Array): number {
  const sum = 299 * red + 587 * green + 114 * blue;
  return samples instanceof Uint8Array ? Math.floor((sum + 500) / 1000) : sum / 1000;
}

function decode(file: string, bytes: Uint8Array): Raw {
  try {
    return isPng(bytes) ? png(file, bytes) : fromJpeg(bytes);
  } catch (cause) {
    if ((cause as { code?: string }).code === 'DATASET_ROW_IMAGE') throw cause;
    throw rowError(
      'DATASET_ROW_IMAGE',
      { file, line: null },
      null,
      `it cannot be decoded: ${(cause as Error).message}`,
      'give whole PNG or JPEG files',
      cause,
    );
  }
}

function png(file: string, bytes: Uint8Array): Raw {
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (size.getUint32(16) * size.getUint32(20) > MAX_PIXELS)
    throw rowError('DATASET_ROW_IMAGE', { file, line: null }, null, 'it has more than 2^26 pixels', 'cut it');
  const decoded = decodePng(bytes, { checkCrc: true });
  const { width, height, depth, channels, data, palette, transparency } = decoded;
  if (palette) {
    const colours = convertIndexedToRgb(decoded);
    return { width, height, channels: palette[0].length, data: colours };
  }
  if (transparency && transparency.length > 0)
    throw rowError('DATASET_ROW_IMAGE', { file, line: null }, null, 'it has a transparent colour', 'flatten it first');
  if (depth === 16) return { width, height, channels, data: Float32Array.from(data, (sample) => sample / 257) };
  return { width, height, channels, data: depth === 8 ? data : unpacked(data, width, height, depth) };
}

/** Grey samples of 1, 2 or 4 bits as bytes of 0…255; each line begins with a byte of its own. */
function unpacked(data: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const line = Math.ceil((width * depth) / 8);
  const most = 2 ** depth - 1;
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * line + (bit >> 3)];
    return (((byte >> (8 - depth - (bit & 7))) & most) * 255) / most;
  });
}

function fromJpeg(bytes: Uint8Array): Raw {
  const { width, height, data } = jpeg.decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxResolutionInMP: MAX_PIXELS / 1e6,
    maxMemoryUsageInMB: 1024,
  });
  return { width, height, channels: 3, data };
}
