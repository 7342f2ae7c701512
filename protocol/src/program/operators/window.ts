import type { NodeView } from '../node-view.ts';

/** How a kernel slides over an image: of each as many as it has dimensions, rows first; `begin` is the padding before. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly begin: readonly number[];
  readonly dilations: readonly number[];
  readonly output: readonly number[];
  readonly padded: boolean;
}

/** Reads the window attributes of a node over an image of any number of dimensions. */
export function readWindow(node: NodeView, image: readonly number[], fallback?: readonly number[]): Window {
  const kernel = node.ints('kernel_shape') ?? fallback;
  if (!kernel) throw node.malformed('has no kernel_shape');
  const strides = node.ints('strides') ?? image.map(() => 1);
  const dilations = node.ints('dilations') ?? image.map(() => 1);
  const pads = node.ints('pads') ?? [...image, ...image].map(() => 0);
  for (const [name, list] of Object.entries({ kernel_shape: kernel, strides, dilations })) {
    if (list.length !== image.length || list.some((n) => n < 1)) throw node.malformed(`${name} is [${list}]`);
  }
  if (pads.length !== 2 * image.length || pads.some((n) => n < 0)) throw node.malformed(`pads are [${pads}]`);
  const reach = kernel.map((k, i) => (k - 1) * dilations[i] + 1);
  let begin = pads.slice(0, image.length);
  let end = pads.slice(image.length);
  const auto = node.text('auto_pad', 'NOTSET');
  if (auto === 'SAME_UPPER' || auto === 'SAME_LOWER') {
    const total = image.map((size, i) =>
      Math.max((Math.ceil(size / strides[i]) - 1) * strides[i] + reach[i] - size, 0),
    );
    const less = total.map((n) => Math.floor(n / 2));
    const more = total.map((n) => Math.ceil(n / 2));
    [begin, end] = auto === 'SAME_UPPER' ? [less, more] : [more, less];
  } else if (auto === 'VALID') {
    [begin, end] = [image.map(() => 0), image.map(() => 0)];
  } else if (auto !== 'NOTSET') throw node.unsupported('auto_pad', `is ${auto}`);
  const ceil = node.type.endsWith('Pool') && node.int('ceil_mode', 0) !== 0;
  const output = image.map((size, i) => {
    const steps = (size + begin[i] + end[i] - reach[i]) / strides[i];
    if (steps < 0) throw node.malformed(`a window of ${reach} does not fit into [${image}]`);
    if (!ceil) return Math.floor(steps) + 1;
    const most = Math.ceil(steps) + 1;
    // a window that begins in the padding after the image does not count
    return (most - 1) * strides[i] >= size + begin[i] ? most - 1 : most;
  });
  return { kernel, strides, begin, dilations, output, padded: [...begin, ...end].some((n) => n > 0) };
}
