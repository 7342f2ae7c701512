import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { byteLength, compile, concat, EssaimError, type Program, type TensorType } from '@essaim/protocol';
import { boundaryBytes, boundaryParts, commitValues, type Trace } from './trace.ts';
import { written } from './written.ts';

/** Restored traces that are kept in memory. */
const KEEP = 2;

/**
 * What an executor answers for, on disk until nobody can ask any more: a folder a job (or an audit) with inputs and values of each of
 * its claims, and each model once. Written before anything is submitted, so that no restart loses it.
 */
export class Archive {
  readonly #folder: string;
  readonly #restored = new Map<string, Promise<Trace[] | null>>();
  readonly #writing = new Map<string, Promise<void>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Keeps the traces of a job's claims. Row-major inputs are what the trace's input tensors hold. */
  async keep(jobId: string, onnx: Uint8Array, traces: readonly Trace[]): Promise<void> {
    const [{ program }] = traces;
    const model = this.#model(program.id);
    await mkdir(join(this.#folder, 'models'), { recursive: true });
    await this.#keepModel(model, onnx);
    const folder = this.#job(jobId);
    await mkdir(folder, { recursive: true });
    for (const [leaf, trace] of traces.entries()) {
      const { inputs } = trace;
      await written(join(folder, `${leaf}.inputs`), concat(inputs.map(({ bytes }) => bytes)));
      await written(join(folder, `${leaf}.values`), boundaryBytes(trace));
    }
    // last: a folder without it is not whole
    await written(join(folder, 'job.json'), JSON.stringify({ programId: program.id, claims: traces.length }));
    this.#remember(jobId, Promise.resolve([...traces]));
  }

  /** Jobs of one model may be kept at once: it is written by the first. */
  async #keepModel(file: string, onnx: Uint8Array): Promise<void> {
    if (existsSync(file)) return;
    const writing = this.#writing.get(file) ?? written(file, onnx).finally(() => this.#writing.delete(file));
    this.#writing.set(file, writing);
    await writing;
  }

  /** The traces of a job's claims; null if they are not here. */
  async traces(jobId: string): Promise<Trace[] | null> {
    const known = this.#restored.get(jobId);
    if (known) return known;
    const restoring = this.#restore(jobId);
    this.#remember(jobId, restoring);
    restoring.catch(() => this.#restored.delete(jobId));
    return restoring;
  }

  /** A model as it was kept. */
  async model(programId: Program['id']): Promise<Uint8Array> {
    return new Uint8Array(await readFile(this.#model(programId)));
  }

  /** Keeps a word about a job whose traces are kept. */
  async keepNote(jobId: string, name: string, text: string): Promise<void> {
    await written(join(this.#job(jobId), `${name}.note`), text);
  }

  /** A word that was kept about a job; null if there is none. */
  async note(jobId: string, name: string): Promise<string | null> {
    const file = join(this.#job(jobId), `${name}.note`);
    return existsSync(file) ? readFile(file, 'utf8') : null;
  }

  /** Frees what a job takes. */
  async release(jobId: string): Promise<void> {
    this.#restored.delete(jobId);
    await rm(this.#job(jobId), { recursive: true, force: true });
  }

  async #restore(jobId: string): Promise<Trace[] | null> {
    const folder = this.#job(jobId);
    if (!existsSync(join(folder, 'job.json'))) return null;
    const { programId, claims } = JSON.parse(await readFile(join(folder, 'job.json'), 'utf8'));
    const program = compile(await readFile(this.#model(programId)));
    const traces: Trace[] = [];
    for (let leaf = 0; leaf < claims; leaf++) {
      const read = async (name: string) => new Uint8Array(await readFile(join(folder, `${leaf}.${name}`)));
      const values = boundaryParts(program, await read('values'));
      if (!values) throw damaged(jobId);
      traces.push(commitValues(program, parts(await read('inputs'), program.inputs, jobId), values));
    }
    return traces;
  }

  #remember(jobId: string, traces: Promise<Trace[] | null>): void {
    this.#restored.set(jobId, traces);
    if (this.#restored.size > KEEP) this.#restored.delete(this.#restored.keys().next().value!);
  }

  #job = (jobId: string): string => join(this.#folder, 'jobs', jobId);
  #model = (programId: Program['id']): string => join(this.#folder, 'models', `${programId}.onnx`);
}

function parts(bytes: Uint8Array, types: readonly { type: TensorType }[], jobId: string): Uint8Array[] {
  let at = 0;
  const tensors = types.map(({ type }) => {
    at += byteLength(type);
    // a copy: typed arrays begin at multiples of their element
    return new Uint8Array(bytes.subarray(at - byteLength(type), at));
  });
  if (at === bytes.length) return tensors;
  throw damaged(jobId);
}

const damaged = (jobId: string): EssaimError =>
  new EssaimError('ARCHIVE_DAMAGED', `the trace kept for job ${jobId} has not the length of its program's`, {
    help: 'it is computed again if its inputs are still served; check the disk',
  });
