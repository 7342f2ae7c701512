import { expect } from 'chai';
import { random, randomBytes } from '../../../test/random.ts';
import {
  DTYPES,
  elementCount,
  fromLayout,
  layoutOf,
  type TensorType,
  toLayout,
  toLogical,
  toPhysical,
} from '../../src/index.ts';

const CASES: [TensorType['dtype'], number[], number[]][] = [
  ['float32', [3, 5], [1, 0]],
  ['int8', [2, 7, 40], [0, 2, 1]],
  ['float32', [2, 3, 9, 70], [0, 2, 3, 1]],
  ['int64', [4, 3, 2], [2, 1, 0]],
  ['uint16', [2, 2, 3, 1, 5], [4, 0, 2, 3, 1]],
  ['bool', [3, 0, 2], [2, 1, 0]],
  ['int8', [6], [0]],
  ['float32', [], []],
];

describe('layouts', () => {
  const next = random(2);
  for (const [dtype, dims, axes] of CASES) {
    it(`moves ${dtype}[${dims}] to the order ${axes} and back`, () => {
      const type = { dtype, dims, layout: layoutOf(axes) };
      const size = DTYPES[dtype].size;
      const rowMajor = randomBytes(next, elementCount(type) * size);
      const physical = toLayout(type, rowMajor);
      for (let i = 0; i < elementCount(type); i++) {
        const p = toPhysical(type, i);
        expect(toLogical(type, p)).to.equal(i);
        expect(physical.slice(p * size, (p + 1) * size)).to.eql(rowMajor.slice(i * size, (i + 1) * size));
      }
      expect(fromLayout(type, physical)).to.eql(rowMajor);
    });
  }

  it('stores the matrix of the last nibble innermost: 0x01 is column-major, 0x1320 is channels last', () => {
    expect(layoutOf([1, 0])).to.equal(0x01);
    expect(layoutOf([0, 2, 1])).to.equal(0x120);
    expect(layoutOf([0, 1, 3, 2])).to.equal(0x2310);
    expect(layoutOf([0, 2, 3, 1])).to.equal(0x1320);
    const bytes = toLayout({ dtype: 'uint8', dims: [2, 3], layout: 0x01 }, Uint8Array.of(1, 2, 3, 4, 5, 6));
    expect([...bytes]).to.eql([1, 4, 2, 5, 3, 6]);
  });
});
