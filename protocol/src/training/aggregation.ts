import type { OnnxModel, OnnxValue } from '../onnx/model.ts';
import { writeOnnx } from '../onnx/write.ts';
import { add, mul, sub } from './arithmetic.ts';
import { clipLength, normOf } from './clip.ts';
import { trainingError } from './errors.ts';
import type { CarriedTensor } from './step-program.ts';
import { Tape } from './tape.ts';

export interface AggregationOptions {
  /** Longest difference of an update from its base, over all tensors together; a longer one is shortened to it. */
  readonly clip?: number;
}

/**
 * One seat's part of a federated round as a graph: a running average takes in the update of the next seat. Inputs, of n
 * tensors each: `average/…`, `base/…`, `update/…`, then the float32 scalar `share`; outputs: n tensors `next/…` and the
 * scalar `norm`, the length of the update before it was clipped. With d = update - base, shortened to `clip`,
 * next = average + share · (base + d - average). Throws `TRAINING_BAD_STEP`.
 */
export function aggregationProgram(
  tensors: readonly Pick<CarriedTensor, 'name' | 'dtype' | 'dims'>[],
  { clip }: AggregationOptions = {},
): { onnx: Uint8Array; model: OnnxModel } {
  if (tensors.length === 0) throw trainingError('TRAINING_BAD_STEP', 'no tensors to aggregate', 'Give a checkpoint.');
  if (clip !== undefined) clipLength(clip);
  const empty = { ir: 8, opset: 17, metadata: new Map(), name: 'aggregation', nodes: [], initializers: [] };
  const t = new Tape({ ...empty, inputs: [], outputs: [] });
  const declared: OnnxValue[] = [];
  const input = (name: string, dims: readonly number[]): string => {
    declared.push({ name, dtype: 'float32', dims });
    return t.input(name, 'float32', dims);
  };
  const of = (what: string): string[] => tensors.map(({ name, dims }) => input(`${what}/${name}`, dims));
  const [averages, bases, updates] = ['average', 'base', 'update'].map(of);
  const share = input('share', []);

  const differences = updates.map((update, i) => sub(t, update, bases[i]));
  const norm = normOf(t, differences, 'norm');
  const factor = clip === undefined ? undefined : t.op('Div', [t.scalar(clip), t.op('Max', [norm, t.scalar(clip)])]);
  const outputs = tensors.map(({ name, dims }, i): OnnxValue => {
    const taken = factor ? add(t, bases[i], mul(t, differences[i], factor)) : updates[i];
    const step = mul(t, share, sub(t, taken, averages[i]));
    return { name: t.op('Add', [averages[i], step], {}, `next/${name}`), dtype: 'float32', dims };
  });
  const model = {
    ...empty,
    nodes: t.nodes,
    initializers: t.made,
    inputs: declared,
    outputs: [...outputs, { name: norm, dtype: 'float32' as const, dims: [] }],
  };
  return { onnx: writeOnnx(model), model };
}
