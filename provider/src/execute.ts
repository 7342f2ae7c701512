import { commitTrace, type EngineOptions, Executor, type Trace } from '@essaim/runtime';
import type { Model } from '@essaim/sdk';

/** Runs a model on the inputs of one claim and commits to the whole trace. */
export type Execute = (model: Model, inputs: readonly Uint8Array[]) => Promise<Trace>;

/** Models kept open. */
const KEEP = 4;

/** The honest way: ONNX Runtime on the first engine that takes the model; sessions stay open for the next job. */
export function executeWith(options: EngineOptions): Execute {
  const open = new Map<string, Promise<Executor>>();
  return async (model, inputs) => {
    const { program, onnx } = model;
    let executor = open.get(program.id);
    if (!executor) {
      executor = Executor.open(program, onnx, { ...options, trace: true });
      open.set(program.id, executor);
      executor.catch(() => open.delete(program.id));
      if (open.size > KEEP) {
        const [oldest, session] = open.entries().next().value!;
        open.delete(oldest);
        await (await session).close();
      }
    }
    return commitTrace(program, inputs, await (await executor).run(inputs));
  };
}
