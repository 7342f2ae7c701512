import { type AttributeInput, OnnxBuilder } from '@essaim/protocol';
import * as native from 'onnxruntime-node';
import * as web from 'onnxruntime-web';

/** Engines whose kernels an honest executor may run. */
export const KERNELS = ['native', 'wasm'] as const;
export type Kernel = (typeof KERNELS)[number];

export interface Operand {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

web.env.wasm.numThreads = 1;

/** What a kernel makes of one operator on float32 operands; its result has the first one's shape. */
export async function runKernel(
  kernel: Kernel,
  type: string,
  opset: number,
  attributes: Record<string, AttributeInput>,
  operands: readonly Operand[],
): Promise<Float32Array> {
  const b = new OnnxBuilder({ opset, ir: 10 });
  const names = operands.map(({ dims }, i) => b.input(`x${i}`, 'float32', dims));
  const result = b.node(type, names, { attributes });
  b.output(result, 'float32', operands[0].dims);
  const ort = (kernel === 'native' ? native : web) as typeof native;
  const session = await ort.InferenceSession.create(b.bytes(), {
    executionProviders: [kernel === 'native' ? 'cpu' : 'wasm'],
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
  });
  const feeds = operands.map(({ dims, data }, i) => [`x${i}`, new ort.Tensor('float32', data, dims)]);
  const { data } = (await session.run(Object.fromEntries(feeds)))[result];
  await session.release();
  return data as Float32Array;
}
