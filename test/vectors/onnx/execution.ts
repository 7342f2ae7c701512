import { type Execution, judgeElement, tensorsOf, type Verdict } from '@essaim/protocol';
import { commitTrace, Executor, wholeExecution } from '@essaim/runtime';
import type { Form, Vector } from './vectors.ts';

/**
 * The execution that claims a vector's expected outputs. Where one node became several operators, ONNX Runtime makes the
 * values between them.
 */
export async function expectedExecution({ outputs }: Vector, form: Form): Promise<Execution> {
  const { program, onnx, inputs } = form;
  if (form.rewritten) return rewrittenExecution(outputs, form);
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

/** The tolerance of the package's own tests, and what is added for numbers near zero. */
const [RELATIVE, ABSOLUTE] = [1e-3, 1e-5];

/**
 * The execution of a node that was rewritten, by ONNX Runtime: the expected outputs stand at the end of operators that
 * round on their own. Throws unless the outputs are the expected ones, within the tolerance of the package's tests.
 */
async function rewrittenExecution(outputs: readonly Uint8Array[], { program, onnx, inputs }: Form): Promise<Execution> {
  const executor = await Executor.open(program, onnx, { trace: 'whole' });
  try {
    const results = await executor.run(inputs);
    for (const [i, { name, value }] of program.outputs.entries()) {
      checkClose(program.values[value].type.dtype, results[name], outputs[i], name);
    }
    return wholeExecution(program, inputs, results);
  } finally {
    await executor.close();
  }
}

function checkClose(dtype: string, made: Uint8Array, expected: Uint8Array, name: string): void {
  const numbers = (bytes: Uint8Array) =>
    dtype === 'float32' ? new Float32Array(bytes.slice().buffer) : Array.from(bytes);
  const [a, b] = [numbers(made), numbers(expected)];
  if (a.length !== b.length) throw new Error(`${name} has ${a.length} elements, not ${b.length}`);
  for (const [i, x] of a.entries()) {
    const close = Object.is(x, b[i]) || x === b[i] || Math.abs(x - b[i]) <= ABSOLUTE + RELATIVE * Math.abs(b[i]);
    if (!close) throw new Error(`${name}[${i}] is ${x}, expected is ${b[i]}`);
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
