import type { ExternalData, Program } from '@essaim/protocol';
import { commitTrace, Executor, openTracer, type Tracer } from '@essaim/runtime';
import { type Lie, tamper } from '../demo/tamper.ts';
import type { Stages } from './stages.ts';

/** One element of the first product inside a segment in the middle of the network. */
export function lieIn(program: Program): Lie & { value: number } {
  const middle = program.operators.length / 2;
  const op = program.operators.find(
    ({ name, firstValue }, i) => i >= middle && name === 'MatMul' && !program.boundary[firstValue],
  );
  const { source } = program.values[op?.firstValue ?? -1] ?? {};
  if (!op || !source || !('onnx' in source)) throw new Error('the program has no product inside a segment');
  const elements = op.outputTypes[0].dims.reduce((a, b) => a * b, 1);
  return { value: op.firstValue, tensor: source.onnx, element: Math.floor(elements / 2), delta: 0.5 };
}

/** A tracer that changes one number as the model runs, goes on from it, and answers for it. */
export function cheatingTracer(lie: Lie, folder: string, external: ExternalData, stages: Stages): Tracer {
  const honest = openTracer({ folder });
  const execute = async (...[program, onnx, inputs]: Parameters<Tracer>): ReturnType<Tracer> => {
    const wrong = tamper(onnx, program, lie, external);
    const executor = await stages.run('provider: open the model', () =>
      Executor.open(program, wrong, { trace: true, folder }),
    );
    const results = await stages.run('provider: run it, one number changed', () => executor.run(inputs));
    const trace = await stages.run('provider: commit to the trace', () => commitTrace(program, inputs, results));
    await executor.close();
    return trace;
  };
  const remake: Tracer['remake'] = (of, onnx, segment) =>
    stages.run('provider: make the segment again, to answer', () =>
      honest.remake(of, tamper(onnx, of.program, lie, external), segment),
    );
  return Object.assign(execute, { remake });
}

/** An honest tracer that says how long it takes. */
export function honestTracer(folder: string, stages: Stages): Tracer {
  const tracer = openTracer({ folder });
  const execute = (...claim: Parameters<Tracer>) =>
    stages.run('verifier: open the model, run it, commit', () => tracer(...claim));
  const remake: Tracer['remake'] = (...segment) =>
    stages.run('verifier: make a segment again', () => tracer.remake(...segment));
  return Object.assign(execute, { remake });
}
