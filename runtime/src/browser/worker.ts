import { compile, EssaimError, type Program } from '@essaim/protocol';
import { boundaryBytes } from '../trace.ts';
import { openTracer, type Tracer } from '../tracer.ts';
import type { Asked, Refusal, Told, Traced } from './messages.ts';

/** Models that stay open: a lent tab mostly gets the same one again. */
const KEEP = 2;

const trace: Tracer = openTracer({ keep: KEEP });
const models = new Map<string, { program: Program; onnx: Uint8Array }>();

async function answer(asked: Asked): Promise<Told['result']> {
  if (asked.ask === 'open') {
    const { onnx } = asked;
    const program = compile(onnx);
    models.set(program.id, { program, onnx });
    if (models.size > KEEP) models.delete(models.keys().next().value!);
    return { programId: program.id, exact: program.exact };
  }
  const { programId, inputs } = asked;
  const model = models.get(programId);
  if (!model) {
    throw new EssaimError('PROGRAM_NOT_OPEN', `the worker has no program ${programId}`, {
      help: 'open its model first',
    });
  }
  const began = performance.now();
  const made = await trace(model.program, model.onnx, inputs);
  const traced: Traced = {
    inputsRoot: made.inputsRoot,
    traceRoot: made.traceRoot,
    values: boundaryBytes(made),
    milliseconds: performance.now() - began,
  };
  return traced;
}

const refusal = (error: unknown): Refusal =>
  error instanceof EssaimError
    ? { code: error.code, message: error.message, help: error.help }
    : { code: 'WORKER_FAILED', message: String((error as Error)?.message ?? error), help: 'reload the page' };

// one at a time: an executor runs one input at a time
let last: Promise<unknown> = Promise.resolve();

self.addEventListener('message', ({ data: { id, asked } }: MessageEvent<{ id: number; asked: Asked }>) => {
  last = last.then(async () => {
    try {
      const result = await answer(asked);
      const transfer = 'values' in result ? [result.values.buffer as ArrayBuffer] : [];
      self.postMessage({ id, result } satisfies Told, { transfer });
    } catch (error) {
      self.postMessage({ id, refusal: refusal(error) });
    }
  });
});
