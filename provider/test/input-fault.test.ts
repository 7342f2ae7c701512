import { expect } from 'chai';
import { inputFaultOf } from '../src/input-fault.ts';
import { selfCheck } from '../src/self-check.ts';
import { keptDigits } from './kept.ts';

const pixels = (...some: number[]) => {
  const scan = new Float32Array(64);
  scan.set(some);
  return [new Uint8Array(scan.buffer)];
};

describe('a provider’s own checks', () => {
  it('name the first element of an input that the model does not declare', async () => {
    const { program } = await keptDigits([0]);
    expect(inputFaultOf(program, [pixels(0, 16)])).to.equal(null);
    expect(inputFaultOf(program, [pixels(1), pixels(0, 0, 99)])).to.include({ index: 1 });
    expect(inputFaultOf(program, [pixels(0, 0, 99)])?.reason).to.match(/element 2 of .* is 99/);
    expect(inputFaultOf(program, [pixels(Number.NaN)])).not.to.equal(null);
  });

  it('find a broken device before it commits, and leave a sound one alone', async () => {
    const { kept } = await keptDigits([0]);
    const [trace] = kept.traces;
    selfCheck(trace);
    const values = trace.values.map((tensor) => ({ ...tensor, bytes: new Uint8Array(tensor.bytes).fill(0x41) }));
    expect(() => selfCheck({ ...trace, values })).to.throw(/is convicted/);
  });
});
