import { expect } from 'chai';
import { keccak256 } from 'ethers';
import { random, randomBytes } from '../../../test/random.ts';
import {
  decodeHeader,
  decodeInterface,
  decodeOperator,
  EssaimError,
  elementBits,
  elementValue,
  encodeHeader,
  encodeInterface,
  encodeOperator,
  HEADER_BYTES,
  ListTree,
  listRootFrom,
  type OperatorBody,
  toHex,
  ZERO_HASH,
} from '../../src/index.ts';

const next = random(3);
const hash = () => toHex(randomBytes(next, 32));

describe('list commitments', () => {
  it('are zero when empty and the leaf itself when single', () => {
    expect(new ListTree([]).root).to.equal(ZERO_HASH);
    const leaf = hash();
    expect(new ListTree([leaf]).root).to.equal(leaf);
  });

  it('open every position, and no other', () => {
    for (const count of [1, 2, 3, 4, 5, 8, 13]) {
      const leaves = Array.from({ length: count }, hash);
      const list = new ListTree(leaves);
      for (let i = 0; i < count; i++) {
        expect(list.siblings(i)).to.have.length(list.depth);
        expect(listRootFrom(leaves[i], i, count, list.siblings(i))).to.equal(list.root);
        if (count > 1)
          expect(listRootFrom(leaves[i], (i + 1) % count, count, list.siblings(i))).to.not.equal(list.root);
      }
      expect(listRootFrom(ZERO_HASH, count, count, list.siblings(0))).to.equal(null);
    }
  });

  it('pad with zero leaves', () => {
    const [a, b, c] = [hash(), hash(), hash()];
    const pair = (x: string, y: string) => keccak256(x + y.slice(2));
    expect(new ListTree([a, b, c]).root).to.equal(pair(pair(a, b), pair(c, ZERO_HASH)));
  });
});

describe('operator bodies', () => {
  const op: OperatorBody = {
    opcode: hash(),
    judge: hash(),
    attributes: randomBytes(next, 64),
    firstValue: 7,
    segment: 3,
    boundary: 1,
    inputs: [
      { kind: 'value', index: 6 },
      { kind: 'none', index: 0 },
      { kind: 'weight', index: 2 },
    ],
    inputTypes: [
      { dtype: 'float32', layout: 0x1320, dims: [1, 2, 3, 4] },
      null,
      { dtype: 'int64', layout: 0, dims: [] },
    ],
    outputTypes: [{ dtype: 'float32', layout: 0x01, dims: [2, 2] }],
  };

  it('come back from their encoding', () => {
    expect(decodeOperator(encodeOperator(op))).to.eql(op);
  });

  it('are refused when cut off, lengthened or with a false type', () => {
    const body = encodeOperator(op);
    for (let size = 0; size < body.length; size++) {
      expect(() => decodeOperator(body.slice(0, size)), `${size}`).to.throw(EssaimError);
    }
    expect(() => decodeOperator(Uint8Array.from([...body, 0]))).to.throw('left over');
    expect(() => encodeOperator({ ...op, outputTypes: [{ dtype: 'float32', layout: 0x10, dims: [2, 2] }] })).to.throw();
  });
});

describe('program commitments', () => {
  it('read headers back', () => {
    const header = {
      compilerVersion: 1,
      opsRoot: hash(),
      opCount: 3,
      valueCount: 4,
      weightsRoot: hash(),
      weightCount: 5,
      inputCount: 6,
      segmentsRoot: hash(),
      segmentCount: 7,
      interfaceHash: hash(),
      numerics: 1,
    };
    expect(encodeHeader(header)).to.have.length(HEADER_BYTES);
    expect(decodeHeader(encodeHeader(header))).to.eql(header);
  });

  it('read interfaces back', () => {
    const face = {
      inputs: [
        { type: { dtype: 'float32', layout: 0, dims: [1, 784] } as const, range: { low: 0, high: 255, step: 1 } },
        { type: { dtype: 'int8', layout: 0, dims: [3] } as const, range: { low: -128, high: 127, step: 0 } },
        {
          type: { dtype: 'float32', layout: 0, dims: [] } as const,
          range: { low: -Infinity, high: Infinity, step: 0 },
        },
      ],
      outputs: [9, 3],
    };
    expect(decodeInterface(encodeInterface(face))).to.eql(face);
  });

  it('write elements as little-endian integers', () => {
    expect(elementBits('int8', -1)).to.equal(255n);
    expect(elementBits('float32', 1)).to.equal(0x3f800000n);
    expect(elementBits('int64', Infinity)).to.equal((1n << 63n) - 1n);
    expect(elementBits('uint8', -5)).to.equal(0n);
    expect(elementValue('int64', (1n << 64n) - 1n)).to.equal(-1);
  });
});
