import { OnnxBuilder } from '@essaim/protocol';
import { random } from '../../test/random.ts';
import { gaussian } from './models.ts';

export interface LanguageShape {
  readonly batch: number;
  readonly tokens: number;
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  readonly characters: number;
}

/** A causal transformer from characters uint8 [batch, tokens] to logits, its parameters initialisers of at least one dimension. */
export function languageModel(shape: LanguageShape, seed = 1): Uint8Array {
  const { batch, tokens, width, heads, layers, characters } = shape;
  const next = random(seed);
  const model = new OnnxBuilder({ name: 'language', opset: 20, ir: 9 });
  const matrix = (name: string, rows: number, columns: number, sd = 1 / Math.sqrt(rows)) =>
    model.initializer(name, 'float32', [rows, columns], gaussian(rows * columns, sd, next));
  const dense = (x: string, name: string, rows: number, columns: number) =>
    model.node('MatMul', [x, matrix(name, rows, columns)]);
  const constant = (dims: readonly number[], values: Float32Array) =>
    model.node('Constant', [], {
      attributes: { value: { tensor: { dtype: 'float32', dims, bytes: bytesOf(values) } } },
    });
  const filled = (name: string, value: number) =>
    model.initializer(name, 'float32', [width], new Float32Array(width).fill(value));
  const normalised = (x: string, name: string) =>
    model.node('LayerNormalization', [x, filled(`${name}.gain`, 1), filled(`${name}.bias`, 0)], {
      attributes: { axis: -1, epsilon: { float: 1e-5 } },
    });
  const size = width / heads;
  const apart = (x: string, perm: number[]) => {
    const split = model.node('Reshape', [x, model.ints([4], [batch, tokens, heads, size])]);
    return model.node('Transpose', [split], { attributes: { perm } });
  };
  const ahead = Float32Array.from({ length: tokens ** 2 }, (_, i) => (i % tokens > Math.floor(i / tokens) ? -1e9 : 0));
  const mask = constant([tokens, tokens], ahead);
  const root = constant([], Float32Array.of(1 / Math.sqrt(size)));

  const numbers = model.node('Cast', [model.input('x', 'uint8', [batch, tokens])], { attributes: { to: 7 } });
  const embedded = model.node('Gather', [matrix('characters', characters, width, 0.05), numbers]);
  let x = model.node('Add', [embedded, matrix('positions', tokens, width, 0.05)]);
  for (let layer = 0; layer < layers; layer++) {
    const h = normalised(x, `${layer}.before`);
    const query = apart(dense(h, `${layer}.query`, width, width), [0, 2, 1, 3]);
    const key = apart(dense(h, `${layer}.key`, width, width), [0, 2, 3, 1]);
    const value = apart(dense(h, `${layer}.value`, width, width), [0, 2, 1, 3]);
    const scores = model.node('Add', [model.node('Mul', [model.node('MatMul', [query, key]), root]), mask]);
    const shares = model.node('Softmax', [scores], { attributes: { axis: -1 } });
    const mixed = model.node('Transpose', [model.node('MatMul', [shares, value])], {
      attributes: { perm: [0, 2, 1, 3] },
    });
    const joined = model.node('Reshape', [mixed, model.ints([3], [batch, tokens, width])]);
    x = model.node('Add', [x, dense(joined, `${layer}.out`, width, width)]);
    const inner = model.node('Gelu', [dense(normalised(x, `${layer}.after`), `${layer}.up`, width, 4 * width)]);
    x = model.node('Add', [x, dense(inner, `${layer}.down`, 4 * width, width)]);
  }
  model.node('MatMul', [normalised(x, 'last'), matrix('read', width, characters)], { outputs: ['y'] });
  model.output('y', 'float32', [batch, tokens, characters]);
  return model.bytes();
}

const bytesOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
