import { EssaimError, elementCount, judgeElement, tensorsOf } from '@essaim/protocol';
import type { Trace } from '@essaim/runtime';

/**
 * Judges one random element of every operator's outputs by the judges' twins, before anything is committed: what a
 * broken device or driver would be slashed for is found at home. SELF_CHECK_FAILED names the operator.
 */
export function selfCheck(trace: Trace, random: () => number = Math.random): void {
  const { program } = trace;
  const tensorOf = tensorsOf(trace);
  for (const op of program.operators) {
    for (const [output, type] of op.outputTypes.entries()) {
      if (elementCount(type) === 0) continue;
      const element = Math.floor(random() * elementCount(type));
      const { verdict, permitted } = judgeElement(program, op, output, element, tensorOf);
      if (verdict === 'permitted') continue;
      throw new EssaimError(
        'SELF_CHECK_FAILED',
        `${op.name} (${op.node}) gave an element ${element} that is ${verdict}: permitted is ${permitted.describe()}`,
        { help: 'this device does not compute what the protocol asks; do not sell with it', details: { element } },
      );
    }
  }
}
