import type { OnnxModel, OnnxValue } from '../onnx/model.ts';
import { readOnnx } from '../onnx/read.ts';
import { writeOnnx } from '../onnx/write.ts';
import type { DType } from '../program/types.ts';
import { clipped } from './clip.ts';
import { trainingError } from './errors.ts';
import { addLoss, type Loss, type LossGraph } from './losses.ts';
import { mergeSums } from './merge-sums.ts';
import { type Optimiser, scheduleLength, stateKinds, updates } from './optimisers.ts';
import { type Trainable, trainableOf } from './parameters.ts';
import { needed } from './prune.ts';
import { gradients } from './reverse.ts';
import { Tape } from './tape.ts';

export interface StepOptions {
  readonly loss: Loss;
  readonly optimiser: Optimiser;
  /** Which initialisers are trained; see `Trainable` for the default. The others stay weights. */
  readonly trainable?: Trainable;
  /** Longest gradient, over all parameters together; a longer one is shortened to it before the optimiser sees it. */
  readonly clip?: number;
}

/** A tensor of a step's interface; elements row-major, little-endian. */
export interface StepTensor {
  /** Name of the graph input. */
  readonly name: string;
  readonly dtype: DType;
  readonly dims: readonly number[];
}

/** A tensor that a step takes and gives on to the next: output number i continues input number i. */
export interface CarriedTensor extends StepTensor {
  /** Name of the graph output. */
  readonly next: string;
  /** Its bytes before the first step; state begins at zero. */
  readonly initial: Uint8Array;
}

/** Forward, backward and optimiser as one graph. Inputs: parameters, state, schedule, batch; outputs: the first two, loss. */
export interface StepProgram {
  readonly onnx: Uint8Array;
  readonly model: OnnxModel;
  /** In the order of the model's initialisers, with their names. */
  readonly parameters: readonly CarriedTensor[];
  /** For each parameter in turn `momentum/<name>`, or `m/<name>` and `v/<name>`. */
  readonly state: readonly CarriedTensor[];
  /** float32, one row of the schedule table a step: see `scheduleRow`. */
  readonly schedule: StepTensor;
  /** The model's inputs, then the loss's target. */
  readonly batch: readonly StepTensor[];
  /** Name of the scalar float32 output. */
  readonly loss: string;
}

/**
 * Makes the step of a training run from a forward graph, by reverse mode over its nodes. The same model and options
 * give the same bytes. Throws `TRAINING_NO_GRADIENT` naming a node through which no gradient leads,
 * `TRAINING_BAD_STEP` for options that do not fit the model, and what the compiler throws for a model it refuses.
 */
export function stepProgram(model: Uint8Array | OnnxModel, options: StepOptions): StepProgram {
  const given = model instanceof Uint8Array ? readOnnx(model) : model;
  const output = outputOf(given, options.loss);
  const forward = needed(given, [output]);
  const trained = trainableOf(forward, options.trainable);
  const opened: OnnxModel = {
    ...forward,
    initializers: forward.initializers.filter(({ name }) => !trained.has(name)),
    inputs: [...[...trained.values()].map(declared), ...forward.inputs],
  };
  const t = new Tape(opened);
  const judged = addLoss(t, options.loss, output);
  const found = gradients(t, forward.nodes, new Map([[output, judged.seed]]), new Set(trained.keys()));
  const still = [...trained.keys()].find((name) => !found.has(name));
  if (still !== undefined) {
    throw trainingError(
      'TRAINING_BAD_STEP',
      `the loss does not depend on ${still}`,
      'Leave it out of the trainable parameters.',
    );
  }

  const names = [...trained.keys()];
  const raw = names.map((name) => found.get(name)!);
  const moved = options.clip === undefined ? raw : clipped(t, raw, options.clip);
  const gradientOf = new Map(names.map((name, i) => [name, moved[i]]));
  const schedule = t.input('schedule', 'float32', [scheduleLength(options.optimiser)]);
  const update = updates(t, options.optimiser, schedule);
  const parameters: CarriedTensor[] = [];
  const state: CarriedTensor[] = [];
  for (const { name, dims, bytes } of trained.values()) {
    const states = stateKinds(options.optimiser).map((kind) => t.input(`${kind}/${name}`, 'float32', dims));
    const [tensor, ...rest] = [name, ...states].map(
      (input, i): CarriedTensor => ({
        name: input,
        dtype: 'float32',
        dims,
        next: t.free(`next/${input}`),
        initial: i === 0 ? bytes : new Uint8Array(bytes.length),
      }),
    );
    update({
      parameter: name,
      gradient: gradientOf.get(name)!,
      state: states,
      next: [tensor, ...rest].map(({ next }) => next),
    });
    parameters.push(tensor);
    state.push(...rest);
  }
  t.scope = 'loss';
  const loss = t.op('Identity', [judged.loss], {}, t.free('loss'));
  const columns = [...forward.inputs.map(({ name }) => name), ...(judged.target ? [judged.target] : [])];
  const batch = columns.map((name): StepTensor => ({ name, ...t.shape(name) }));
  const scheduled: StepTensor = { name: schedule, dtype: 'float32', dims: t.dims(schedule) };
  const carried = [...parameters, ...state];
  const whole = needed(
    {
      ...forward,
      metadata: metadataOf(forward, judged),
      nodes: t.nodes,
      initializers: [...opened.initializers, ...t.made],
      inputs: [...carried, scheduled, ...batch].map(declared),
      outputs: [...carried.map((c) => ({ ...declared(c), name: c.next })), { name: loss, dtype: 'float32', dims: [] }],
    },
    [...carried.map(({ next }) => next), loss],
  );
  const step = mergeSums(t, whole);
  return { onnx: writeOnnx(step), model: step, parameters, state, schedule: scheduled, batch, loss };
}

const declared = ({ name, dtype, dims }: StepTensor): OnnxValue => ({ name, dtype, dims });

function outputOf(model: OnnxModel, { output }: Loss): string {
  const [first] = model.outputs;
  const found = output === undefined ? first : model.outputs.find(({ name }) => name === output);
  if (found) return found.name;
  throw trainingError('TRAINING_BAD_STEP', `the model has no output ${output ?? ''}`, 'Name one of its outputs.', {
    outputs: model.outputs.map(({ name }) => name),
  });
}

/** Ranges that the model declares, and that of the target. */
function metadataOf(model: OnnxModel, { target, range }: LossGraph): Map<string, string> {
  const metadata = new Map(model.metadata);
  if (target && range) metadata.set(`essaim.range.${target}`, `${range.low} ${range.high} 1`);
  return metadata;
}
