import { id } from 'ethers';
import type { Judges } from '../../src/index.ts';
import { dotJudge } from '../../src/judges/dot.ts';
import { ieeeJudge } from '../../src/judges/ieee.ts';
import { integerJudge } from '../../src/judges/integer.ts';
import { moveJudge } from '../../src/judges/move.ts';
import { orderJudge } from '../../src/judges/order.ts';

export const judges: Judges = {
  judgeOf(op) {
    if (['MatMul','Gemm','Conv','MatMulInteger','ConvInteger'].includes(op.name)) return dotJudge;
    if (['ArgMax','ArgMin','MaxPool'].includes(op.name)) return orderJudge;
    const ok = (j: typeof moveJudge) => { try { j.admit(op); return true; } catch { return false; } };
    return [moveJudge, integerJudge, ieeeJudge].find(ok);
  },
  codeHash: (contract) => id(contract),
};
