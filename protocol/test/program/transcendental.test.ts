import { expect } from 'chai';
import { type AttributeInput, compile, OnnxBuilder, type Program } from '../../src/index.ts';

type Attributes = Record<string, AttributeInput>;

/** A program of one operator on an input of `dims` and weights of the other shapes. */
function only(type: string, dims: number[], others: number[][] = [], attributes: Attributes = {}): Program {
  const b = new OnnxBuilder({ opset: 22 });
  const weights = others.map((shape) => b.floats(shape, Array(shape.reduce((a, d) => a * d, 1)).fill(1)));
  b.output(b.node(type, [b.input('x', 'float32', dims), ...weights], { attributes }));
  return compile(b.bytes());
}

describe('Transcendental operators', () => {
  it('have the axis of a softmax laid innermost, by a relaid copy where it is not the last', () => {
    expect(only('Softmax', [2, 3, 4]).operators.map(({ name }) => name)).to.deep.equal(['Softmax']);
    const { operators } = only('LogSoftmax', [2, 3, 4], [], { axis: 1 });
    expect(operators.map(({ name }) => name)).to.deep.equal(['Relayout', 'LogSoftmax']);
    expect(operators[1].inputTypes[0]!.layout).to.equal(0x120);
  });

  it('are taken up to the greatest row that a proof holds', () => {
    only('Softmax', [1, 16_384]);
    expect(() => only('Softmax', [1, 16_385])).to.throw('more than 16384');
    only('LayerNormalization', [1, 14_336], [[14_336], [14_336]]);
    expect(() => only('LayerNormalization', [1, 14_337], [[14_337]])).to.throw('more than 14336');
  });

  it('are refused where no bound holds: training, half precision, a great epsilon', () => {
    const channels = [[3], [3], [3], [3]];
    expect(() => only('BatchNormalization', [1, 3, 2], channels, { training_mode: 1 })).to.throw('training_mode');
    expect(() => only('LayerNormalization', [2, 3], [[3]], { stash_type: 10 })).to.throw('stash_type');
    expect(() => only('LayerNormalization', [2, 3], [[3]], { epsilon: { float: 0.5 } })).to.throw('epsilon');
    expect(() => only('Elu', [2], [], { alpha: { float: Number.POSITIVE_INFINITY } })).to.throw('attribute word 0');
  });

  it('prove nothing about their results, so that a cast after them is refused', () => {
    const b = new OnnxBuilder({ opset: 22 });
    b.output(b.node('Cast', [b.node('Sigmoid', [b.input('x', 'float32', [2])])], { attributes: { to: 3 } }));
    expect(() => compile(b.bytes())).to.throw('cast');
  });
});
