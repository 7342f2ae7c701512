import { expect } from 'chai';
import { random } from '../../../test/random.ts';
import {
  byteLength,
  compile,
  mergeAdditions,
  OnnxBuilder,
  type OnnxModel,
  readOnnx,
  writeOnnx,
} from '../../src/index.ts';

const next = random(11);
const floats = (count: number) => Array.from({ length: count }, () => next() - 0.5);
const types = ({ nodes }: OnnxModel) => nodes.map(({ type }) => type);
const committed = (model: OnnxModel): number => {
  const { values, boundary } = compile(writeOnnx(model));
  return values.reduce((sum, { type }, i) => sum + (boundary[i] ? byteLength(type) : 0), 0);
};

/** Blocks of two products each, added to what they are made from; with a bias before the residual where asked. */
function blocks({ biased = false, dims = [2, 64, 96] }: { biased?: boolean; dims?: number[] } = {}): OnnxModel {
  const b = new OnnxBuilder({ opset: 20, ir: 9 });
  const width = dims.at(-1)!;
  let x = b.input('x', 'float32', dims);
  for (let i = 0; i < 4; i++) {
    const inner = b.node('Gelu', [b.node('MatMul', [x, b.floats([width, width], floats(width * width))])]);
    const product = b.node('MatMul', [inner, b.floats([width, width], floats(width * width))]);
    const branch = biased ? b.node('Add', [b.floats([width], floats(width)), product]) : product;
    x = b.node('Add', [x, branch]);
  }
  b.output(x, 'float32', dims);
  return b.model();
}

describe('mergeAdditions', () => {
  it('makes one product of a product and a residual, so that a trace commits to less', () => {
    const model = blocks();
    const merged = mergeAdditions(model);
    expect(types(merged)).to.not.include('Add');
    expect(types(merged).filter((type) => type === 'Gemm').length).to.equal(4);
    expect(committed(merged)).to.be.below(committed(model));
    expect(mergeAdditions(readOnnx(writeOnnx(model)))).to.eql(readOnnx(writeOnnx(merged)));
  });

  it('adds a bias that stands between to the residual', () => {
    const merged = mergeAdditions(blocks({ biased: true }));
    expect(types(merged).filter((type) => type === 'Add').length).to.equal(4);
    expect(types(merged).filter((type) => type === 'Gemm').length).to.equal(4);
    compile(writeOnnx(merged));
  });

  it('sees tensors of more axes as matrices once each, and matrices as they are', () => {
    const reshapes = (dims: number[]) => types(mergeAdditions(blocks({ dims }))).filter((type) => type === 'Reshape');
    expect(reshapes([128, 96]).length).to.equal(0);
    // the input, and of each block what is multiplied and what comes out
    expect(reshapes([2, 64, 96]).length).to.equal(1 + 2 * 4);
  });

  it('leaves products alone that others read, outputs, and what is broadcast otherwise', () => {
    const b = new OnnxBuilder();
    const x = b.input('x', 'float32', [4, 8]);
    const product = () => b.node('MatMul', [x, b.floats([8, 8], floats(64))]);
    const [shared, output] = [product(), product()];
    const apart = b.node('Add', [shared, b.node('Relu', [shared])]);
    const shown = b.node('Add', [output, x]);
    const column = b.node('Add', [product(), b.floats([4, 1], floats(4))]);
    const twice = b.node('Add', [b.node('Add', [b.node('Add', [product(), x]), x]), x]);
    const both = product();
    for (const name of [apart, output, shown, column, twice, b.node('Add', [both, both])]) b.output(name);
    const merged = mergeAdditions(b.model());
    expect(types(merged).filter((type) => type === 'Gemm').length).to.equal(1);
    expect(types(merged).filter((type) => type === 'MatMul').length).to.equal(4);
    compile(writeOnnx(merged));
  });
});
