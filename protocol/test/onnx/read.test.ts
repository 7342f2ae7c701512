import { expect } from 'chai';
import { random } from '../../../test/random.ts';
import { EssaimError, OnnxBuilder, readOnnx, withOutputs, writeOnnx } from '../../src/index.ts';
import { MessageWriter } from '../../src/onnx/protobuf-writer.ts';
import { sampleModel } from './samples.ts';

const writer = () => new MessageWriter();
const code = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof EssaimError) return error.code;
    throw error;
  }
  return 'accepted';
};
const opset = () => writer().int(2, 17);
/** A model around one graph. */
const model = (graph: MessageWriter, extra: (m: MessageWriter) => void = () => {}): Uint8Array => {
  const m = writer().int(1, 8).message(8, opset()).message(7, graph);
  extra(m);
  return m.finish();
};
const codeOf = (graph: MessageWriter, extra?: (m: MessageWriter) => void) => code(() => readOnnx(model(graph, extra)));

describe('readOnnx', () => {
  it('reads what the writer wrote, and writes the same bytes again', () => {
    const builder = sampleModel();
    const read = readOnnx(builder.bytes());
    expect(readOnnx(writeOnnx(read))).to.eql(read);
    expect(read.nodes).to.eql(builder.model().nodes);
    expect(read.metadata.get('essaim.range.x')).to.equal('0 255 1');
    expect(writeOnnx(read)).to.eql(builder.bytes());
  });

  it('refuses a second graph field, which engines would merge', () => {
    const bytes = sampleModel().bytes();
    expect(code(() => readOnnx(withOutputs(bytes, ['y'])))).to.equal('ONNX_SECOND_GRAPH');
  });

  it('refuses what it does not know', () => {
    expect(codeOf(writer().text(99, 'new'))).to.equal('ONNX_MALFORMED');
    expect(codeOf(writer(), (m) => m.int(999, 1))).to.equal('ONNX_MALFORMED');
    expect(codeOf(writer(), (m) => m.message(20, writer()))).to.equal('ONNX_UNSUPPORTED_FEATURE');
    expect(codeOf(writer(), (m) => m.message(25, writer()))).to.equal('ONNX_UNSUPPORTED_FEATURE');
    expect(codeOf(writer().message(15, writer()))).to.equal('ONNX_UNSUPPORTED_FEATURE');
    expect(codeOf(writer(), (m) => m.message(8, opset()))).to.equal('ONNX_MALFORMED');
    expect(codeOf(writer(), (m) => m.int(1, 9))).to.equal('ONNX_MALFORMED');
    const node = (field: number, value: MessageWriter) =>
      writer().message(1, writer().text(4, 'Add').message(field, value));
    expect(codeOf(writer().message(1, writer().text(4, 'Add').text(7, 'com.example')))).to.equal('ONNX_CUSTOM_DOMAIN');
    expect(codeOf(writer().message(1, writer().text(4, 'Add').text(4, 'Sub')))).to.equal('ONNX_MALFORMED');
    const branch = writer().text(1, 'then_branch').int(20, 5).message(6, writer());
    expect(codeOf(node(5, branch))).to.equal('ONNX_CONTROL_FLOW');
    expect(codeOf(node(5, writer().text(1, 'v').int(20, 11)))).to.equal('ONNX_UNSUPPORTED_ATTRIBUTE');
    expect(codeOf(node(5, writer().text(1, 'v').int(20, 2).int(3, 1).float(2, 1)))).to.equal('ONNX_MALFORMED');
    expect(codeOf(node(5, writer().text(1, 'v').int(20, 2).text(21, 'outer')))).to.equal('ONNX_MALFORMED');
  });

  it('refuses weights whose data it cannot take as they are', () => {
    const weight = (fill: (m: MessageWriter) => MessageWriter) =>
      codeOf(writer().message(5, fill(writer().int(1, 2).int(2, 1).text(8, 'w'))));
    expect(weight((m) => m.bytes(9, new Uint8Array(8)))).to.equal('accepted');
    expect(weight((m) => m.bytes(9, new Uint8Array(7)))).to.equal('ONNX_MALFORMED');
    expect(weight((m) => m.int(5, 1).int(5, 2))).to.equal('ONNX_TYPED_DATA');
    expect(weight((m) => m.float(4, 1))).to.equal('ONNX_MALFORMED');
    expect(weight((m) => m.float(4, 1).float(4, 2).bytes(9, new Uint8Array(8)))).to.equal('ONNX_MALFORMED');
    expect(weight((m) => m.int(14, 1).message(13, writer().text(1, 'location').text(2, 'w.bin')))).to.equal(
      'ONNX_EXTERNAL_DATA',
    );
    expect(codeOf(writer().message(5, writer().int(2, 10).text(8, 'w').bytes(9, new Uint8Array(2))))).to.equal(
      'ONNX_UNSUPPORTED_TYPE',
    );
    expect(codeOf(writer().message(5, writer().int(1, -1).int(2, 1).text(8, 'w')))).to.equal('ONNX_MALFORMED');
    expect(codeOf(writer().message(5, writer().int(2, 9).text(8, 'w').bytes(9, Uint8Array.of(2))))).to.equal(
      'ONNX_MALFORMED',
    );
  });

  it('reads elements that are stored as numbers as the bytes they stand for', () => {
    const weight = (code: number, fill: (m: MessageWriter) => MessageWriter) => {
      const tensor = fill(writer().int(1, 2).int(2, code).text(8, 'w'));
      return readOnnx(model(writer().message(5, tensor))).initializers[0].bytes;
    };
    const bytes = (array: ArrayBufferView) => new Uint8Array(array.buffer);
    expect(weight(1, (m) => m.float(4, 1.5).float(4, -2))).to.eql(bytes(Float32Array.of(1.5, -2)));
    const packed = bytes(Float32Array.of(0.1, Number.POSITIVE_INFINITY));
    expect(weight(1, (m) => m.bytes(4, packed))).to.eql(packed);
    expect(weight(3, (m) => m.int(5, -128).int(5, 127))).to.eql(bytes(Int8Array.of(-128, 127)));
    expect(weight(9, (m) => m.int(5, 1).int(5, 0))).to.eql(Uint8Array.of(1, 0));
    expect(weight(7, (m) => m.int(7, -1).int(7, 2n ** 62n))).to.eql(bytes(BigInt64Array.of(-1n, 2n ** 62n)));
    expect(weight(13, (m) => m.int(11, -1).int(11, 1))).to.eql(bytes(BigUint64Array.of(2n ** 64n - 1n, 1n)));
    expect(code(() => weight(3, (m) => m.int(5, 128).int(5, 0)))).to.equal('ONNX_MALFORMED');
    expect(code(() => weight(2, (m) => m.int(5, -1).int(5, 0)))).to.equal('ONNX_MALFORMED');
  });

  it('refuses truncated, overlong and stray bytes', () => {
    const bytes = sampleModel().bytes();
    expect(code(() => readOnnx(bytes.subarray(0, bytes.length - 1)))).to.equal('ONNX_MALFORMED');
    expect(code(() => readOnnx(Uint8Array.of(0x08, 0x88, 0x00)))).to.equal('ONNX_MALFORMED');
    expect(code(() => readOnnx(new Uint8Array(12).fill(0xff)))).to.equal('ONNX_MALFORMED');
    expect(code(() => readOnnx(Uint8Array.of(0x3a, 0x7f)))).to.equal('ONNX_MALFORMED');
    expect(code(() => readOnnx(Uint8Array.of(0x0b)))).to.equal('ONNX_MALFORMED');
    expect(code(() => readOnnx(new Uint8Array(0)))).to.equal('ONNX_MALFORMED');
    expect(code(() => readOnnx(Uint8Array.of(0x38, 0x01)))).to.equal('ONNX_MALFORMED');
  });

  it('refuses names defined twice', () => {
    const b = new OnnxBuilder();
    b.input('x', 'float32', [1]);
    b.node('Relu', ['x'], { outputs: ['y'] });
    b.node('Neg', ['x'], { outputs: ['y'] });
    expect(code(() => readOnnx(b.bytes()))).to.equal('ONNX_MALFORMED');
  });

  it('either reads or refuses garbage, with an error of its own, quickly', () => {
    const next = random(4);
    const whole = sampleModel().bytes();
    for (let round = 0; round < 4000; round++) {
      const bytes = whole.slice(0, round % 3 ? whole.length : Math.floor(next() * whole.length));
      for (let k = 0; k <= round % 5 && bytes.length; k++)
        bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256);
      code(() => readOnnx(bytes));
    }
    for (let round = 0; round < 1000; round++) {
      code(() => readOnnx(Uint8Array.from({ length: round % 200 }, () => Math.floor(next() * 256))));
    }
  });
});

describe('withOutputs', () => {
  it('only appends to the model, and names each value once', () => {
    const bytes = sampleModel().bytes();
    const traced = withOutputs(bytes, ['b', 'MatMul0', 'MatMul0']);
    expect(traced.subarray(0, bytes.length)).to.eql(bytes);
    const again = withOutputs(traced, ['MatMul0', 'b', 'a']);
    expect(again.length).to.equal(traced.length + 2);
  });
});
