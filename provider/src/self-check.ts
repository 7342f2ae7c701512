import { EssaimError, elementCount, judgeElement, type Ref, tensorsOf } from '@essaim/protocol';
import type { Trace } from '@essaim/runtime';

/**
 * Judges one random element of every output at hand whose operands are too, by the judges' twins, before anything is
 * committed: what a broken device or driver would be slashed for is found at home. SELF_CHECK_FAILED names the operator.
 */
export function selfCheck(trace: Trace, random: () => number = Math.random): void {
  const { program } = trace;
  const tensorOf = tensorsOf(trace);
  const present = ({ kind, index }: Ref): boolean => kind !== 'inner' || trace.values[index] !== null;
  for (const op of program.operators) {
    if (!op.inputs.every(present)) continue;
    for (const [output, type] of op.outputTypes.entries()) {
      if (elementCount(type) === 0 || !trace.values[op.firstValue + output]) continue;
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
