import { readFileSync } from 'node:fs';
import { compile, OnnxBuilder, type Program } from '@essaim/protocol';
import { expect } from 'chai';
import { modelPath } from '../../models/digits/digits.ts';
import { confirmBy, openPool, openTracer, type Pool, type PoolOptions } from '../src/index.ts';
import { bytesNeeded } from '../src/pool/bytes-needed.ts';

interface Runnable {
  readonly program: Program;
  readonly onnx: Uint8Array;
  readonly inputs: Uint8Array[];
}

const digits = (name: 'mlp-b1' | 'cnn-b1' | 'cnn-b64'): Runnable => {
  const onnx = new Uint8Array(readFileSync(modelPath(name)));
  const program = compile(onnx);
  const inputs = program.inputs.map(({ type }) => {
    const floats = Float32Array.from({ length: type.dims.reduce((a, b) => a * b, 1) }, (_, i) => (7 * i) % 17);
    return new Uint8Array(floats.buffer);
  });
  return { program, onnx, inputs };
};

/** A model of float32 vectors of this length, and an input of ones for it. */
function vectors(length: number, build: (model: OnnxBuilder, x: string) => string): Runnable {
  const model = new OnnxBuilder();
  const y = build(model, model.input('x', 'float32', [length, 1]));
  model.output(y, 'float32');
  const onnx = model.bytes();
  return { program: compile(onnx), onnx, inputs: [new Uint8Array(new Float32Array(length).fill(1).buffer)] };
}

/** x·xᵀ of `length`², and `times` more made of it one after the other that all stay in memory until the last is there. */
const outer = (length: number, times: number): Runnable =>
  vectors(length, (model, x) => {
    const row = model.node('Reshape', [x, model.ints([2], [1, length])]);
    const all = [model.node('MatMul', [x, row])];
    while (all.length <= times) all.push(model.node('Neg', [all[all.length - 1]]));
    const sum = all.reduceRight((sum, next) => model.node('Add', [sum, next]));
    return model.node('Gather', [sum, model.ints([], [0])]);
  });

/** A model that no compiler admits in the place of one that it does: a division that no processor does ends the process. */
function divides(): Runnable {
  const of = (divide: boolean): Uint8Array => {
    const model = new OnnxBuilder();
    const [x, y] = ['x', 'y'].map((name) => model.input(name, 'int32', [3], { low: -8, high: 8, step: 1 }));
    model.output(model.node(divide ? 'Div' : 'Add', [x, y], { outputs: ['z'] }), 'int32', [3]);
    return model.bytes();
  };
  const inputs = [-(2 ** 31), -1].map((all) => new Int32Array(3).fill(all)).map(({ buffer }) => new Uint8Array(buffer));
  return { program: compile(of(false)), onnx: of(true), inputs };
}

const small = digits('mlp-b1');
const wanted = (await openTracer()(small.program, small.onnx, small.inputs)).traceRoot;

describe('a pool of workers', () => {
  let pool: Pool | undefined;
  let told: string[] = [];
  const open = (options: PoolOptions): Pool => {
    told = [];
    pool = openPool({ workers: 1, ...options, tell: ({ code }) => told.push(code) });
    return pool;
  };
  afterEach(() => pool?.close());

  const run = ({ program, onnx, inputs }: Runnable, signal?: AbortSignal) =>
    pool!.trace(program, onnx, inputs, undefined, { signal });
  const refused = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'nothing refused',
      (error) => (typeof error.code === 'string' ? error.code : error.name),
    );
  const goesOn = async () => expect((await run(small)).traceRoot).to.equal(wanted);

  for (const isolation of ['thread', 'process'] as const) {
    describe(`each a ${isolation}`, () => {
      it('makes the same traces, trees and segments as one opened here', async () => {
        open({ isolation, workers: 2 });
        for (const { program, onnx, inputs } of [small, digits('cnn-b1'), digits('cnn-b64')]) {
          const tracer = openTracer();
          const own = await tracer(program, onnx, inputs);
          const made = await run({ program, onnx, inputs });
          expect([made.inputsRoot, made.traceRoot]).to.deep.equal([own.inputsRoot, own.traceRoot]);
          for (const [i, value] of own.values.entries()) {
            expect(made.values[i]?.bytes).to.deep.equal(value?.bytes);
            expect(made.values[i]?.tree.root).to.equal(value?.tree.root);
          }
          expect(made.inputs.map(({ tree }) => tree.root)).to.deep.equal(own.inputs.map(({ tree }) => tree.root));
          const remade = await pool!.trace.remake(made, onnx, 0);
          const expected = await tracer.remake(own, onnx, 0);
          expect(remade.map(({ root }) => root)).to.deep.equal(expected.map(({ root }) => root));
        }
      });

      it('takes the roots of tensors that are known', async () => {
        open({ isolation });
        const { program, onnx, inputs } = small;
        const first = await run(small);
        const again = await pool!.trace(program, onnx, inputs, first.inputs);
        expect([again.traceRoot, again.inputs[0]]).to.deep.equal([wanted, first.inputs[0]]);
      });

      it('confirms of many claims those that are the model’s own execution, as any tracer does', async () => {
        open({ isolation, workers: 2 });
        const { program, onnx, inputs } = small;
        const other = [new Uint8Array(new Float32Array(64).fill(3).buffer)];
        const roots = (await run(small)).values.flatMap((value) => value?.root ?? []);
        const claims = Array.from({ length: 50 }, (_, i) => ({
          inputs: i === 20 ? other : inputs,
          roots: i === 30 ? roots.with(-1, program.id) : i === 40 ? roots.slice(1) : roots,
        }));
        const expected = claims.map((_, i) => i !== 20 && i !== 30 && i !== 40);
        expect(await pool!.trace.confirm!(program, onnx, claims)).to.deep.equal(expected);
        expect(await confirmBy(openTracer())(program, onnx, claims)).to.deep.equal(expected);
      });

      it('runs what is asked for at once, in few messages, each with its own result', async () => {
        open({ isolation, workers: 2 });
        const { program, onnx } = small;
        const inputs = Array.from({ length: 100 }, (_, i) => [
          new Uint8Array(new Float32Array(64).fill(i % 17).buffer),
        ]);
        const all = () => Promise.all(inputs.map((input) => pool!.trace(program, onnx, input)));
        const roots = (await all()).map(({ traceRoot }) => traceRoot);
        expect((await all()).map(({ traceRoot }) => traceRoot)).to.deep.equal(roots);
        expect(new Set(roots).size).to.equal(17);
      });

      it('runs what is most urgent first, and of equals the eldest', async () => {
        open({ isolation });
        const done: string[] = [];
        const ask = (name: string, urgency?: number) => {
          const { program, onnx, inputs } = name.startsWith('b') ? digits('cnn-b1') : small;
          return pool!.trace(program, onnx, inputs, undefined, { urgency }).then(() => done.push(name));
        };
        await Promise.all([ask('first', 9), ask('b', 5), ask('last', 5), ask('none'), ask('early', -1)]);
        expect(done).to.deep.equal(['early', 'none', 'b', 'last', 'first']);
      });

      it('refuses a huge model before it runs, and goes on', async () => {
        open({ isolation, memory: 2 ** 28 });
        expect(await refused(run(outer(20_000, 1)))).to.equal('EXECUTION_TOO_LARGE');
        await goesOn();
        expect(told).to.deep.equal([]);
      });

      it('refuses a malformed model, and goes on', async () => {
        open({ isolation });
        for (const onnx of [new Uint8Array(1_000).fill(255), small.onnx.slice(0, -1_000), digits('cnn-b1').onnx]) {
          const code = await refused(run({ ...small, onnx }));
          expect(code).to.match(/^(ONNX_MALFORMED|ENGINE_NONE|EXECUTION_FAILED|TRACE_INCOMPLETE)$/);
          await goesOn();
        }
        expect(told).to.deep.equal([]);
      });

      it('gives a slow model up after its time, and goes on', async () => {
        open({ isolation, time: 300 });
        await goesOn();
        const slow = vectors(3_000, (model, x) => {
          const row = model.node('Reshape', [x, model.ints([2], [1, 3_000])]);
          let square = model.node('MatMul', [x, row]);
          for (let i = 0; i < 4; i++) square = model.node('MatMul', [square, square]);
          return model.node('Gather', [square, model.ints([], [0])]);
        });
        expect(await refused(run(slow))).to.equal('EXECUTION_TOO_SLOW');
        await goesOn();
        expect(told).to.deep.equal(['EXECUTION_TOO_SLOW']);
      });

      it('lets go of what nobody waits for any more, and goes on', async () => {
        open({ isolation });
        await goesOn();
        const aborting = new AbortController();
        const [running, waiting] = [run(outer(3_000, 8), aborting.signal), run(small, aborting.signal)];
        setTimeout(() => aborting.abort(), 20);
        expect(await Promise.all([refused(running), refused(waiting)])).to.deep.equal(['AbortError', 'AbortError']);
        expect(await refused(run(small, aborting.signal))).to.equal('AbortError');
        await goesOn();
        expect(told).to.deep.equal([]);
      });

      it('ends what it has in hand when it is closed', async () => {
        open({ isolation });
        const [running, waiting] = [run(outer(3_000, 8)), run(small)];
        setTimeout(() => pool!.close(), 20);
        expect(await Promise.all([refused(running), refused(waiting)])).to.deep.equal(['POOL_CLOSED', 'POOL_CLOSED']);
        expect(await refused(run(small))).to.equal('POOL_CLOSED');
      });

      it('keeps models open by their content, as many as there is room for, and closes the one used longest ago', async () => {
        const [cnn, other] = [digits('cnn-b1'), digits('cnn-b64')];
        open({ isolation, cache: 2 * (cnn.onnx.length + other.onnx.length) + 3 * 2 ** 20 });
        for (const model of [small, cnn, other, small, cnn, { ...small, onnx: small.onnx.slice() }]) {
          const own = await openTracer()(model.program, model.onnx, model.inputs);
          expect((await run(model)).traceRoot).to.equal(own.traceRoot);
        }
      });
    });
  }

  it('ends a process that takes more memory than it may, and goes on', async () => {
    const hungry = outer(3_000, 24);
    expect(bytesNeeded(hungry.program)).to.be.below(2 ** 28);
    open({ isolation: 'process', memory: 2 ** 28 });
    await goesOn();
    expect(await refused(run(hungry))).to.equal('EXECUTION_TOO_LARGE');
    await goesOn();
    expect(told).to.deep.equal(['EXECUTION_TOO_LARGE']);
  });

  it('outlives a model that crashes ONNX Runtime, and what was to run with it is done', async () => {
    open({ isolation: 'process' });
    await goesOn();
    const [crashed, ...fine] = await Promise.all([refused(run(divides())), run(small), run(small)]);
    expect(crashed).to.equal('EXECUTION_CRASHED');
    expect(fine.map(({ traceRoot }) => traceRoot)).to.deep.equal([wanted, wanted]);
    expect(told).to.deep.equal(['EXECUTION_CRASHED', 'EXECUTION_CRASHED']);
  });

  it('hands no variable on that could hold a secret', async () => {
    process.env.ESSAIM_TEST_KEY = '0xsecret';
    open({ isolation: 'process' });
    await goesOn();
    delete process.env.ESSAIM_TEST_KEY;
    const { execFileSync } = await import('node:child_process');
    const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(process.pid)])
      .toString()
      .split('\n');
    const environments = children.flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid.trim()}/environ`, 'latin1');
      } catch {
        return [];
      }
    });
    expect(environments.some((text) => text.includes('PATH='))).to.equal(true);
    expect(environments.join()).not.to.include('0xsecret');
  });
});
