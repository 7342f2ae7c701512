import { expect } from 'chai';
import { suspects } from '../src/faults/suspects.ts';

const bytes = (floats: Float32Array) => new Uint8Array(floats.buffer);

describe('suspects of a value', () => {
  const own = new Float32Array(5_000).fill(1);
  const device = own.map((one) => one + 2 ** -23);

  it('hold the one element that is far off among thousands that are equally close', () => {
    for (const far of [0, 777, 4_999]) {
      for (const number of [1.25, Number.NaN, Number.POSITIVE_INFINITY]) {
        const claimed = device.slice();
        claimed[far] = number;
        const found = suspects(bytes(claimed), bytes(own), 'float32', 256);
        expect(found).to.include(far);
        expect(found.length).to.be.at.most(256);
      }
    }
  });

  it('are all that differ where they are few, and spread where they are many', () => {
    const few = own.with(3, 2).with(9, 2);
    expect(suspects(bytes(few), bytes(own), 'float32', 256)).to.deep.equal([3, 9]);
    const many = suspects(bytes(device), bytes(own), 'float32', 256);
    expect(many.length).to.be.above(128);
    expect(Math.max(...many)).to.be.above(4_900);
  });
});
