import { EssaimError, elementCount, judgeElement, type Tensor } from '@essaim/protocol';
import type { Trace } from '@essaim/runtime';

/**
 * Judges one random element of every operator's outputs by the judges' twins, before anything is committed: what a
 * broken device or driver would be slashed for is found at home. SELF_CHECK_FAILED names the operator.
 */
export function selfCheck(trace: Trace, random: () => number = Math.random): void {
  const { program } = trace;
  for (const operator of program.operators) {
    for (const [output, type] of operator.outputTypes.entries()) {
      const count = elementCount(type);
      if (count === 0) continue;
      const element = Math.floor(random() * count);
      const { verdict, permitted } = judgeElement(program, operator, output, element, tensorOf(trace));
      if (verdict === 'permitted') continue;
      throw new EssaimError(
        'SELF_CHECK_FAILED',
        `${operator.name} (${operator.node}) gave an element ${element} that is ${verdict}: ${permitted.describe()}`,
        { help: 'this device does not compute what the protocol asks; do not sell with it', details: { element } },
      );
    }
  }
}

/** Tensors of a trace by operand reference. */
export const tensorOf =
  (trace: Trace) =>
  (kind: 'input' | 'weight' | 'value' | 'inner', index: number): Tensor =>
    kind === 'input' ? trace.inputs[index] : kind === 'weight' ? trace.program.weights[index] : trace.values[index];
