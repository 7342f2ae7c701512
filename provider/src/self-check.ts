import {
  claimReader,
  commitClaim,
  DTYPES,
  EssaimError,
  elementBitsAt,
  elementCount,
  judgeElement,
  judgeFor,
  ZERO_HASH,
} from '@essaim/protocol';
import type { Trace } from '@essaim/runtime';

/**
 * Judges one random element of every operator's outputs by the judges' twins, before anything is committed: what a
 * broken device or driver would be slashed for is found at home. SELF_CHECK_FAILED names the operator.
 */
export function selfCheck({ program, inputs, values }: Trace, random: () => number = Math.random): void {
  const claim = commitClaim(program, inputs, values, ZERO_HASH);
  for (const op of program.operators) {
    const judge = judgeFor(op);
    const read = claimReader(program, claim, op);
    for (const [output, type] of op.outputTypes.entries()) {
      if (elementCount(type) === 0) continue;
      const element = Math.floor(random() * elementCount(type));
      const claimed = elementBitsAt(values[op.firstValue + output].bytes, element, DTYPES[type.dtype].size);
      const { permitted } = judgeElement(judge, op, program.numerics, output, element, claimed, read);
      const verdict = permitted.verdict(claimed);
      if (verdict === 'permitted') continue;
      throw new EssaimError(
        'SELF_CHECK_FAILED',
        `${op.name} (${op.node}) gave an element ${element} that is ${verdict}: permitted is ${permitted.describe()}`,
        { help: 'this device does not compute what the protocol asks; do not sell with it', details: { element } },
      );
    }
  }
}
