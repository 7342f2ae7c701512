import { EssaimError } from '../errors.ts';

/** How a field's payload is read. */
export type FieldKind = 'int' | 'float' | 'text' | 'bytes';
/** The fields a message may have, by number. A field that is not listed is refused, never dropped. */
export type Schema = Readonly<
  Record<number, { readonly name: string; readonly kind: FieldKind; readonly many?: boolean }>
>;

export function malformed(what: string, where: string, details?: Record<string, unknown>): EssaimError {
  return new EssaimError('ONNX_MALFORMED', `${where}: ${what}`, {
    help: 'Export the model again; check that the file is whole and is ONNX.',
    details,
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads protobuf wire format strictly: minimal varints, lengths inside the message, no groups. */
class Wire {
  readonly bytes: Uint8Array;
  readonly where: string;
  at = 0;

  constructor(bytes: Uint8Array, where: string) {
    this.bytes = bytes;
    this.where = where;
  }

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let i = 0; i < 10; i++) {
      if (this.done) throw malformed('a number is cut off', this.where);
      const byte = this.bytes[this.at++];
      value |= BigInt(byte & 127) << BigInt(7 * i);
      if (byte < 128) {
        if ((i > 0 && byte === 0) || value >> 64n !== 0n) throw malformed('a number is written too long', this.where);
        return value;
      }
    }
    throw malformed('a number is written too long', this.where);
  }

  take(length: bigint): Uint8Array {
    if (length > BigInt(this.bytes.length - this.at)) throw malformed('a length passes the end', this.where);
    const from = this.at;
    this.at += Number(length);
    return this.bytes.subarray(from, this.at);
  }

  float(): number {
    const four = this.take(4n);
    return new DataView(four.buffer, four.byteOffset, 4).getFloat32(0, true);
  }
}

type Payload = bigint | number | string | Uint8Array;

/** One decoded message: payloads by field name; nested messages stay bytes (views, never copies). */
export class Message {
  readonly where: string;
  readonly #fields = new Map<string, Payload[]>();

  /** Throws `ONNX_MALFORMED` naming `where` on anything that `schema` does not describe. */
  constructor(bytes: Uint8Array, schema: Schema, where: string) {
    this.where = where;
    const wire = new Wire(bytes, where);
    while (!wire.done) {
      const key = wire.varint();
      const number = Number(key >> 3n);
      const type = Number(key & 7n);
      const field = schema[number];
      if (!field) throw malformed(`field ${number} is unknown`, where, { field: number });
      const payloads = this.#fields.get(field.name) ?? [];
      if (payloads.length > 0 && !field.many) throw malformed(`${field.name} is there twice`, where);
      this.#fields.set(field.name, payloads);
      readField(wire, type, field.kind, field.many === true, field.name, payloads);
    }
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }
  #many<T extends Payload>(name: string): T[] {
    return (this.#fields.get(name) ?? []) as T[];
  }
  /** Signed 64-bit integers. */
  ints = (name: string): bigint[] => this.#many<bigint>(name).map((v) => BigInt.asIntN(64, v));
  int = (name: string): bigint => this.ints(name)[0] ?? 0n;
  floats = (name: string): number[] => this.#many<number>(name);
  float = (name: string): number => this.floats(name)[0] ?? 0;
  texts = (name: string): string[] => this.#many<string>(name);
  text = (name: string): string => this.texts(name)[0] ?? '';
  chunks = (name: string): Uint8Array[] => this.#many<Uint8Array>(name);
}

function readField(wire: Wire, type: number, kind: FieldKind, many: boolean, name: string, out: Payload[]): void {
  if (kind === 'int' && type === 0) out.push(wire.varint());
  else if (kind === 'float' && type === 5) out.push(wire.float());
  else if (type === 2) {
    const payload = wire.take(wire.varint());
    if (kind === 'bytes') out.push(payload);
    else if (kind === 'text') out.push(decodeText(payload, name, wire.where));
    else if (!many) throw malformed(`${name} has wire type 2`, wire.where);
    else {
      const packed = new Wire(payload, wire.where);
      while (!packed.done) out.push(kind === 'int' ? packed.varint() : packed.float());
    }
  } else throw malformed(`${name} has wire type ${type}`, wire.where);
}

function decodeText(payload: Uint8Array, name: string, where: string): string {
  try {
    return utf8.decode(payload);
  } catch {
    throw malformed(`${name} is not UTF-8`, where);
  }
}
