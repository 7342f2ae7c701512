import { resolve } from 'node:path';
import { EssaimError } from '@essaim/protocol';
import * as ort from 'onnxruntime-node';

/** ONNX Runtime execution providers this package opens, best first. */
export const ENGINES = ['cuda', 'webgpu', 'cpu'] as const;
export type Engine = (typeof ENGINES)[number];

/** Adds an engine given by name, as an option of a command line. ENGINE_UNKNOWN */
export function addEngine(name: string, engines: readonly Engine[] = []): Engine[] {
  const engine = ENGINES.find((known) => known === name);
  if (engine) return [...engines, engine];
  throw new EssaimError('ENGINE_UNKNOWN', `there is no engine "${name}"`, { help: `one of ${ENGINES.join(', ')}` });
}

export interface EngineOptions {
  /** Opens sessions in the place of all that follows: another build of ONNX Runtime, say. It counts as a processor. */
  open?(model: Uint8Array): Promise<ort.InferenceSession>;
  /** Tried one at a time, in this order. Default: cpu. */
  engines?: readonly Engine[];
  /** Intra-op threads of one session. Default 1: sessions scale better across workers than across threads. */
  threads?: number;
  /** Where the files lie that the model names as external data. */
  folder?: string;
}

export interface OpenSession {
  readonly session: ort.InferenceSession;
  readonly engine: Engine;
}

/**
 * The settings of every execution in the protocol: graph optimisation is off, because it fuses operators and with them
 * the values a trace commits to; a GPU may not hand nodes to the CPU behind our back.
 */
export function sessionOptions(engine: Engine, threads: number, folder?: string): ort.InferenceSession.SessionOptions {
  const session = {
    ...(engine === 'cpu' ? {} : { disable_cpu_ep_fallback: '1' }),
    ...(folder === undefined ? {} : { model_external_initializers_file_folder_path: resolve(folder) }),
  };
  return {
    executionProviders: [engine],
    graphOptimizationLevel: 'disabled',
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    ...(Object.keys(session).length > 0 ? { extra: { session } } : {}),
  };
}

/** Opens a model on the first engine that takes all of it. */
export async function openSession(model: Uint8Array, options: EngineOptions = {}): Promise<OpenSession> {
  const { engines = ['cpu'], threads = 1, folder } = options;
  process.env.NVIDIA_TF32_OVERRIDE ??= '0';
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
  throw new EssaimError('ENGINE_NONE', `no execution provider runs this model: ${refusals.join(' | ')}`, {
    help: 'add "cpu" to the engines, or install the files that the named engine misses',
    details: { refusals },
  });
}
