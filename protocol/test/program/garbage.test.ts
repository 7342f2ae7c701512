import { random } from '../../../test/random.ts';
import { compile, EssaimError, OnnxBuilder } from '../../src/index.ts';

/** A model with windows, slices, broadcasts and products: many numbers that garbage can turn into something huge. */
function model(): Uint8Array {
  const b = new OnnxBuilder();
  const x = b.input('x', 'float32', [1, 2, 6, 6], { low: 0, high: 9, step: 1 });
  const conv = b.node('Conv', [x, b.floats([2, 2, 3, 3], Array(36).fill(1))], {
    attributes: { pads: [1, 1, 1, 1], group: 1 },
  });
  const pool = b.node('MaxPool', [conv], { attributes: { kernel_shape: [2, 2], strides: [2, 2], dilations: [1, 1] } });
  const cut = b.node('Slice', [pool, b.ints([1], [0]), b.ints([1], [2]), b.ints([1], [2]), b.ints([1], [1])]);
  const rows = b.node('Reshape', [cut, b.ints([2], [4, -1])]);
  const wide = b.node('Expand', [b.node('Unsqueeze', [rows, b.ints([1], [0])]), b.ints([3], [2, 4, 3])]);
  const product = b.node('MatMul', [wide, b.floats([3, 2], [1, 2, 3, 4, 5, 6])]);
  b.output(
    b.node('ArgMax', [b.node('Transpose', [product], { attributes: { perm: [1, 0, 2] } })], {
      attributes: { axis: 1 },
    }),
  );
  return b.bytes();
}

describe('compile on damaged models', () => {
  it('compiles or refuses, with an error of its own, quickly', () => {
    const next = random(6);
    const whole = model();
    compile(whole);
    for (let round = 0; round < 3000; round++) {
      const bytes = whole.slice();
      for (let k = 0; k <= round % 3; k++) {
        bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * (round % 2 ? 256 : 9));
      }
      try {
        compile(bytes);
      } catch (error) {
        if (!(error instanceof EssaimError)) throw error;
      }
    }
  });
});
