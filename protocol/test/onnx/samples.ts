import { OnnxBuilder } from '../../src/index.ts';

/** A model with every kind of attribute, an absent operand, metadata and several types. */
export function sampleModel(): OnnxBuilder {
  const b = new OnnxBuilder();
  const x = b.input('x', 'float32', [1, 4], { low: 0, high: 255, step: 1 });
  const w = b.initializer(
    'w',
    'float32',
    [4, 3],
    Float32Array.from({ length: 12 }, (_, i) => i - 6),
  );
  const y = b.node('MatMul', [x, w], { name: 'dense' });
  const clipped = b.node('Clip', [y, '', b.floats([], [127])]);
  const constant = b.node('Constant', [], {
    attributes: { value: { tensor: { dtype: 'int64', dims: [2], bytes: new Uint8Array(16) } } },
  });
  const odd = b.node('Odd', [clipped, constant], {
    attributes: { alpha: { float: 0.5 }, axis: -1, mode: 'linear', perm: [1, 0], scales: { floats: [1, 2.5] } },
    outputs: ['a', '', 'b'],
  });
  b.output(odd, 'float32', [1, 3]);
  b.output('b');
  return b;
}
