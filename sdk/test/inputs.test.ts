import { compile, OnnxBuilder } from '@essaim/protocol';
import { encodeInput, type InputSpec } from '@essaim/sdk';
import { expect } from 'chai';
import { encodeInputs } from '../src/jobs/encode.ts';

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'nothing failed';
};

function model(inputs: number) {
  const graph = new OnnxBuilder();
  const names = Array.from({ length: inputs }, (_, i) => graph.input(`x${i}`, 'float32', [2]));
  const sum = names.slice(1).reduce((a, b) => graph.node('Add', [a, b]), names[0]);
  graph.node('Relu', [sum], { outputs: ['y'] });
  graph.output('y', 'float32', [2]);
  return compile(graph.bytes());
}

describe('the inputs of a job', () => {
  const one = model(1);
  const two = model(2);
  const a = Float32Array.of(1, 2);
  const b = [3, 4];

  it('may be one tensor, given plainly as a typed array or as numbers', () => {
    expect(encodeInputs(one, a).claims).to.have.length(1);
    expect(encodeInputs(one, b).inputsRoot).to.equal(encodeInputs(one, [Float32Array.from(b)]).inputsRoot);
  });

  it('may be one tensor for each input of the model', () => {
    expect(encodeInputs(two, [a, b]).claims).to.have.length(1);
    expect(encodeInputs(two, [b, b]).claims[0]).to.have.length(2);
  });

  it('may be several such lists, for a job of several inputs', () => {
    expect(encodeInputs(one, [[a], [b], [a]]).claims).to.have.length(3);
    expect(encodeInputs(two, [[a, b]]).inputsRoot).to.equal(encodeInputs(two, [a, b]).inputsRoot);
    expect(
      encodeInputs(two, [
        [a, b],
        [b, a],
      ]).claims,
    ).to.have.length(2);
  });

  it('are refused when their number is not the model’s, with the form to give', () => {
    for (const [program, inputs] of [
      [one, [a, b]],
      [two, a],
      [two, [[a], [b]]],
      [one, []],
      [two, [[a, b], []]],
    ] as const) {
      const code = codeOf(() => encodeInputs(program, inputs));
      expect(code).to.be.oneOf(['INPUT_COUNT', 'INPUT_WRONG_SHAPE']);
    }
    expect(() => encodeInputs(one, [a, b])).to.throw('2 tensors given, the model has 1 inputs');
  });

  const spec = (dtype: InputSpec['type']['dtype'], range = { low: -Infinity, high: Infinity, step: 0 }): InputSpec => ({
    name: 'x',
    type: { dtype, layout: 0, dims: [2] },
    range,
  });

  it('are refused for another element type, count or range', () => {
    expect(codeOf(() => encodeInput(spec('float32'), new Float64Array(2) as never))).to.equal('INPUT_WRONG_TYPE');
    expect(codeOf(() => encodeInput(spec('int8'), [1, 300]))).to.equal('INPUT_WRONG_TYPE');
    expect(codeOf(() => encodeInput(spec('int32'), [1, 1.5]))).to.equal('INPUT_WRONG_TYPE');
    expect(codeOf(() => encodeInput(spec('float32'), [1]))).to.equal('INPUT_WRONG_SHAPE');
    const sixteenths = spec('float32', { low: 0, high: 1, step: 1 / 16 });
    expect(codeOf(() => encodeInput(sixteenths, [0, 1.5]))).to.equal('INPUT_OUT_OF_RANGE');
    expect(codeOf(() => encodeInput(sixteenths, [0, 0.03]))).to.equal('INPUT_OUT_OF_RANGE');
    expect(codeOf(() => encodeInput(sixteenths, [0, Number.NaN]))).to.equal('INPUT_OUT_OF_RANGE');
    expect(encodeInput(sixteenths, [0, 0.0625])).to.have.length(8);
    const bool = spec('bool', { low: 0, high: 255, step: 0 });
    expect(codeOf(() => encodeInput(bool, Uint8Array.of(0, 2)))).to.equal('INPUT_OUT_OF_RANGE');
  });

  it('count 64-bit integers exactly', () => {
    const range = { low: -(2 ** 63), high: 2 ** 63, step: 3 };
    const big = 3n * (2n ** 61n - 1n);
    expect(encodeInput(spec('int64', range), [big, 0n])).to.have.length(16);
    expect(codeOf(() => encodeInput(spec('int64', range), [big + 1n, 0n]))).to.equal('INPUT_OUT_OF_RANGE');
  });

  it('are copied, and every NaN is written the one way commitments allow', () => {
    const given = new Float32Array(2);
    new Uint32Array(given.buffer)[1] = 0xffc00001;
    const bytes = encodeInput(spec('float32'), given);
    expect(new DataView(bytes.buffer).getUint32(4, true)).to.equal(0x7fc00000);
    expect(new Uint32Array(given.buffer)[1]).to.equal(0xffc00001);
  });
});
