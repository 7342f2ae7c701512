import { EssaimError, type Hash } from '@essaim/protocol';
import type { Asked, OpenedModel, Refusal, Told, Traced } from './messages.ts';

interface Waiting {
  resolve(result: Told['result']): void;
  reject(error: Error): void;
}

/** A worker of the page that compiles models, runs them and commits to their traces, one at a time. */
export class TraceWorker {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;
  #closed?: EssaimError;

  constructor() {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Told | { id: number; refusal: Refusal }>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ('result' in data) waiting?.resolve(data.result);
      else waiting?.reject(new EssaimError(data.refusal.code, data.refusal.message, { help: data.refusal.help }));
    });
    this.#worker.addEventListener('error', ({ message }) => this.#end(`the worker stopped: ${message}`));
  }

  /** Compiles a model and keeps it for executions. Throws as `compile` does. */
  open(onnx: Uint8Array): Promise<OpenedModel> {
    return this.#ask({ ask: 'open', onnx }) as Promise<OpenedModel>;
  }

  /** Runs a model that is open on the inputs of one claim. PROGRAM_NOT_OPEN, INPUT_COUNT, INPUT_WRONG_LENGTH, EXECUTION_FAILED */
  trace(programId: Hash, inputs: readonly Uint8Array[]): Promise<Traced> {
    return this.#ask({ ask: 'trace', programId, inputs }) as Promise<Traced>;
  }

  /** Ends the worker at once; what it was doing ends with WORKER_ENDED. */
  close(): void {
    this.#end('the worker was ended');
  }

  #ask(asked: Asked): Promise<Told['result']> {
    if (this.#closed) return Promise.reject(this.#closed);
    const id = this.#count++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, asked });
    });
  }

  #end(message: string): void {
    this.#closed ??= new EssaimError('WORKER_ENDED', message, { help: 'begin again with another worker' });
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(this.#closed);
    this.#waiting.clear();
  }
}
