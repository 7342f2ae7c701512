import { compile, locate, mergeAdditions, readOnnx, writeOnnx } from '@essaim/protocol';
import { expect } from 'chai';
import { gaussian, transformer } from '../../scripts/bench/models.ts';
import { random } from '../../test/random.ts';
import { Executor, openTracer, regenerate } from '../src/index.ts';

describe('a network with its additions merged into products', () => {
  const onnx = transformer({ tokens: 32, width: 64, heads: 2, layers: 3 });
  const merged = writeOnnx(mergeAdditions(readOnnx(onnx)));
  const inputs = [new Uint8Array(gaussian(32 * 64, 1, random(3)).buffer)];

  it('computes the same but for rounding', async () => {
    const [before, after] = await Promise.all(
      [onnx, merged].map(async (model) => {
        const executor = await Executor.open(compile(model), model);
        const { y } = await executor.run(inputs);
        await executor.close();
        return new Float32Array(y.buffer, y.byteOffset, y.length / 4);
      }),
    );
    for (const [i, y] of before.entries()) expect(after[i]).to.be.closeTo(y, 1e-4);
  });

  it('is made again segment by segment, with progress, until its signal ends it', async () => {
    const program = compile(merged);
    const trace = await openTracer()(program, merged, inputs);
    const seen: number[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }) => {
      seen.push(done);
      expect(total).to.equal(program.segments.length);
    };
    await regenerate(trace, merged, { onProgress });
    expect(seen).to.eql(program.segments.map((_, i) => i + 1));
    const signal = AbortSignal.abort(new Error('enough'));
    const ended = await regenerate(trace, merged, { signal }).then(
      () => 'made',
      (error) => error.message,
    );
    expect(ended).to.equal('enough');
  });

  it('has no element at fault where its segments are made again, on one thread or two', async () => {
    const program = compile(merged);
    const trace = await openTracer()(program, merged, inputs);
    for (const threads of [1, 2]) {
      const again = await regenerate(trace, merged, { threads });
      expect(locate(again.trace, () => undefined)).to.equal(null);
    }
  });
});
