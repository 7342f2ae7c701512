import { broadcast } from './broadcast.ts';
import type { OperatorSpec } from './spec.ts';
import { readWindow } from './window.ts';

const averagePool: OperatorSpec = {
  versions: [11, 19, 22],
  lower(node) {
    node.arity(1);
    const { dtype, dims } = node.shape(0);
    if (dims.length !== 4)
      throw node.error('ONNX_UNSUPPORTED_OPERATOR', `pools [${dims}]`, 'Pool in two dimensions; rewriteModel does so.');
    const { kernel, strides, begin, dilations, output } = readWindow(node, dims.slice(2));
    const counted = node.int('count_include_pad', 0) !== 0 ? 1 : 0;
    if (counted && node.int('ceil_mode', 0) !== 0) {
      const pads = node.ints('pads') ?? [0, 0, 0, 0];
      const cut = output.some(
        (n, i) => (n - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1 > dims[2 + i] + begin[i] + pads[2 + i],
      );
      if (cut) throw node.unsupported('ceil_mode', 'cuts a window off whose padding counts');
    }
    return {
      operands: [0],
      attributes: [...kernel, ...strides, ...begin, ...dilations, counted],
      output: { dtype, dims: [dims[0], dims[1], ...output] },
    };
  },
};

/** Sum and Mean of any number of operands; one is what it is, and the sum of two is an Add. */
const variadic = (mean: boolean): OperatorSpec => ({
  versions: [13],
  lower(node) {
    node.arity(Math.max(1, node.count), 127);
    const operands = node.all();
    const { dtype } = node.shape(0);
    if (operands.some((i) => node.shape(i).dtype !== dtype)) throw node.malformed('its operands differ in type');
    const dims = broadcast(node, ...operands.map((i) => node.shape(i).dims));
    const plain = operands.length === 1 ? 'Identity' : operands.length === 2 && !mean ? 'Add' : undefined;
    const as = plain && { name: plain, since: 13 };
    return { as, operands, attributes: [], output: { dtype, dims } };
  },
});

/** Sums and means over windows and operands. */
export const SUM: Readonly<Record<string, OperatorSpec>> = {
  AveragePool: averagePool,
  Sum: variadic(false),
  Mean: variadic(true),
};
