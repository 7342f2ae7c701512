import { OnnxBuilder } from '@essaim/protocol';
import { gaussian } from '../bench/models.ts';

type Next = () => number;

/** Changes a weight before the model is built; rows of `length` belong to one output. */
export type Change = (name: string, data: Float32Array, dims: readonly number[]) => Float32Array;

/** A network whose weights can be changed: the honest one changes none. */
export interface Network {
  readonly name: string;
  readonly input: readonly number[];
  /** A layer whose weights make it an identity, or nothing beside its residual, when it is skipped. */
  readonly skippable: string;
  build(seed: Next, change?: Change): Uint8Array;
}

const same: Change = (_, data) => data;

class Layers {
  readonly model = new OnnxBuilder({ opset: 20, ir: 9 });
  readonly #next: Next;
  readonly #change: Change;

  constructor(next: Next, change: Change) {
    this.#next = next;
    this.#change = change;
  }

  weight(name: string, dims: readonly number[], deviation: number): string {
    const count = dims.reduce((a, b) => a * b, 1);
    return this.model.initializer(
      name,
      'float32',
      dims,
      this.#change(name, gaussian(count, deviation, this.#next), dims),
    );
  }

  conv(name: string, x: string, from: number, to: number): string {
    const w = this.weight(`${name}.weight`, [to, from, 3, 3], Math.sqrt(2 / (9 * from)));
    const b = this.weight(`${name}.bias`, [to], 0.1);
    return this.model.node('Relu', [this.model.node('Conv', [x, w, b], { attributes: { pads: [1, 1, 1, 1] } })]);
  }

  pool(x: string): string {
    return this.model.node('MaxPool', [x], { attributes: { kernel_shape: [2, 2], strides: [2, 2] } });
  }

  norm(name: string, x: string, width: number): string {
    const weights = [
      this.model.floats([width], new Float32Array(width).fill(1)),
      this.weight(`${name}.bias`, [width], 0.1),
    ];
    return this.model.node('LayerNormalization', [x, ...weights], { attributes: { axis: -1 } });
  }

  dense(name: string, x: string, from: number, to: number): string {
    const w = this.weight(`${name}.weight`, [from, to], Math.sqrt(1 / from));
    return this.model.node('Add', [this.model.node('MatMul', [x, w]), this.weight(`${name}.bias`, [to], 0.1)]);
  }
}

/** Five convolutions and two dense layers on an image of 16 × 16. */
export const CNN: Network = {
  name: 'CNN',
  input: [1, 3, 16, 16],
  skippable: 'conv3.weight',
  build(next, change = same) {
    const net = new Layers(next, change);
    let x = net.model.input('x', 'float32', CNN.input);
    x = net.conv('conv1', x, 3, 16);
    x = net.pool(net.conv('conv2', x, 16, 32));
    x = net.pool(net.conv('conv4', net.conv('conv3', x, 32, 32), 32, 64));
    x = net.model.node('Flatten', [x]);
    x = net.model.node('Relu', [net.dense('dense1', x, 1024, 64)]);
    net.model.output(net.dense('dense2', x, 64, 10), 'float32');
    return net.model.bytes();
  },
};

const [TOKENS, WIDTH, HEADS] = [16, 64, 4];

/** Two blocks of attention and a perceptron, each after a normalisation and beside a residual, on 16 tokens. */
export const TRANSFORMER: Network = {
  name: 'transformer',
  input: [TOKENS, WIDTH],
  skippable: 'block1.down.weight',
  build(next, change = same) {
    const net = new Layers(next, change);
    const { model } = net;
    const scale = model.floats([], [1 / Math.sqrt(WIDTH / HEADS)]);
    const heads = (x: string, perm: number[]): string =>
      model.node('Transpose', [model.node('Reshape', [x, model.ints([3], [TOKENS, HEADS, WIDTH / HEADS])])], {
        attributes: { perm },
      });
    let x = model.input('x', 'float32', TRANSFORMER.input);
    for (const block of ['block0', 'block1']) {
      const before = net.norm(`${block}.norm1`, x, WIDTH);
      const part = (name: string): string => net.dense(`${block}.${name}`, before, WIDTH, WIDTH);
      const scores = model.node('MatMul', [heads(part('query'), [1, 0, 2]), heads(part('key'), [1, 2, 0])]);
      const weights = model.node('Softmax', [model.node('Mul', [scores, scale])], { attributes: { axis: -1 } });
      const mixed = model.node('MatMul', [weights, heads(part('value'), [1, 0, 2])]);
      const flat = model.node('Reshape', [
        model.node('Transpose', [mixed], { attributes: { perm: [1, 0, 2] } }),
        model.ints([2], [TOKENS, WIDTH]),
      ]);
      x = model.node('Add', [x, net.dense(`${block}.out`, flat, WIDTH, WIDTH)]);
      const rest = net.norm(`${block}.norm2`, x, WIDTH);
      const up = model.node('Gelu', [net.dense(`${block}.up`, rest, WIDTH, 4 * WIDTH)]);
      x = model.node('Add', [x, net.dense(`${block}.down`, up, 4 * WIDTH, WIDTH)]);
    }
    model.output(net.dense('head', net.norm('norm', x, WIDTH), WIDTH, 32), 'float32');
    return model.bytes();
  },
};
