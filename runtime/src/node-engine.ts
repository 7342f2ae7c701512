import { resolve } from 'node:path';
import * as ort from 'onnxruntime-node';
import { type Engine, type EngineOptions, noEngine, type OpenSession, SETTINGS } from './engine.ts';

// libraries see what is set here on the main thread, for all threads; ONNX Runtime else tells its maker what is run
process.env.ORT_DISABLE_TELEMETRY = '1';
process.env.NVIDIA_TF32_OVERRIDE ??= '0';

/** A session's settings on ONNX Runtime's own build; a GPU may not hand nodes to the CPU behind our back. */
export function sessionOptions(engine: Engine, threads: number, folder?: string): ort.InferenceSession.SessionOptions {
  const session = {
    ...(engine === 'cpu' ? {} : { disable_cpu_ep_fallback: '1' }),
    ...(folder === undefined ? {} : { model_external_initializers_file_folder_path: resolve(folder) }),
  };
  return {
    ...SETTINGS,
    executionProviders: [engine],
    intraOpNumThreads: threads,
    ...(Object.keys(session).length > 0 ? { extra: { session } } : {}),
  };
}

/** Opens a model on the first engine that takes all of it. ENGINE_NONE */
export async function openSession(model: Uint8Array, options: EngineOptions = {}): Promise<OpenSession> {
  const { engines = ['cpu'], threads = 1, folder } = options;
  const present = new Set(ort.listSupportedBackends().map(({ name }) => name));
  const refusals: string[] = [];
  if (options.open) return { engine: 'cpu', session: await options.open(model) };
  for (const engine of engines) {
    if (!present.has(engine)) {
      refusals.push(`${engine}: not in this build of ONNX Runtime`);
      continue;
    }
    try {
      return { engine, session: await ort.InferenceSession.create(model, sessionOptions(engine, threads, folder)) };
    } catch (cause) {
      refusals.push(`${engine}: ${(cause as Error).message.split('\n')[0]}`);
    }
  }
  throw noEngine(refusals);
}
