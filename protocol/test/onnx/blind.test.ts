import { expect } from 'chai';
import { BLIND, BLINDED, blinded, compile, EssaimError, isBlinded, OnnxBuilder, readOnnx } from '../../src/index.ts';

/** y = x + 1, of four floats. */
function plain(): OnnxBuilder {
  const model = new OnnxBuilder();
  model.input('x', 'float32', [4]);
  const sum = model.node('Add', ['x', model.floats([1], [1])], { outputs: ['y'] });
  model.output(sum, 'float32', [4]);
  return model;
}

describe('A blinded model', () => {
  const onnx = blinded(plain().bytes());
  const program = compile(onnx);

  it('has 32 bytes more as its last input, which come out as its last output and nothing else reads', () => {
    expect(program.inputs.map(({ name }) => name)).to.deep.equal(['x', BLIND]);
    expect(program.inputs[1]).to.deep.include({ type: { dtype: 'uint8', layout: 0, dims: [32] } });
    expect(program.outputs.map(({ name }) => name)).to.deep.equal(['y', BLINDED]);
    const readers = program.operators.filter(({ inputs }) =>
      inputs.some((it) => it.kind === 'input' && it.index === 1),
    );
    expect(readers.map(({ name, firstValue }) => [name, firstValue])).to.deep.equal([
      ['Identity', program.outputs[1].value],
    ]);
    // so the blind is below the trace's root too
    expect(program.boundary[program.outputs[1].value]).to.equal(true);
  });

  it('is another program than the model, and computes the same', () => {
    const own = compile(plain().bytes());
    expect(program.id).to.not.equal(own.id);
    expect(program.operators.slice(0, -1).map(({ name }) => name)).to.deep.equal(own.operators.map(({ name }) => name));
    expect(program.exact).to.equal(own.exact);
  });

  it('is told from one that is not, and is not blinded twice', () => {
    expect(isBlinded(program)).to.equal(true);
    expect(isBlinded(compile(plain().bytes()))).to.equal(false);
    expect(isBlinded({ inputs: program.inputs, outputs: program.outputs.slice(0, 1) })).to.equal(false);
    const again = () => blinded(onnx);
    expect(again).to.throw(EssaimError).with.property('code', 'MODEL_BLINDED');
    expect(readOnnx(onnx).nodes).to.have.length(2);
  });
});
