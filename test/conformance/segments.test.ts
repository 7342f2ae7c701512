import {
  commitTensor,
  compile,
  type Execution,
  elementCount,
  elementValue,
  judgeElement,
  locate,
  mergeAdditions,
  type Program,
  readOnnx,
  segmentNeeded,
  type Tensor,
  tensorsOf,
  writeOnnx,
} from '@essaim/protocol';
import { commitTrace, Executor, openTracer, regenerate, type Trace } from '@essaim/runtime';
import { expect } from 'chai';
import { networks } from '../../protocol/test/program/networks.ts';
import { gaussian, transformer } from '../../scripts/bench/models.ts';
import { tamper } from '../../scripts/demo/tamper.ts';
import { openWasm } from '../../scripts/lib/engines.ts';
import { random } from '../random.ts';
import { otherDevice } from './other-device.ts';

const show = (fault: unknown) => JSON.stringify(fault, (_, v) => (typeof v === 'bigint' ? `${v}` : v));
const floatsOf = ({ bytes }: Tensor) => new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);

/** Elements of inner values in which two sets of tensors differ. */
function differences(program: Program, a: readonly (Tensor | null)[], b: readonly (Tensor | null)[]): number {
  return a.reduce((sum, tensor, i) => {
    const other = b[i];
    if (program.boundary[i] || !tensor || !other || tensor.type.dtype !== 'float32') return sum;
    const theirs = floatsOf(other);
    return sum + floatsOf(tensor).filter((element, k) => element !== theirs[k]).length;
  }, 0);
}

/** The execution with other bits in one element of one value. */
function plant(execution: Execution, value: number, next: () => number): { guilty: Execution; element: number } {
  const { type, bytes } = execution.values[value]!;
  const wrong = bytes.slice();
  const element = Math.floor(next() * elementCount(type));
  const view = new DataView(wrong.buffer);
  if (type.dtype === 'float32')
    view.setFloat32(4 * element, view.getFloat32(4 * element, true) * (1 + 2 ** -10) + 0.125, true);
  else wrong[element * 8] ^= 1;
  return { guilty: { ...execution, values: execution.values.with(value, commitTensor(type, wrong)) }, element };
}

describe('segments made again', () => {
  for (const { name, onnx, inputs } of networks()) {
    describe(`of ${name}`, () => {
      const program = compile(onnx);
      let committed: Trace;
      before(async () => {
        committed = await openTracer({ threads: 1 })(program, onnx, inputs);
      });

      it('are not part of the trace', () => {
        expect(committed.values.map((tensor) => tensor !== null)).to.deep.equal(program.boundary);
        expect(program.boundary).to.include(false);
      });

      const devices = [
        ['the same device', onnx, { threads: 1 }],
        ['two threads', onnx, { threads: 2 }],
        ['WebAssembly', onnx, { open: openWasm }],
        ['a device that adds in another order', otherDevice(onnx), { threads: 1 }],
      ] as const;
      for (const [device, model, options] of devices) {
        it(`on ${device} have no element at fault`, async () => {
          const { trace } = await regenerate(committed, model, options);
          expect(trace.values).to.not.include(null);
          const fault = locate(trace, () => undefined);
          expect(fault, show(fault)).to.equal(null);
        });
      }

      it('of what WebAssembly committed to, on one and two threads, have no element at fault', async () => {
        const browser = await openTracer({ open: openWasm })(program, onnx, inputs);
        for (const threads of [1, 2]) {
          const { trace } = await regenerate(browser, onnx, { threads });
          const fault = locate(trace, () => undefined);
          expect(fault, show(fault)).to.equal(null);
        }
      });

      it('convict a wrong element of any inner value, and need the segment for it', async () => {
        const { trace } = await regenerate(committed, onnx);
        const next = random(3);
        for (const [value, boundary] of program.boundary.entries()) {
          if (boundary) continue;
          const { guilty, element } = plant(trace, value, next);
          const op = program.operators.findLastIndex(({ firstValue }) => firstValue <= value);
          const fault = locate(guilty, (i) => trace.values[i]?.bytes);
          expect(fault, show(fault)).to.include({ op, element, verdict: 'convicted' });
          expect(segmentNeeded(program, op)).to.equal(program.operators[op].segment);
        }
      });
    });
  }

  it('use an eighth of what is permitted at most, twelve sums deep in a transformer', async () => {
    const onnx = writeOnnx(mergeAdditions(readOnnx(transformer({ tokens: 32, width: 128, heads: 2, layers: 4 }))));
    const program = compile(onnx);
    expect(program.segments.length).to.equal(2);
    const committed = await openTracer()(program, onnx, [new Uint8Array(gaussian(32 * 128, 1, random(3)).buffer)]);
    const { trace } = await regenerate(committed, otherDevice(onnx));
    const next = random(5);
    const judged = program.operators.filter(({ firstValue }) => program.boundary[firstValue]);
    for (const op of judged.filter(({ name }) => name === 'Gemm' || name === 'MatMul')) {
      for (let i = 0; i < 200; i++) {
        const element = Math.floor(next() * elementCount(op.outputTypes[0]));
        const { claimed, permitted } = judgeElement(program, op, 0, element, tensorsOf(trace));
        const [, low, high] = /between (\S+) and (\S+)/.exec(permitted.describe())!.map(Number);
        const x = elementValue('float32', claimed);
        expect(Math.abs(x - (low + high) / 2)).to.be.below((high - low) / 2 / 8);
      }
    }
  });

  it('really differ on the other device', async () => {
    for (const { name, onnx, inputs } of networks().slice(0, 2)) {
      const program = compile(onnx);
      const committed = await openTracer()(program, onnx, inputs);
      const [a, b] = [await regenerate(committed, onnx), await regenerate(committed, otherDevice(onnx))];
      expect(differences(program, a.own, b.own), name).to.be.above(1_000);
    }
  });

  it('would convict an honest device if what is added without width were inner (attack C2)', async () => {
    const { onnx, inputs } = networks()[1];
    const program = compile(onnx);
    const committed = await openTracer()(program, onnx, inputs);
    const { own, trace } = await regenerate(committed, otherDevice(onnx));
    const add = program.operators.findIndex(({ name: operator }) => operator === 'Add');
    const branch = program.operators[add].inputs[1].index;
    const fault = locate({ ...trace, values: trace.values.with(branch, own[branch]) }, (i) =>
      i === program.operators[add].firstValue ? undefined : trace.values[i]?.bytes,
    );
    expect(fault, show(fault)).to.include({ op: add, verdict: 'convicted' });
  });

  it('show a verifier without the executor’s inner values which segment to demand', async () => {
    const { onnx, inputs } = networks()[0];
    const program = compile(onnx);
    const inner = program.values[program.boundary.indexOf(false)].source;
    if (!('onnx' in inner)) throw new Error('a relayout');
    const lie = { tensor: inner.onnx, element: 77, delta: 16 };
    const cheat = await Executor.open(program, tamper(onnx, program, lie), { trace: true });
    const claimed = commitTrace(program, inputs, await cheat.run(inputs));
    const { trace, own } = await regenerate(claimed, onnx);
    const fault = locate(trace, (value) => own[value]?.bytes);
    expect(fault, show(fault)).to.include({ verdict: 'convicted' });
    expect(segmentNeeded(program, fault!.op)).to.equal(0);
  });
});
