import { add, div, mul, scale, shift, sub } from './arithmetic.ts';
import { trainingError } from './errors.ts';
import type { Tape } from './tape.ts';

/** How a gradient moves a parameter: PyTorch's rules and names. */
export type Optimiser =
  | {
      readonly kind: 'sgd';
      /** 0 by default: no momentum, and no state. */
      readonly momentum?: number;
      readonly nesterov?: boolean;
      /** Added to the gradient as this part of the parameter; 0 by default. */
      readonly weightDecay?: number;
    }
  | {
      readonly kind: 'adamw';
      /** 0.9 and 0.999 by default. */
      readonly betas?: readonly [number, number];
      /** 1e-8 by default. */
      readonly epsilon?: number;
      /** 0.01 by default: each step takes this part of the learning rate off the parameter. */
      readonly weightDecay?: number;
    };

/** What an optimiser remembers of each parameter, in the order of a step's inputs. */
export function stateKinds(optimiser: Optimiser): readonly string[] {
  if (optimiser.kind === 'adamw') return ['m', 'v'];
  return (optimiser.momentum ?? 0) === 0 ? [] : ['momentum'];
}

/** How many numbers the schedule of one step has. */
export const scheduleLength = (optimiser: Optimiser): number => (optimiser.kind === 'adamw' ? 3 : 1);

/**
 * The schedule input of step number `step` (from 1 on): the learning rate; for AdamW also what corrects the bias of
 * both moments, 1 / (1 - β₁ᵗ) and 1 / √(1 - β₂ᵗ).
 */
export function scheduleRow(optimiser: Optimiser, learningRate: number, step: number): Float32Array {
  if (optimiser.kind === 'sgd') return Float32Array.of(learningRate);
  const [first, second] = optimiser.betas ?? [0.9, 0.999];
  return Float32Array.of(learningRate, 1 / (1 - first ** step), 1 / Math.sqrt(1 - second ** step));
}

/** One parameter's values by name, and what its next value and its next state are to be called. */
export interface Moved {
  readonly parameter: string;
  readonly gradient: string;
  readonly state: readonly string[];
  readonly next: readonly string[];
}
/** Adds the update of one parameter. */
export type Update = (moved: Moved) => void;

/** Prepares the updates of all parameters from the schedule input. */
export function updates(t: Tape, optimiser: Optimiser, schedule: string): Update {
  t.scope = 'optimiser';
  const entry = (i: number): string => t.op('Gather', [schedule, t.int(i)], { axis: 0 });
  return optimiser.kind === 'sgd' ? descent(t, optimiser, entry(0)) : adam(t, optimiser, [0, 1, 2].map(entry));
}

function descent(t: Tape, optimiser: Extract<Optimiser, { kind: 'sgd' }>, rate: string): Update {
  const { momentum = 0, weightDecay = 0, nesterov = false } = optimiser;
  fraction('momentum', momentum);
  if (nesterov && momentum === 0)
    throw trainingError('TRAINING_BAD_STEP', 'nesterov without momentum', 'Give a momentum.');
  return ({ parameter, gradient, state: [velocity], next: [next, nextVelocity] }) => {
    const pulled = weightDecay === 0 ? gradient : add(t, gradient, scale(t, parameter, weightDecay));
    const kept = momentum === 0 ? pulled : t.op('Add', [scale(t, velocity, momentum), pulled], {}, nextVelocity);
    const direction = nesterov ? add(t, pulled, scale(t, kept, momentum)) : kept;
    t.op('Sub', [parameter, mul(t, rate, direction)], {}, next);
  };
}

function adam(
  t: Tape,
  optimiser: Extract<Optimiser, { kind: 'adamw' }>,
  [rate, correction, rootCorrection]: readonly string[],
): Update {
  const { betas: [first, second] = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0.01 } = optimiser;
  fraction('beta', first);
  fraction('beta', second);
  if (!(epsilon > 0))
    throw trainingError('TRAINING_BAD_STEP', `epsilon is ${epsilon}`, 'Give a positive epsilon; PyTorch has 1e-8.');
  const stride = mul(t, rate, correction);
  const left = weightDecay === 0 ? undefined : sub(t, t.scalar(1), scale(t, rate, weightDecay));
  return ({ parameter, gradient, state: [m, v], next: [next, nextM, nextV] }) => {
    const mean = t.op('Add', [scale(t, m, first), scale(t, gradient, 1 - first)], {}, nextM);
    const square = t.op('Add', [scale(t, v, second), scale(t, mul(t, gradient, gradient), 1 - second)], {}, nextV);
    const root = shift(t, mul(t, t.op('Sqrt', [square]), rootCorrection), epsilon);
    const decayed = left ? mul(t, parameter, left) : parameter;
    t.op('Sub', [decayed, mul(t, stride, div(t, mean, root))], {}, next);
  };
}

function fraction(name: string, value: number): void {
  if (!(value >= 0 && value < 1))
    throw trainingError('TRAINING_BAD_STEP', `${name} is ${value}`, `Give a ${name} from 0 to below 1.`);
}
