import { EssaimError, type Program, withOutputs } from '@essaim/protocol';
import type * as ort from 'onnxruntime-node';
import { openSession } from '#platform';
import type { Engine, EngineOptions } from './engine.ts';
import { fromOrt, toOrt } from './tensors.ts';

/** Row-major bytes by ONNX tensor name. */
export type NamedBytes = Record<string, Uint8Array>;

/** A model opened for execution. One executor runs one input at a time; use one per worker. */
export class Executor {
  readonly program: Program;
  readonly engine: Engine;
  readonly #session: ort.InferenceSession;

  private constructor(program: Program, engine: Engine, session: ort.InferenceSession) {
    this.program = program;
    this.engine = engine;
    this.#session = session;
  }

  /**
   * Opens `onnx`, of which `program` is the compiled form. With `trace`, every tensor of the graph that a boundary value
   * holds is an output of the session; without it only the graph's own outputs.
   */
  static async open(
    program: Program,
    onnx: Uint8Array,
    { trace = false, ...options }: EngineOptions & { trace?: boolean | 'whole' } = {},
  ): Promise<Executor> {
    const model = trace ? withOutputs(onnx, tracedNames(program, trace === 'whole')) : onnx;
    const { session, engine } = await openSession(model, options);
    return new Executor(program, engine, session);
  }

  /** Runs the model on one row-major byte array per input, in the program's order. Values come back by ONNX name. */
  async run(inputs: readonly Uint8Array[]): Promise<NamedBytes> {
    const specs = this.program.inputs;
    if (inputs.length !== specs.length) {
      throw new EssaimError('INPUT_COUNT', `${inputs.length} inputs given, the program has ${specs.length}`, {
        help: `give, in this order: ${specs.map(({ name }) => name).join(', ')}`,
      });
    }
    const feeds = Object.fromEntries(specs.map(({ name, type }, i) => [name, toOrt(name, type, inputs[i])]));
    try {
      const results = await this.#session.run(feeds);
      return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, fromOrt(tensor)]));
    } catch (cause) {
      throw new EssaimError('EXECUTION_FAILED', `the model failed on this input: ${(cause as Error).message}`, {
        help: 'an input outside its declared range can do this; the job can be given back by its input fault',
        cause,
      });
    }
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}

/** Names of the ONNX tensors that hold the program's boundary values, or all its values. */
function tracedNames(program: Program, whole: boolean): string[] {
  const nameOf = (value: number): string | undefined => {
    const { source } = program.values[value];
    if ('onnx' in source) return source.onnx;
    const { kind, index } = source.relayoutOf;
    return kind === 'value' ? nameOf(index) : undefined;
  };
  return [
    ...new Set(program.values.flatMap((_, value) => (whole || program.boundary[value] ? (nameOf(value) ?? []) : []))),
  ];
}
