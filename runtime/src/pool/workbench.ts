import { canonicalNaN, EssaimError, type Hash, listRoot, type Program, type Tensor, ZERO_HASH } from '@essaim/protocol';
import { Executor } from '../executor.ts';
import { regenerateSegment } from '../segment.ts';
import { committedBytes } from '../trace.ts';
import { takeFromMailbox } from './mailbox.ts';
import type {
  ConfirmTask,
  Order,
  Outcome,
  Refusal,
  Remade,
  RemakeTask,
  SentOrder,
  Task,
  Traced,
  TraceTask,
  WorkerSettings,
} from './messages.ts';
import { unpack } from './parcel.ts';
import { rootsOf } from './roots.ts';

/** An execution of which nothing is hashed: `tensors` are what is to be, unknown inputs first. */
interface Ran {
  readonly task: TraceTask | ConfirmTask;
  readonly values: readonly (Uint8Array | null)[];
  readonly tensors: readonly Pick<Tensor, 'type' | 'bytes'>[];
}

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
  async work({ model, load, drop, tasks, bytes }: SentOrder): Promise<Outcome[]> {
    for (const key of drop) await this.#close(key);
    const results: (Ran | Remade | Refusal)[] = [];
    const all = unpack(tasks, typeof bytes === 'number' ? takeFromMailbox(bytes) : bytes);
    for (const task of all) {
      const result = this.#open(model, load).then((opened) => this.#do(opened, task));
      results.push(await result.catch(refusalOf));
    }
    const tensors = results.flatMap((result) => ('tensors' in result ? result.tensors : []));
    const roots = rootsOf(tensors)[Symbol.iterator]();
    return results.map((result) => {
      if ('code' in result) return { refusal: result };
      return { made: 'tensors' in result ? madeOf(result, () => roots.next().value!) : result };
    });
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

  #do(model: OpenModel, task: Task): Promise<Ran | Remade> {
    return task.kind === 'remake' ? this.#remake(model, task) : this.#run(model, task);
  }

  async #run({ program, executor }: OpenModel, task: Ran['task']): Promise<Ran> {
    const { inputs } = task;
    const values = committedBytes(program, inputs, await executor.run(inputs));
    const made = values.flatMap((bytes, i) => (bytes ? { type: program.values[i].type, bytes } : []));
    if (task.kind === 'confirm') return { task, values, tensors: made };
    const { length } = task.known;
    const unknown = program.inputs.slice(length).map(({ type }, i) => {
      return { type, bytes: canonicalNaN(type, inputs[length + i]) };
    });
    return { task, values, tensors: [...unknown, ...made] };
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

/** A trace, or whether its values are those claimed; the roots of its tensors come in their order. */
function madeOf({ task, tensors, values }: Ran, nextRoot: () => Hash): Traced | boolean {
  if (task.kind === 'confirm') {
    const own = tensors.map(nextRoot);
    return own.length === task.roots.length && own.every((root, i) => root === task.roots[i]);
  }
  const inputs = task.inputs.map((_, i) => task.known[i] ?? nextRoot());
  const shown = values.map((bytes) => bytes && { bytes, root: nextRoot() });
  const traceRoot = listRoot(shown.map((value) => value?.root ?? ZERO_HASH));
  return { inputs, inputsRoot: listRoot(inputs), traceRoot, values: shown };
}

const shown = ({ bytes, root }: Tensor) => ({ bytes, root });

function refusalOf(error: unknown): Refusal {
  if (error instanceof EssaimError) return { code: error.code, message: error.message, help: error.help };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'EXECUTION_FAILED', message, help: 'this model does not run here as it is: nothing else is affected' };
}
