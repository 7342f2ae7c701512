import { expect } from 'chai';
import { fromLayout, toLayout } from '../src/commitments/layout.ts';
import { layoutOf } from '../src/commitments/type.ts';
import { broadcast, fromRowMajor, indexOf, locate, rowMajor } from '../src/judges/coordinates.ts';
import type { TensorType } from '../src/program/types.ts';

const TYPES: TensorType[] = [[], [7], [2, 3], [4, 1, 5], [2, 3, 4, 5], [2, 1, 2, 3, 2, 2, 1, 2]].flatMap((dims) =>
  [0, layoutOf([...dims.keys()].toReversed()), layoutOf([...dims.keys()].map((i) => (i + 1) % dims.length))].map(
    (layout) => ({ dtype: 'uint8' as const, layout, dims }),
  ),
);

describe('Coordinates of elements', () => {
  it('are those of the bytes as committed, in every layout', () => {
    for (const type of TYPES) {
      const count = type.dims.reduce((a, b) => a * b, 1);
      const logical = Uint8Array.from({ length: count }, (_, i) => i);
      const stored = toLayout(type, logical);
      stored.forEach((mark, index) => {
        expect(rowMajor(type, locate(type, index))).to.equal(mark);
        expect(indexOf(type, fromRowMajor(type, mark))).to.equal(index);
      });
      expect(fromLayout(type, stored)).to.deep.equal(logical);
    }
  });

  it('refuse elements and coordinates outside the tensor', () => {
    const type: TensorType = { dtype: 'uint8', layout: 0x01, dims: [2, 3] };
    expect(() => locate(type, 6)).to.throw(RangeError);
    for (const outside of [[2, 0], [0, 3], [-1, 0], [0]]) expect(() => indexOf(type, outside)).to.throw(RangeError);
  });

  it('of a broadcast operand are right-aligned, and 0 where it has one element', () => {
    const operand: TensorType = { dtype: 'uint8', layout: 0, dims: [1, 5] };
    expect(broadcast(operand, [3, 2, 4])).to.deep.equal([0, 4]);
    expect(broadcast({ ...operand, dims: [] }, [3, 2, 4])).to.deep.equal([]);
    expect(() => broadcast(operand, [4])).to.throw(RangeError);
  });
});
