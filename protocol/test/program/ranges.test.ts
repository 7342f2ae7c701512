import { expect } from 'chai';
import { compile, OnnxBuilder, readOnnx } from '../../src/index.ts';
import { lower } from '../../src/program/graph.ts';
import { analyse } from '../../src/program/ranges/analyse.ts';
import { lowestBit, ofConstant, quantumAbove } from '../../src/program/ranges/bounds.ts';
import { declaredRanges } from '../../src/program/ranges/declared.ts';

function bounds(b: OnnxBuilder) {
  const model = readOnnx(b.bytes());
  const graph = lower(model);
  return analyse(graph, declaredRanges(model.metadata, graph.inputs)).bounds;
}
const exactOf = (b: OnnxBuilder): readonly boolean[] => compile(b.bytes()).exactOperators;

/** x (integers of [0, high]) times one column of `weights`, plus `bias`. */
function product(high: number, weights: number[], bias = 0, step = 1): OnnxBuilder {
  const b = new OnnxBuilder();
  const x = b.input('x', 'float32', [1, weights.length], { low: 0, high, step });
  const y = b.node('Gemm', [x, b.floats([weights.length, 1], weights), b.floats([1], [bias])], { outputs: ['y'] });
  b.output(y);
  return b;
}

describe('proven ranges', () => {
  it('find the lowest bit of a number', () => {
    for (const [x, bit] of [
      [1, 1],
      [12, 4],
      [0.375, 0.125],
      [-96, 32],
      [2 ** -149, 2 ** -149],
      [0, 2 ** 128],
    ]) {
      expect(lowestBit(x)).to.equal(bit);
    }
    for (const least of [1, 0.3, 1e-10, 77]) {
      const x = Math.fround(least * 1.000001);
      expect(x % quantumAbove(least)).to.equal(0);
    }
    const bytes = new Uint8Array(Float32Array.of(0, 6, -0.5).buffer);
    expect(ofConstant({ name: '', dtype: 'float32', dims: [3], bytes })).to.eql({ low: -0.5, high: 6, quantum: 0.5 });
  });

  it('call a dot product exact up to 2^24 lowest bits, and not one more', () => {
    expect(exactOf(product(1, [2 ** 24 - 1], 1))).to.eql([true]);
    expect(exactOf(product(1, [2 ** 24 - 1], 3))).to.eql([false]);
    expect(exactOf(product(255, [127, -128, 5.5], 0))).to.eql([true]);
    expect(exactOf(product(255, [127, -128, 2 ** -20], 0))).to.eql([false]);
    expect(exactOf(product(255, [127, -128, 5], 2 ** -11))).to.eql([false]);
    expect(exactOf(product(255, [127, -128, 5], 0, 0))).to.eql([false]);
  });

  it('sum each column with the signs of its own weights', () => {
    expect(bounds(product(10, [3, -2, 5], 1)).get('y')).to.eql({ low: -19, high: 81, quantum: 1 });
  });

  it('follow a quantised layer to an in-range cast', () => {
    const b = product(255, [3, -2, 5], 1);
    const scaled = b.node('Mul', [b.node('Relu', ['y']), b.floats([], [2 ** -5])]);
    const floor = b.node('Floor', [b.node('Add', [scaled, b.floats([], [0.5])])]);
    const small = b.node('Min', [floor, b.floats([], [60])], { outputs: ['small'] });
    b.output(b.node('Cast', [small], { attributes: { to: 3 } }));
    expect(bounds(b).get('small')).to.eql({ low: 0, high: 60, quantum: 1 });
    expect(compile(b.bytes()).exact).to.equal(true);
  });

  it('know nothing of an undeclared float, nor of what follows from it', () => {
    const b = new OnnxBuilder();
    b.output(b.node('Add', [b.input('x', 'float32', [2]), b.floats([], [1])], { outputs: ['y'] }));
    expect(bounds(b).get('y')).to.equal(null);
    expect(compile(b.bytes()).exact).to.equal(false);
  });

  it('know nothing where a float may overflow or a divisor may be 0', () => {
    const b = new OnnxBuilder();
    const x = b.input('x', 'float32', [2], { low: -4, high: 4, step: 0 });
    b.node('Mul', [x, b.floats([], [1e38])], { outputs: ['huge'] });
    b.node('Div', [x, x], { outputs: ['ratio'] });
    b.output(b.node('Sqrt', [x], { outputs: ['root'] }));
    for (const name of ['huge', 'ratio', 'root']) expect(bounds(b).get(name)).to.equal(null);
  });

  it('let wrapping integers be anything, and call them exact', () => {
    const b = new OnnxBuilder();
    const x = b.input('x', 'int32', [2]);
    b.output(b.node('Mul', [x, x], { outputs: ['y'] }));
    expect(bounds(b).get('y')).to.eql({ low: -(2 ** 31), high: 2 ** 31 - 1, quantum: 1 });
    expect(compile(b.bytes()).exact).to.equal(true);
  });
});
