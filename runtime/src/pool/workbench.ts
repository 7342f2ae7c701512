import { EssaimError, type Program, type Tensor, ZERO_HASH } from '@essaim/protocol';
import { Executor } from '../executor.ts';
import { regenerateSegment } from '../segment.ts';
import { commitTrace } from '../trace.ts';
import type { Order, Outcome, Remade, RemakeTask, Task, Traced, TraceTask, WorkerSettings } from './messages.ts';
import { unpack } from './parcel.ts';

interface OpenModel {
  readonly program: Program;
  readonly onnx: Uint8Array;
  readonly executor: Executor;
}

/** The models that a worker has open, and what it does with them. Which of them stay is for whoever sends orders to say. */
export class Workbench {
  readonly #settings: WorkerSettings;
  readonly #models = new Map<string, OpenModel>();

  constructor(settings: WorkerSettings) {
    this.#settings = settings;
  }

  /** What comes of each task; what fails for one of them leaves the others alone. */
  async work({ model, load, drop, tasks, bytes }: Order): Promise<Outcome[]> {
    for (const key of drop) await this.#close(key);
    const outcomes: Outcome[] = [];
    for (const task of unpack(tasks, bytes)) {
      try {
        outcomes.push({ made: await this.#do(await this.#open(model, load), task) });
      } catch (error) {
        outcomes.push({ refusal: refusalOf(error) });
      }
    }
    return outcomes;
  }

  async #open(key: string, load: Order['load']): Promise<OpenModel> {
    const known = this.#models.get(key);
    if (known) return known;
    if (!load) throw new Error(`model ${key} did not come along`);
    const { onnx, part } = load;
    // whatever runs and commits reads these parts of a program only
    const program = part as unknown as Program;
    const executor = await Executor.open(program, onnx, { ...this.#settings, trace: true });
    const opened = { program, onnx, executor };
    this.#models.set(key, opened);
    return opened;
  }

  async #close(key: string): Promise<void> {
    await this.#models.get(key)?.executor.close();
    this.#models.delete(key);
  }

  #do(model: OpenModel, task: Task): Promise<Traced | Remade> {
    return task.kind === 'trace' ? this.#trace(model, task) : this.#remake(model, task);
  }

  async #trace({ program, executor }: OpenModel, { inputs, known, claimed }: TraceTask): Promise<Traced> {
    const committed = known.map((root, i) => ({ type: program.inputs[i].type, root }) as Tensor);
    const { traceRoot, inputsRoot, ...made } = commitTrace(program, inputs, await executor.run(inputs), committed);
    const values = traceRoot === claimed ? null : made.values.map((value) => value && shown(value));
    return { inputs: made.inputs.map(({ root }) => root), inputsRoot, traceRoot, values };
  }

  async #remake({ program, onnx }: OpenModel, { inputs, values, segment }: RemakeTask): Promise<Remade> {
    const tensor = (type: Tensor['type'], bytes: Uint8Array) => ({ type, bytes, root: ZERO_HASH }) as Tensor;
    const trace = {
      ...{ program, inputsRoot: ZERO_HASH, traceRoot: ZERO_HASH },
      inputs: inputs.map((bytes, i) => tensor(program.inputs[i].type, bytes)),
      values: values.map((bytes, i) => bytes && tensor(program.values[i].type, bytes)),
    };
    return { values: (await regenerateSegment(trace, onnx, segment, this.#settings)).map(shown) };
  }
}

const shown = ({ bytes, root }: Tensor) => ({ bytes, root });

function refusalOf(error: unknown) {
  if (error instanceof EssaimError) return { code: error.code, message: error.message, help: error.help };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'EXECUTION_FAILED', message, help: 'this model does not run here as it is: nothing else is affected' };
}
