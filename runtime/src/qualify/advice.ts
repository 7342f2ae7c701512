import type { KernelFinding, Qualification } from './qualify.ts';

const PRODUCTS = ['MatMul', 'Gemm', 'Conv'];

/** What an owner of an engine may turn off for an operator that broke the contract. */
function remedy(engine: Qualification['engine'], threads: number, { operator }: KernelFinding): string {
  const product = PRODUCTS.includes(operator);
  if (engine === 'cuda') {
    if (operator === 'Conv') return 'turn off TF32 (NVIDIA_TF32_OVERRIDE=0) and Winograd convolutions, or use cpu';
    return product ? 'turn off TF32 (NVIDIA_TF32_OVERRIDE=0) and split-K reductions, or use cpu' : 'use cpu';
  }
  if (engine === 'webgpu') {
    return product ? 'publish the model with its sums cut to 256 terms (splitReductions), or use cpu' : 'use cpu';
  }
  if (threads > 1) return 'use one thread for a session';
  return product
    ? 'turn off reduced precision, fast mathematics and prepacking options of the engine'
    : 'use another engine';
}

/** One sentence for each operator that an honest provider could be convicted or left unpaid for on this engine. */
export function advise(
  engine: Qualification['engine'],
  threads: number,
  kernels: readonly KernelFinding[],
): readonly string[] {
  return kernels
    .filter(({ convicted, voids }) => convicted + voids > 0)
    .map((kernel) => {
      const { node, operator, shape, elements, convicted, voids, data } = kernel;
      const what =
        convicted > 0 ? `${convicted} of ${elements} elements would be convicted` : `${voids} would be unpaid`;
      return `${node} (${operator} of ${shape}): ${what}, worst on ${data}; ${remedy(engine, threads, kernel)}`;
    });
}
