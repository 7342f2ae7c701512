import * as ort from 'onnxruntime-web/wasm';
import { type EngineOptions, noEngine, type OpenSession, SETTINGS } from '../engine.ts';

export { Tensor as OrtTensor } from 'onnxruntime-web/wasm';

// one thread: more need a page that isolates itself from all others, and a lent tab is to leave room for what else runs
ort.env.wasm.numThreads = 1;

/** Opens a model on WebAssembly, which counts as a processor. ENGINE_NONE */
export async function openSession(model: Uint8Array, options: EngineOptions = {}): Promise<OpenSession> {
  if (options.open) return { engine: 'cpu', session: await options.open(model) };
  try {
    const session = await ort.InferenceSession.create(model, { ...SETTINGS, executionProviders: ['wasm'] });
    return { engine: 'cpu', session: session as OpenSession['session'] };
  } catch (cause) {
    throw noEngine([`wasm: ${(cause as Error).message.split('\n')[0]}`]);
  }
}
