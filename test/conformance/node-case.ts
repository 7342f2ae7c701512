import { type DType, OnnxBuilder } from '@essaim/protocol';

/** A small model, and inputs for it: row-major bytes in order. */
export interface Case {
  readonly name: string;
  readonly onnx: Uint8Array;
  readonly inputs: readonly Uint8Array[];
}

export type Next = () => number;
const ARRAYS = {
  float32: Float32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
} as const;

/** What elements keep to. */
export interface Span {
  readonly low: number;
  readonly high: number;
  readonly step: number;
}
export const ANY: Span = { low: -4, high: 4, step: 0 };
export const GRID: Span = { low: -4, high: 4, step: 0.5 };

/** An array of a type, of numbers. */
export function arrayOf(dtype: DType, values: readonly number[]): ArrayBufferView {
  const array = ARRAYS[dtype];
  if (dtype === 'int64' || dtype === 'uint64') return (array as typeof BigInt64Array).from(values.map(BigInt));
  return (array as typeof Float32Array).from(values);
}

const spanOf = (dtype: DType): Span => {
  if (dtype === 'float32') return ANY;
  if (dtype === 'bool') return { low: 0, high: 1, step: 1 };
  return { low: dtype.startsWith('u') ? 0 : -9, high: 9, step: 1 };
};

/** Random elements of a span. */
export function fill(dtype: DType, dims: readonly number[], next: Next, span: Span = spanOf(dtype)): ArrayBufferView {
  const { low, high, step } = span;
  const places = (high - low) / step + 1;
  const number = () => (step ? low + step * Math.floor(next() * places) : low + next() * (high - low));
  return arrayOf(dtype, Array.from({ length: dims.reduce((a, b) => a * b, 1) }, number));
}
export const raw = (data: ArrayBufferView): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** What to build a one-node case from: operand shapes, the first an input, the others as said. */
export interface NodeCase {
  readonly type: string;
  readonly dtype?: DType;
  readonly x: readonly number[];
  /** Further operands: an input, a weight, an absent one, or integers that shape the result. */
  readonly more?: readonly (
    | { readonly input: readonly number[]; readonly dtype?: DType; readonly span?: Span }
    | { readonly weight: readonly number[]; readonly dtype?: DType; readonly values?: readonly number[] }
    | { readonly ints: readonly number[] }
    | null
  )[];
  readonly attributes?: Parameters<OnnxBuilder['node']>[2] extends infer O
    ? O extends { attributes?: infer A }
      ? A
      : never
    : never;
  readonly opset?: number;
  readonly range?: Span;
  /** Which outputs are used: the first alone by default. */
  readonly outputs?: readonly boolean[];
}

/** The model of one node. */
export function nodeCase(node: NodeCase, next: Next): Case {
  const { type, dtype = 'float32', x, more = [], attributes, opset = 17, outputs = [true] } = node;
  const b = new OnnxBuilder({ opset, ir: opset > 20 ? 10 : 8 });
  const inputs: Uint8Array[] = [];
  const input = (name: string, of: DType, dims: readonly number[], span = of === 'float32' ? ANY : undefined) => {
    inputs.push(raw(fill(of, dims, next, span)));
    return b.input(name, of, dims, span);
  };
  const operands = [input('x', dtype, x, node.range)];
  for (const [i, operand] of more.entries()) {
    if (operand === null) operands.push('');
    else if ('ints' in operand) operands.push(b.ints([operand.ints.length], operand.ints));
    else if ('input' in operand) {
      const of = operand.dtype ?? 'float32';
      operands.push(input(`x${i}`, of, operand.input, operand.span ?? (of === 'float32' ? node.range : undefined)));
    } else {
      const of = operand.dtype ?? 'float32';
      const data = operand.values ? arrayOf(of, operand.values) : fill(of, operand.weight, next);
      operands.push(b.initializer(`w${i}`, of, operand.weight, data));
    }
  }
  const names = outputs.map((used, i) => (used ? `y${i}` : ''));
  b.node(type, operands, { attributes, outputs: names });
  for (const name of names) if (name) b.output(name);
  return { name: `${type} ${dtype}[${x}] ${JSON.stringify(attributes ?? {})}`, onnx: b.bytes(), inputs };
}
