import { type ByteSource, partOf } from '../commitments/byte-source.ts';
import { recent } from '../commitments/recent.ts';
import { EssaimError } from '../errors.ts';
import type { DType } from '../program/types.ts';
import type { ExternalPlace, OnnxTensor } from './model.ts';
import { malformed } from './protobuf-reader.ts';

/** Opens a file that a model names as external data, by its location: a path relative to the model's folder. */
export type ExternalData = (location: string) => ByteSource;

const KEYS = ['location', 'offset', 'length', 'checksum'];

/** Reads where a tensor's data lies. Throws `ONNX_EXTERNAL_KEY`, `ONNX_EXTERNAL_PATH`, `ONNX_EXTERNAL_RANGE`. */
export function readPlace(entries: ReadonlyMap<string, string>, length: number, label: string): ExternalPlace {
  for (const key of entries.keys()) {
    if (KEYS.includes(key)) continue;
    throw new EssaimError('ONNX_EXTERNAL_KEY', `${label}: its external data has the key "${key}"`, {
      help: `Save the external data again, with no other keys than ${KEYS.join(', ')}.`,
      details: { key },
    });
  }
  const location = entries.get('location') ?? '';
  checkLocation(location, label);
  const place = { location, offset: whole(entries.get('offset') ?? '0'), length };
  const said = whole(entries.get('length') ?? String(length));
  if (place.offset === null || said !== length) {
    const given = `offset ${entries.get('offset') ?? 0}, length ${entries.get('length') ?? 'none'}`;
    throw outOfRange(`${label}: ${given}, for a tensor of ${length} bytes`, location);
  }
  return { ...place, offset: place.offset };
}

const whole = (text: string): number | null => {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : null;
};

/** Refuses every location that could lead out of the model's folder, on any system. */
function checkLocation(location: string, label: string): void {
  const parts = location.split('/');
  const plain = parts.every((part) => part !== '' && part !== '..' && !/[\\:\0]/.test(part));
  if (plain) return;
  throw new EssaimError('ONNX_EXTERNAL_PATH', `${label}: external data at "${location}"`, {
    help: 'External data lies in the folder of the model; its location is a relative path without "..".',
    details: { location },
  });
}

const outOfRange = (what: string, location: string): EssaimError =>
  new EssaimError('ONNX_EXTERNAL_RANGE', what, {
    help: 'Check that the external file is whole and belongs to this model, or save the model again.',
    details: { location },
  });

/** A tensor whose elements stay in their file until they are wanted. */
export class ExternalTensor implements OnnxTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly dims: readonly number[];
  readonly #place: ExternalPlace;
  readonly #source: ByteSource;

  /** Throws `ONNX_EXTERNAL_RANGE` where the file is too short. */
  constructor(tensor: Omit<OnnxTensor, 'bytes'>, place: ExternalPlace, file: ByteSource) {
    const { name, dtype, dims } = tensor;
    [this.name, this.dtype, this.dims, this.#place] = [name, dtype, dims, place];
    const end = place.offset + place.length;
    if (end > file.length) {
      const what = `${name || 'a tensor'}: its external data ends at ${end}, ${place.location} at ${file.length}`;
      throw outOfRange(what, place.location);
    }
    const part = partOf(file, place.offset, place.length);
    this.#source = {
      length: place.length,
      read: (offset, length) => {
        const bytes = part.read(offset, length);
        if (dtype === 'bool' && bytes.some((b) => b > 1)) throw malformed('a bool is neither 0 nor 1', name);
        return bytes;
      },
    };
  }

  // getters of the class: a copy of the tensor with other bytes must not keep its place
  get external(): ExternalPlace {
    return this.#place;
  }
  get source(): ByteSource {
    return this.#source;
  }
  get bytes(): Uint8Array {
    return recent.of(this, () => this.#source.read(0, this.#source.length));
  }
}
