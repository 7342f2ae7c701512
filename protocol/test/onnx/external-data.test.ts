import { expect } from 'chai';
import { random } from '../../../test/random.ts';
import {
  type ByteSource,
  commitTensor,
  compile,
  compileAsync,
  EssaimError,
  type ExternalData,
  inMemory,
  OnnxBuilder,
  readOnnx,
  writeOnnx,
} from '../../src/index.ts';
import { MessageWriter } from '../../src/onnx/protobuf-writer.ts';

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof EssaimError) return error.code;
    throw error;
  }
  return 'accepted';
};

/** A model of one weight of three bytes, whose place is what `entries` say. */
function placed(entries: Readonly<Record<string, string>>, dtype = 3): Uint8Array {
  const tensor = new MessageWriter().int(1, 3).int(2, dtype).text(8, 'w').int(14, 1);
  for (const [key, value] of Object.entries(entries)) {
    tensor.message(13, new MessageWriter().text(1, key).text(2, value));
  }
  const graph = new MessageWriter().message(5, tensor);
  return new MessageWriter().int(1, 8).message(8, new MessageWriter().int(2, 17)).message(7, graph).finish();
}

const file = inMemory(Uint8Array.of(9, 8, 7, 6, 5, 4));
const read = (entries: Readonly<Record<string, string>>, external: ExternalData = () => file) =>
  readOnnx(placed(entries), external).initializers[0].bytes;

/** Two products, a table and a bias; weights inside the model, or beside it with another NaN than the canonical one. */
function network(beside: boolean): { onnx: Uint8Array; file: ByteSource & { reads: number[] } } {
  const next = random(3);
  const b = new OnnxBuilder();
  const parts: Uint8Array[] = [];
  let offset = 0;
  const weight = (name: string, dims: number[]): string => {
    const count = dims.reduce((x, y) => x * y, 1);
    const numbers = Float32Array.from({ length: count }, () => next() - 0.5);
    const bytes = new Uint8Array(numbers.buffer);
    bytes.set([1, 0, 0xc0, 0x7f], 4 * Math.floor(count / 2));
    if (!beside) return b.initializer(name, 'float32', dims, numbers);
    parts.push(bytes);
    offset += bytes.length;
    return b.external(name, 'float32', dims, {
      location: 'w.bin',
      offset: offset - bytes.length,
      length: bytes.length,
    });
  };
  const rows = b.node('Gather', [weight('table', [300, 64]), b.input('x', 'int64', [16])]);
  const inner = b.node('Relu', [b.node('MatMul', [rows, weight('first', [64, 500])])]);
  b.output(b.node('Gemm', [inner, weight('second', [500, 64]), weight('bias', [64])]));
  const bytes = new Uint8Array(offset);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const reads: number[] = [];
  const source = {
    length: bytes.length,
    reads,
    read: (from: number, length: number) => {
      reads.push(length);
      return bytes.slice(from, from + length);
    },
  };
  return { onnx: b.bytes(), file: source };
}

describe('external data', () => {
  it('is read from its place', () => {
    expect([...read({ location: 'w.bin', offset: '1', length: '3' })]).to.eql([8, 7, 6]);
    expect([...read({ location: 'w.bin' })]).to.eql([9, 8, 7]);
    expect([...read({ location: 'weights/w.bin', length: '3', checksum: 'x' })]).to.eql([9, 8, 7]);
  });

  it('ONNX_EXTERNAL_DATA: cannot be read by who does not give it', () => {
    expect(codeOf(() => readOnnx(placed({ location: 'w.bin' })))).to.equal('ONNX_EXTERNAL_DATA');
  });

  it('ONNX_EXTERNAL_RANGE: is not taken where the file is too short or the place is none', () => {
    const range = (offset: string, length: string) => codeOf(() => read({ location: 'w.bin', offset, length }));
    expect(range('3', '3')).to.equal('accepted');
    for (const offset of ['4', '6', '7', '-1', '1.5', '1e0', '', ' 1', '99999999999999999999']) {
      expect(range(offset, '3'), offset).to.equal('ONNX_EXTERNAL_RANGE');
    }
    for (const length of ['2', '4', '0', '-3', 'three', '']) {
      expect(range('0', length), length).to.equal('ONNX_EXTERNAL_RANGE');
    }
  });

  it('ONNX_EXTERNAL_PATH: is never looked for outside the folder of the model', () => {
    const opened: string[] = [];
    const external: ExternalData = (location) => {
      opened.push(location);
      return file;
    };
    const outside = ['/etc/passwd', '../w.bin', 'a/../../w.bin', '..', 'a/..', 'C:\\w.bin', 'c:w.bin', '..\\w.bin'];
    for (const location of [...outside, '\\\\host\\w.bin', 'file:w.bin', 'a//b', 'a/', 'w\0.bin', '']) {
      expect(
        codeOf(() => read({ location }, external)),
        location,
      ).to.equal('ONNX_EXTERNAL_PATH');
    }
    expect(codeOf(() => read({ offset: '0' }, external))).to.equal('ONNX_EXTERNAL_PATH');
    expect(opened).to.eql([]);
  });

  it('ONNX_EXTERNAL_KEY: says nothing that is not understood', () => {
    expect(codeOf(() => read({ location: 'w.bin', compression: 'zip' }))).to.equal('ONNX_EXTERNAL_KEY');
  });

  it('holds canonical bools', () => {
    const bools = readOnnx(placed({ location: 'w.bin' }, 9), () => file).initializers[0];
    expect(codeOf(() => bools.bytes)).to.equal('ONNX_MALFORMED');
  });

  it('compiles to the program of the same model with its weights inside', async () => {
    const { onnx, file: beside } = network(true);
    const external = () => beside;
    const inside = compile(network(false).onnx);
    const program = compile(onnx, { external });
    expect(program.id).to.equal(inside.id);
    expect((await compileAsync(onnx, { external })).id).to.equal(inside.id);
    for (const [i, { type, bytes, tree, root }] of program.weights.entries()) {
      expect(bytes).to.eql(inside.weights[i].bytes);
      expect(commitTensor(type, bytes).root).to.equal(root);
      const last = Math.ceil(bytes.length / 1024) - 1;
      for (const index of new Set([0, last])) {
        expect(tree.chunk(index)).to.eql(inside.weights[i].tree.chunk(index));
        expect(tree.openings([index])).to.eql(inside.weights[i].tree.openings([index]));
      }
    }
  });

  it('is written again as it was read, and dropped by a copy that has other bytes', () => {
    const { onnx, file: beside } = network(true);
    const model = readOnnx(onnx, () => beside);
    expect(beside.reads).to.eql([]);
    expect(writeOnnx(model)).to.eql(onnx);
    const [weight] = model.initializers;
    const copy = { ...weight, bytes: new Uint8Array(weight.bytes.length) };
    const written = readOnnx(writeOnnx({ ...model, initializers: [copy] })).initializers[0];
    expect(written.external).to.equal(undefined);
    expect(written.bytes).to.eql(copy.bytes);
  });

  it('is compiled with progress after every weight, and not further than its signal allows', async () => {
    const { onnx, file: beside } = network(true);
    const seen: number[] = [];
    let total = 0;
    const onProgress = (progress: { done: number; total: number }) => {
      seen.push(progress.done);
      total = progress.total;
    };
    compile(onnx, { external: () => beside, onProgress });
    expect(seen).to.eql(seen.toSorted((x, y) => x - y));
    expect(seen.length).to.equal(4);
    expect(seen.at(-1)).to.equal(total);
    expect(total).to.equal(beside.length);

    const ending = new AbortController();
    const stopped = compileAsync(onnx, {
      external: () => beside,
      signal: ending.signal,
      onProgress: ({ done }) => {
        if (done > 300 * 64 * 4) ending.abort(new Error('enough'));
      },
    });
    const reason = await stopped.then(
      () => 'compiled',
      (error) => error.message,
    );
    expect(reason).to.equal('enough');
    expect(() => compile(onnx, { external: () => beside, signal: AbortSignal.abort(new Error('never')) })).to.throw(
      'never',
    );
  });
});
