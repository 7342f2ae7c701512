import { EssaimError } from '../errors.ts';
import type { Judge } from '../judges/judge.ts';
import { defaultJudges, type Judges } from '../program/admit.ts';
import type { Operator } from '../program/types.ts';

/** The twin of the judge that an operator names. */
export function judgeFor(op: Operator, judges: Judges = defaultJudges): Judge {
  const judge = judges.judgeOf(op);
  if (judges.codeHash(judge.contract) === op.judge) return judge;
  throw new EssaimError(
    'JUDGE_UNKNOWN',
    `node ${op.node} (${op.name}) names judge ${op.judge}, which is not known here`,
    {
      help: 'The program was compiled for other judges. Compile it again, or update this software.',
      details: { node: op.node, judge: op.judge },
    },
  );
}
