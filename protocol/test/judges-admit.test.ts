import { expect } from 'chai';
import { concat } from '../src/commitments/bytes.ts';
import { EssaimError } from '../src/errors.ts';
import { integerJudge } from '../src/judges/integer.ts';
import type { Judge } from '../src/judges/judge.ts';
import { moveJudge } from '../src/judges/move.ts';
import { opcodeOf } from '../src/judges/opcode.ts';
import { orderJudge } from '../src/judges/order.ts';
import type { DType, Operator, TensorType } from '../src/program/types.ts';

const type = (dtype: DType, ...dims: number[]): TensorType => ({ dtype, layout: 0, dims });
const word = (value: number): Uint8Array => {
  const hex = BigInt.asUintN(256, BigInt(value)).toString(16).padStart(64, '0');
  return Uint8Array.from(hex.match(/../g)!, (byte) => Number.parseInt(byte, 16));
};

function operator(name: string, since: number, words: number[], from: (TensorType | null)[], to: TensorType): Operator {
  return {
    name,
    since,
    opcode: opcodeOf(name, since),
    judge: `0x${'00'.repeat(32)}`,
    attributes: concat(words.map(word)),
    firstValue: 0,
    segment: 0,
    boundary: 1,
    inputs: from.map((t, index) => (t ? { kind: 'value', index } : { kind: 'none', index: 0 })),
    inputTypes: from,
    outputTypes: [to],
    node: 'the_node',
  };
}

const refused = (judge: Judge, op: Operator, why: string): void => {
  expect(() => judge.admit(op))
    .to.throw(EssaimError, why)
    .that.includes({ code: 'JUDGE_REFUSES' })
    .with.property('message')
    .that.includes('the_node');
};

describe('Admission by the move judge', () => {
  const float = type('float32', 2, 3);

  it('takes operators whose every output element has a source', () => {
    moveJudge.admit(operator('Reshape', 13, [], [float], type('float32', 6)));
    moveJudge.admit(operator('Slice', 13, [1, 2, -1, -1], [float], type('float32', 2, 3)));
    moveJudge.admit(operator('Gather', 13, [1], [float, type('int64', 4)], type('float32', 2, 4)));
    moveJudge.admit(operator('Concat', 13, [0], [float, float], type('float32', 4, 3)));
    moveJudge.admit(operator('Where', 16, [], [type('bool', 3), float, type('float32')], float));
  });

  it('refuses versions, types and shapes that the contract would not judge', () => {
    refused(moveJudge, operator('Reshape', 5, [], [float], type('float32', 6)), 'does not know this operator version');
    refused(moveJudge, operator('constructor', 1, [], [float], float), 'does not know this operator version');
    refused(moveJudge, operator('Reshape', 13, [], [float], type('int32', 6)), 'operand 0 is not int32');
    refused(moveJudge, operator('Reshape', 13, [], [float], type('float32', 7)), 'number of elements');
    refused(moveJudge, operator('Transpose', 13, [0, 1], [float], type('float32', 3, 2)), 'perm');
    refused(moveJudge, operator('Transpose', 13, [1], [float], type('float32', 3, 2)), 'word 1 is missing');
    refused(moveJudge, operator('Slice', 13, [0, 0, 1, 2], [float], type('float32', 2, 3)), 'axis 1 is cut outside');
    refused(moveJudge, operator('Gather', 13, [1], [float, type('int8', 4)], type('float32', 2, 4)), 'indices');
    refused(moveJudge, operator('Concat', 13, [0], [float, float], type('float32', 5, 3)), 'add up');
    refused(moveJudge, operator('Where', 16, [], [type('int8', 3), float, float], float), 'condition');
    refused(moveJudge, operator('Expand', 13, [], [type('float32', 2)], float), 'cannot be broadcast');
  });
});

describe('Admission by the integer judge', () => {
  const int = type('int32', 4);

  it('takes integers, and bool where ONNX does', () => {
    integerJudge.admit(operator('Max', 13, [], [int, int, type('int32')], int));
    integerJudge.admit(operator('Clip', 13, [], [int, null, type('int32')], int));
    integerJudge.admit(operator('Equal', 13, [], [type('bool', 4), type('bool', 4)], type('bool', 4)));
    integerJudge.admit(operator('Cast', 13, [], [type('bool', 4)], type('uint16', 4)));
  });

  it('refuses floats, mixed types and missing operands', () => {
    const float = type('float32', 4);
    refused(integerJudge, operator('Add', 14, [], [float, float], float), 'cannot be float32');
    refused(integerJudge, operator('Cast', 13, [], [int], float), 'output cannot be float32');
    refused(integerJudge, operator('Add', 14, [], [int, type('int64', 4)], int), 'operand 1 is int64');
    refused(integerJudge, operator('Add', 14, [], [int, null], int), 'operand 1 is missing');
    refused(integerJudge, operator('Add', 14, [], [int], int), 'it has 1 operands');
    refused(integerJudge, operator('Less', 13, [], [int, int], int), 'output cannot be int32');
    refused(integerJudge, operator('Relu', 13, [], [int], int), 'does not know this operator version');
    refused(integerJudge, operator('Not', 1, [], [int], int), 'cannot be int32');
  });
});

describe('Admission by the order judge', () => {
  const image = type('float32', 1, 2, 5, 5);

  it('takes ArgMax of any number type and pooling of two dimensions', () => {
    orderJudge.admit(operator('ArgMax', 13, [1, 0, 0], [type('uint8', 3, 4)], type('int64', 3)));
    orderJudge.admit(operator('MaxPool', 12, [2, 2, 2, 2, 0, 0, 1, 1], [image], type('float32', 1, 2, 2, 2)));
  });

  it('refuses what the contract would not judge', () => {
    refused(orderJudge, operator('ArgMax', 13, [2, 0, 0], [type('uint8', 3, 4)], type('int64', 3)), 'axis 2');
    refused(orderJudge, operator('ArgMax', 13, [1, 1, 0], [type('uint8', 3, 4)], type('int64', 3)), 'keepdims');
    refused(orderJudge, operator('ArgMax', 13, [0, 0, 0], [type('bool', 3)], type('int64')), 'cannot be bool');
    const row = type('float32', 1, 2, 5);
    refused(orderJudge, operator('MaxPool', 12, [2, 2, 2, 2, 0, 0, 1, 1], [row], row), 'two-dimensional');
    const ints = type('int32', 1, 2, 5, 5);
    refused(orderJudge, operator('MaxPool', 12, [1, 1, 1, 1, 0, 0, 1, 1], [ints], ints), 'cannot be int32');
    refused(orderJudge, operator('MaxPool', 12, [2, 2, 0, 2, 0, 0, 1, 1], [image], image), 'word 2 is 0');
  });

  it('refuses a pooling window that lies wholly in the padding, where any number would be permitted', () => {
    const small = type('float32', 1, 2, 3, 3);
    const pool = (words: number[], ...dims: number[]) =>
      operator('MaxPool', 12, words, [small], type('float32', 1, 2, ...dims));
    refused(orderJudge, pool([2, 2, 1, 1, 2, 2, 1, 1], 6, 6), 'wholly in the padding');
    refused(orderJudge, pool([2, 2, 1, 1, 1, 1, 4, 4], 1, 1), 'along axis 2');
    refused(orderJudge, pool([1, 2, 1, 1, 0, 1, 1, 4], 3, 1), 'along axis 3');
    orderJudge.admit(pool([2, 2, 1, 1, 1, 1, 3, 3], 2, 2));
    orderJudge.admit(pool([3, 3, 1, 1, 2, 2, 1, 1], 5, 5));
  });
});
