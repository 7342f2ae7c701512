import { DTYPES } from '../program/types.ts';
import { keep, mul, reshape, scale, size, sub } from './arithmetic.ts';
import { trainingError } from './errors.ts';
import { summed } from './sums.ts';
import type { Tape } from './tape.ts';

/** What a step makes small. `output` names the model's output that is judged, the first by default. */
export type Loss =
  /**
   * Mean cross entropy of logits with their classes on the last axis; targets are class numbers of the other axes,
   * int64 or what `targetType` says. Targets equal to `ignoreIndex` count for nothing; a batch of nothing else has
   * loss 0, and its gradients are zero.
   */
  | {
      readonly kind: 'cross-entropy';
      readonly output?: string;
      readonly ignoreIndex?: number;
      readonly targetType?: 'uint8' | 'int32' | 'int64';
    }
  /** Mean of the squared differences from float32 targets of the output's shape. */
  | { readonly kind: 'mean-squared-error'; readonly output?: string }
  /** The model's output is the loss already, one float32 number; there is no target. */
  | { readonly kind: 'given'; readonly output?: string };

export interface LossGraph {
  /** The scalar. */
  readonly loss: string;
  /** The gradient of the judged output. */
  readonly seed: string;
  /** The target's input, where there is one. */
  readonly target?: string;
  /** Least and greatest target, where they are bounded. */
  readonly range?: { readonly low: number; readonly high: number };
}

/** Adds the loss of `output` and its gradient. */
export function addLoss(t: Tape, loss: Loss, output: string): LossGraph {
  t.scope = 'loss';
  const { dtype, dims } = t.shape(output);
  if (dtype !== 'float32' || size(dims) === 0) {
    throw trainingError(
      'TRAINING_BAD_STEP',
      `output ${output} is ${dtype}[${dims}]`,
      'Name a float32 output that has elements.',
    );
  }
  if (loss.kind === 'cross-entropy') return crossEntropy(t, output, loss);
  if (loss.kind === 'mean-squared-error') return squaredError(t, output);
  if (size(dims) !== 1)
    throw trainingError('TRAINING_BAD_STEP', `the loss ${output} is [${dims}]`, 'A given loss is one number.');
  return { loss: reshape(t, output, []), seed: t.floats(dims, [1]) };
}

function squaredError(t: Tape, output: string): LossGraph {
  const dims = t.dims(output);
  const target = t.input('target', 'float32', dims);
  const difference = sub(t, output, target);
  const squares = mul(t, difference, difference);
  const sum = summed(t, squares, [...dims.keys()], false);
  return { loss: scale(t, sum, 1 / size(dims)), seed: scale(t, difference, 2 / size(dims)), target };
}

function crossEntropy(t: Tape, output: string, loss: Extract<Loss, { kind: 'cross-entropy' }>): LossGraph {
  const { ignoreIndex: ignored, targetType = 'int64' } = loss;
  const dims = t.dims(output);
  if (dims.length < 2)
    throw trainingError('TRAINING_BAD_STEP', `the logits ${output} are [${dims}]`, 'Logits are [rows…, classes].');
  const classes = dims[dims.length - 1];
  const places = dims.slice(0, -1);
  const rows = size(places);
  const target = t.input('target', targetType, places);
  const numbers = targetType === 'int64' ? target : t.op('Cast', [target], { to: DTYPES.int64.code });
  const flat = reshape(t, numbers, [rows]);
  const counted = ignored === undefined ? undefined : t.op('Not', [t.op('Equal', [flat, t.int(ignored)])]);
  const known = counted ? t.op('Where', [counted, flat, t.int(0)]) : flat;
  const logits = reshape(t, output, [rows, classes]);
  const logs = t.op('LogSoftmax', [logits], { axis: -1 });
  const picked = t.op('GatherElements', [logs, reshape(t, known, [rows, 1])], { axis: 1 });
  const surprise = t.op('Neg', [reshape(t, picked, [rows])]);
  const hot = t.op('OneHot', [known, t.int(classes), t.floats([2], [0, 1])]);
  const excess = sub(t, t.op('Softmax', [logits], { axis: -1 }), hot);
  const low = Math.min(0, ignored ?? 0);
  const high = Math.max(classes - 1, ignored ?? 0);
  if (!counted) {
    const mean = scale(t, summed(t, surprise, [0], false), 1 / rows);
    return { loss: mean, seed: reshape(t, scale(t, excess, 1 / rows), dims), target, range: { low, high } };
  }
  const weights = t.op('Cast', [counted], { to: DTYPES.float32.code });
  const share = t.op('Div', [t.scalar(1), t.op('Max', [summed(t, weights, [0], false), t.scalar(1)])]);
  const mean = mul(t, summed(t, keep(t, counted, surprise), [0], false), share);
  const seed = mul(t, mul(t, excess, reshape(t, weights, [rows, 1])), share);
  return { loss: mean, seed: reshape(t, seed, dims), target, range: { low, high } };
}
