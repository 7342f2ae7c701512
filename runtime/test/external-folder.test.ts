import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile, EssaimError, OnnxBuilder } from '@essaim/protocol';
import { expect } from 'chai';
import { random } from '../../test/random.ts';
import { Executor, externalFolder, openTracer, qualify, regenerate } from '../src/index.ts';

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof EssaimError) return error.code;
    throw error;
  }
  return 'accepted';
};

/** A perceptron with its first weight beside it, and the same with all inside. */
function perceptrons(location: string) {
  const [rows, width] = [128, 160];
  const numbers = Float32Array.from({ length: width * width }, random(1));
  const make = (beside: boolean) => {
    const b = new OnnxBuilder();
    const length = 4 * numbers.length;
    const weight = beside
      ? b.external('w', 'float32', [width, width], { location, offset: 4, length })
      : b.initializer('w', 'float32', [width, width], numbers);
    const inner = b.node('Relu', [b.node('MatMul', [b.input('x', 'float32', [rows, width]), weight])]);
    b.output(b.node('MatMul', [inner, b.initializer('v', 'float32', [width, 8], numbers.subarray(0, 8 * width))]));
    return b.bytes();
  };
  const file = new Uint8Array(4 + 4 * numbers.length);
  file.set(new Uint8Array(numbers.buffer), 4);
  const input = new Uint8Array(Float32Array.from({ length: rows * width }, random(2)).buffer);
  return { beside: make(true), inside: make(false), file, input };
}

describe('models with external data', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'essaim-external-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('compile, run, and make segments again as the same model with its weights inside does', async () => {
    const { beside, inside, file, input } = perceptrons('weights/w.bin');
    mkdirSync(join(folder, 'weights'));
    writeFileSync(join(folder, 'weights', 'w.bin'), file);
    const program = compile(beside, { external: externalFolder(folder) });
    expect(program.id).to.equal(compile(inside).id);
    expect(program.boundary).to.include(false);
    const trace = await openTracer({ folder })(program, beside, [input]);
    expect(trace.traceRoot).to.equal((await openTracer()(program, inside, [input])).traceRoot);
    const [ours, theirs] = [await regenerate(trace, beside, { folder }), await regenerate(trace, inside)];
    expect(ours.trace.values.map((tensor) => tensor?.root)).to.eql(theirs.trace.values.map((tensor) => tensor?.root));
    const kernels = async (qualification: ReturnType<typeof qualify>) => (await qualification).kernels;
    expect(await kernels(qualify(program, beside, { folder }))).to.eql(await kernels(qualify(program, inside)));
    const refused = await Executor.open(program, beside).then(
      () => 'opened',
      ({ code }) => code,
    );
    expect(refused).to.equal('ENGINE_NONE');
  });

  it('ONNX_EXTERNAL_MISSING: are refused without their file', () => {
    const { beside } = perceptrons('w.bin');
    expect(codeOf(() => compile(beside, { external: externalFolder(folder) }))).to.equal('ONNX_EXTERNAL_MISSING');
    expect(codeOf(() => compile(beside, { external: externalFolder(join(folder, 'none')) }))).to.equal(
      'ONNX_EXTERNAL_MISSING',
    );
  });

  it('ONNX_EXTERNAL_RANGE: are refused with a file that is too short, or becomes so', () => {
    const { beside, file } = perceptrons('w.bin');
    writeFileSync(join(folder, 'w.bin'), file.subarray(1));
    expect(codeOf(() => compile(beside, { external: externalFolder(folder) }))).to.equal('ONNX_EXTERNAL_RANGE');
    writeFileSync(join(folder, 'w.bin'), file);
    const external = externalFolder(folder);
    external('w.bin');
    truncateSync(join(folder, 'w.bin'), 10_000);
    expect(codeOf(() => compile(beside, { external }))).to.equal('ONNX_EXTERNAL_RANGE');
  });

  it('ONNX_EXTERNAL_PATH: do not follow a link out of their folder', () => {
    const { beside, file } = perceptrons('w.bin');
    const outside = mkdtempSync(join(tmpdir(), 'essaim-outside-'));
    try {
      writeFileSync(join(outside, 'secret.bin'), file);
      symlinkSync(join(outside, 'secret.bin'), join(folder, 'w.bin'));
      expect(codeOf(() => compile(beside, { external: externalFolder(folder) }))).to.equal('ONNX_EXTERNAL_PATH');
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });
});
