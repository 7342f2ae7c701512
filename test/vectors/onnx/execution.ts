import { type Execution, judgeElement, tensorsOf, type Verdict } from '@essaim/protocol';
import { commitTrace, Executor } from '@essaim/runtime';
import type { Form, Vector } from './vectors.ts';

/**
 * The execution that claims a vector's expected outputs. Where one node became several operators, ONNX Runtime makes the
 * values between them.
 */
export async function expectedExecution({ outputs }: Vector, { program, onnx, inputs }: Form): Promise<Execution> {
  const expected = Object.fromEntries(program.outputs.map(({ name }, i) => [name, outputs[i]]));
  const whole = program.values.every(({ source }) => !('onnx' in source) || source.onnx in expected);
  if (whole) return commitTrace(program, inputs, expected);
  const executor = await Executor.open(program, onnx, { trace: true });
  try {
    return commitTrace(program, inputs, { ...(await executor.run(inputs)), ...expected });
  } finally {
    await executor.close();
  }
}

/** What an operator's twin says of an element: of the one that the execution holds, or of the one claimed. */
export function verdictOf(
  execution: Execution,
  { op, output, element }: { op: number; output: number; element: number },
  claimed?: bigint,
): { verdict: Verdict; claimed: bigint; words: string } {
  const { program } = execution;
  const { permitted, ...judgement } = judgeElement(
    program,
    program.operators[op],
    output,
    element,
    tensorsOf(execution),
    claimed === undefined ? {} : { claimed },
  );
  return { ...judgement, words: permitted.describe() };
}
