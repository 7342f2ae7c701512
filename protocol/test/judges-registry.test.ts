import { expect } from 'chai';
import { EssaimError } from '../src/errors.ts';
import { JUDGES, judgeOf, OPCODES } from '../src/judges/registry.ts';
import type { DType, TensorType } from '../src/program/types.ts';

const type = (dtype: DType): TensorType => ({ dtype, layout: 0, dims: [2] });
const contractOf = (name: string, since: number, from: DType[], to: DType): string =>
  judgeOf(name, since, from.map(type), [type(to)]).contract;

describe('The registry of judges', () => {
  it('gives arithmetic to the integer judge on integers and to the IEEE judge on floats', () => {
    expect(contractOf('Add', 14, ['int32', 'int32'], 'int32')).to.equal('IntegerJudge');
    expect(contractOf('Add', 14, ['float32', 'float32'], 'float32')).to.equal('IeeeJudge');
    expect(contractOf('Less', 13, ['float32', 'float32'], 'bool')).to.equal('IeeeJudge');
    expect(contractOf('Less', 13, ['uint8', 'uint8'], 'bool')).to.equal('IntegerJudge');
  });

  it('gives casts from or to floats to the IEEE judge', () => {
    expect(contractOf('Cast', 13, ['int8'], 'float32')).to.equal('IeeeJudge');
    expect(contractOf('Cast', 13, ['float32'], 'int8')).to.equal('IeeeJudge');
    expect(contractOf('Cast', 13, ['bool'], 'int64')).to.equal('IntegerJudge');
  });

  it('gives moves, order and dot products to their judges whatever the type', () => {
    expect(contractOf('Gather', 13, ['float32', 'int64'], 'float32')).to.equal('MoveJudge');
    expect(contractOf('Relayout', 1, ['int8'], 'int8')).to.equal('MoveJudge');
    expect(contractOf('ArgMax', 13, ['float32'], 'int64')).to.equal('OrderJudge');
    expect(contractOf('MatMul', 13, ['float32', 'float32'], 'float32')).to.equal('DotJudge');
    expect(contractOf('MatMulInteger', 10, ['int8', 'int8'], 'int32')).to.equal('DotJudge');
  });

  it('throws JUDGE_MISSING for operators and versions that no judge knows', () => {
    for (const [name, since] of [
      ['Einsum', 12],
      ['Add', 6],
      ['toString', 1],
    ] as const) {
      expect(() => contractOf(name, since, ['float32'], 'float32'))
        .to.throw(EssaimError, `no judge knows ${name} ${since}`)
        .with.property('code', 'JUDGE_MISSING');
    }
  });

  it('lists no operator version twice, but where the integer and the IEEE judge share it', () => {
    const seen = new Map<string, string>();
    for (const { name, since, contract } of OPCODES) {
      for (const version of since) {
        const key = `${name}/${version}`;
        if (seen.has(key)) expect([seen.get(key), contract]).to.deep.equal(['IntegerJudge', 'IeeeJudge'], key);
        seen.set(key, contract);
      }
    }
    expect(new Set(OPCODES.map(({ contract }) => contract)).size).to.equal(JUDGES.length);
  });
});
