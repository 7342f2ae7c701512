import { EssaimError } from '@essaim/protocol';
import type * as ort from 'onnxruntime-node';

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

/** The settings of every execution in the protocol: graph optimisation fuses operators and the values a trace commits to. */
export const SETTINGS = {
  graphOptimizationLevel: 'disabled',
  executionMode: 'sequential',
  interOpNumThreads: 1,
  logSeverityLevel: 3,
} as const satisfies ort.InferenceSession.SessionOptions;

/** ENGINE_NONE with each engine's reason. */
export const noEngine = (refusals: readonly string[]): EssaimError =>
  new EssaimError('ENGINE_NONE', `no execution provider runs this model: ${refusals.join(' | ')}`, {
    help: 'add "cpu" to the engines, or install the files that the named engine misses',
    details: { refusals },
  });
