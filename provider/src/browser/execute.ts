import { EssaimError } from '@essaim/protocol';
import type { Traced, TraceWorker } from '@essaim/runtime/browser';
import { packResult, resultMessage, type SessionKey } from '../lending/result.ts';
import type { Accepted, Assignment } from '../lending/wire.ts';
import type { SponsorClient } from './sponsor-client.ts';

/** What a tab takes at most, in bytes, whatever a sponsor says: it holds a model and a trace several times. */
const MOST = 128 * 2 ** 20;

/** Models of a sponsor that the worker has open, by their program. */
export class Models {
  readonly #worker: TraceWorker;
  #open = new Set<string>();

  constructor(worker: TraceWorker) {
    this.#worker = worker;
  }

  /** Opens a task's model unless it is. SPONSOR_MODEL unless it compiles to the program that was named, and is exact. */
  async open({ id, programId, modelBytes }: Assignment, client: SponsorClient, signal: AbortSignal): Promise<void> {
    if (this.#open.has(programId)) return;
    const onnx = await client.bytes(`/models/${id}`, modelBytes, signal);
    const opened = await this.#worker.open(onnx);
    if (opened.programId !== programId || !opened.exact) {
      throw new EssaimError('SPONSOR_MODEL', 'the sponsor gave another model than it named', {
        help: 'lend to another sponsor',
      });
    }
    // the worker keeps the last two
    this.#open = new Set([...[...this.#open].slice(-1), programId]);
  }
}

/** Does one task: fetches what it needs, runs it, signs every byte and hands all of it over. */
export async function execute(
  task: Assignment,
  { client, worker, models, key }: { client: SponsorClient; worker: TraceWorker; models: Models; key: SessionKey },
  signal: AbortSignal,
): Promise<{ accepted: Accepted; traced: Traced }> {
  const { id, programId, inputs: sizes, inputsRoot, modelBytes, traceBytes } = task;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (!(modelBytes <= MOST && traceBytes <= MOST && total <= MOST)) {
    throw new EssaimError('SPONSOR_TOO_LARGE', 'the sponsor asks for more than a tab can hold', {
      help: 'lend to another sponsor',
    });
  }
  await models.open(task, client, signal);
  const bytes = await client.bytes(`/tasks/${id}`, total, signal);
  let at = 0;
  // copies: typed arrays begin at multiples of their element
  const inputs = sizes.map((size) => {
    at += size;
    return bytes.slice(at - size, at);
  });
  const traced = await worker.trace(programId, inputs);
  signal.throwIfAborted();
  if (traced.inputsRoot !== inputsRoot || traced.values.length !== traceBytes) {
    throw new EssaimError('SPONSOR_INPUTS', 'the sponsor gave other inputs than it named', {
      help: 'lend to another sponsor',
    });
  }
  const signature = await key.sign(await resultMessage(id, inputsRoot, traced.traceRoot, traced.values));
  const accepted = await client.result(id, packResult(signature, traced.traceRoot, traced.values), signal);
  return { accepted, traced };
}
