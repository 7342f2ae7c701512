import { type OpenedModel, type Traced, TraceWorker } from '@essaim/runtime/browser';

const worker = new TraceWorker();
const fetched = async (url: string): Promise<Uint8Array> => new Uint8Array(await (await fetch(url)).arrayBuffer());

/** Runs the model at one address on the input at another. */
async function traceOf(
  model: string,
  input: string,
): Promise<OpenedModel & Omit<Traced, 'values'> & { bytes: number }> {
  const opened = await worker.open(await fetched(model));
  const { values, ...traced } = await worker.trace(opened.programId, [await fetched(input)]);
  return { ...opened, ...traced, bytes: values.length };
}

Object.assign(globalThis, { traceOf });
