import type { TensorType } from '@essaim/protocol';
import { expect } from 'chai';
import { irregularByte } from '../src/form.ts';

const type = (dtype: TensorType['dtype'], ...dims: number[]): TensorType => ({ dtype, layout: 0, dims });
const padded = (...bytes: number[]) => {
  const chunk = new Uint8Array(1_024);
  chunk.set(bytes);
  return chunk;
};

describe('the form of a value', () => {
  it('is regular with zeros after its end, bools of 0 and 1, and one NaN', () => {
    expect(irregularByte(type('uint8', 3), padded(1, 2, 255))).to.equal(-1);
    expect(irregularByte(type('bool', 3), padded(0, 1, 1))).to.equal(-1);
    expect(irregularByte(type('float32', 2), padded(0, 0, 0xc0, 0x7f, 0, 0, 0x80, 0x7f))).to.equal(-1);
  });

  it('is not regular at the byte that breaks one of these rules', () => {
    expect(irregularByte(type('uint8', 3), padded(1, 2, 3, 0, 7))).to.equal(4);
    expect(irregularByte(type('bool', 3), padded(0, 2, 1))).to.equal(1);
    expect(irregularByte(type('float32', 2), padded(0, 0, 0, 0, 1, 0, 0xc0, 0x7f))).to.equal(4);
  });
});
