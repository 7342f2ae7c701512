import { withOutputs } from '@essaim/protocol';
import { ENGINES, type Engine, openSession } from '@essaim/runtime';
import * as native from 'onnxruntime-node';
import * as web from 'onnxruntime-web';
import { onSwiftShader } from './swiftshader.ts';

/** A float32 tensor that goes in or out of a model. */
export interface Numbers {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Runs a model once: every named tensor comes out, row-major bytes by name. */
export interface Runner {
  readonly name: string;
  /** A graphics adapter in software: nothing is learnt on it about a GPU. */
  readonly software: boolean;
  run(
    onnx: Uint8Array,
    inputs: Record<string, Numbers>,
    outputs: readonly string[],
  ): Promise<Record<string, Uint8Array>>;
}

type Library = Pick<typeof native, 'Tensor'>;
type Session = Pick<native.InferenceSession, 'run' | 'release'>;

/** A session is kept for as long as the model stays the same. */
function engine(
  name: string,
  library: Library,
  open: (onnx: Uint8Array) => Promise<Session>,
  software = false,
): Runner {
  let last: { readonly onnx: Uint8Array; readonly session: Session } | undefined;
  const sessionOf = async (onnx: Uint8Array): Promise<Session> => {
    if (last && Buffer.compare(last.onnx, onnx) === 0) return last.session;
    await last?.session.release();
    last = undefined;
    last = { onnx, session: await open(onnx) };
    return last.session;
  };
  return {
    name,
    software,
    async run(onnx, inputs, outputs) {
      const session = await sessionOf(withOutputs(onnx, outputs));
      const feeds = Object.entries(inputs).map(([key, { data, dims }]) => [
        key,
        new library.Tensor('float32', data, dims),
      ]);
      const results = await session.run(Object.fromEntries(feeds));
      const bytes = Object.entries(results).map(([key, { data }]) => {
        const { buffer, byteOffset, byteLength } = data as Uint8Array;
        return [key, new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength))];
      });
      return Object.fromEntries(bytes);
    },
  };
}

/** Opens a model on WebAssembly kernels, one thread; tensors of the native library may be fed. */
export function openWasm(onnx: Uint8Array): Promise<native.InferenceSession> {
  web.env.wasm.numThreads = 1;
  const session = web.InferenceSession.create(onnx, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'disabled',
  });
  return session as unknown as Promise<native.InferenceSession>;
}

const nameOf = (kind: Engine, threads: number): string => {
  if (kind === 'cpu') return `cpu, ${threads} thread${threads > 1 ? 's' : ''}`;
  if (kind === 'webgpu') return onSwiftShader() ? 'WebGPU (SwiftShader)' : 'WebGPU';
  return kind;
};

/**
 * Every engine that runs `probe` here: processors with one and two threads, wasm, and graphics where there are. A
 * graphics engine throws `ENGINE_NONE` for a model that it has no kernels for.
 */
export async function openEngines(probe: Uint8Array, kinds: readonly Engine[] = ENGINES): Promise<Runner[]> {
  const found: Runner[] = [];
  for (const kind of kinds.toReversed()) {
    for (const threads of kind === 'cpu' ? [1, 2] : [1]) {
      const open = async (onnx: Uint8Array) => (await openSession(onnx, { engines: [kind], threads })).session;
      try {
        await (await open(probe)).release();
      } catch {
        continue; // not on this machine
      }
      found.push(engine(nameOf(kind, threads), native, open, kind === 'webgpu' && onSwiftShader()));
    }
    if (kind === 'cpu') found.push(engine('wasm', web, openWasm));
  }
  return found;
}
