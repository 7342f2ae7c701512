import { EssaimError } from '../errors.ts';
import type { TensorType } from '../program/types.ts';
import { activationJudge } from './activation.ts';
import { dotJudge } from './dot.ts';
import hashes from './hashes.json' with { type: 'json' };
import { ieeeJudge } from './ieee.ts';
import { integerJudge } from './integer.ts';
import type { Judge } from './judge.ts';
import { moveJudge } from './move.ts';
import { normalizationJudge } from './normalization.ts';
import { orderJudge } from './order.ts';
import { quantiseJudge } from './quantise.ts';
import { knows } from './refuse.ts';
import { sumJudge } from './sum.ts';

/** Every family of judges. Only the integer and the IEEE judge share opcodes. */
export const JUDGES: readonly Judge[] = [
  moveJudge,
  integerJudge,
  ieeeJudge,
  orderJudge,
  dotJudge,
  sumJudge,
  quantiseJudge,
  activationJudge,
  normalizationJudge,
];

/** Every operator that some judge contract knows: what a judge registry lists from the first day. */
export const OPCODES: readonly { name: string; since: readonly number[]; contract: string }[] = JUDGES.flatMap(
  (judge) => Object.entries(judge.versions).map(([name, since]) => ({ name, since, contract: judge.contract })),
);

/** Code hash of a judge contract, 0x hex, the same on every chain; `undefined` if there is no such contract. */
export const codeHash = (contract: string): string | undefined =>
  Object.hasOwn(hashes, contract) ? hashes[contract as keyof typeof hashes] : undefined;

/**
 * The judge of an operator version on these types. Throws `JUDGE_MISSING` if there is none; the judge's `admit` says
 * whether it takes the operator as it is.
 */
export function judgeOf(
  name: string,
  since: number,
  inputTypes: readonly (TensorType | null)[],
  outputTypes: readonly TensorType[],
): Judge {
  const float = [...inputTypes, ...outputTypes].some((type) => type?.dtype === 'float32');
  const other = float ? integerJudge : ieeeJudge;
  const judge = JUDGES.find((candidate) => candidate !== other && knows(candidate, name, since));
  if (judge) return judge;
  throw new EssaimError('JUDGE_MISSING', `no judge knows ${name} ${since} on ${float ? 'floats' : 'integers'}`, {
    help: 'Export the model with operators and an operator set that docs/operators.md lists.',
    details: { operator: name, since },
  });
}
