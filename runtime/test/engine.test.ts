import { OnnxBuilder } from '@essaim/protocol';
import { expect } from 'chai';
import { addEngine } from '../src/engine.ts';
import { openSession, sessionOptions } from '../src/node-engine.ts';

const model = () => {
  const onnx = new OnnxBuilder();
  onnx.output(onnx.node('Relu', [onnx.input('x', 'float32', [2, 2])], { outputs: ['y'] }), 'float32', [2, 2]);
  return onnx.bytes();
};
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error) => error,
  );

describe('engines', () => {
  it('never optimise the graph, and never hand nodes of a GPU to the CPU', () => {
    expect(sessionOptions('cpu', 1)).to.include({ graphOptimizationLevel: 'disabled', intraOpNumThreads: 1 });
    expect(sessionOptions('cpu', 1)).not.to.have.property('extra');
    expect(sessionOptions('cuda', 1).extra).to.deep.equal({ session: { disable_cpu_ep_fallback: '1' } });
  });

  it('are tried in order, down to one that takes the model', async () => {
    const { engine, session } = await openSession(model(), { engines: ['cuda', 'cpu'] });
    expect(engine).to.be.oneOf(['cuda', 'cpu']);
    await session.release();
  });

  it('are refused by ENGINE_NONE, with the reason of each, where none takes the model', async () => {
    const error = await refusal(openSession(new Uint8Array([1, 2, 3])));
    expect(error).to.include({ code: 'ENGINE_NONE' });
    expect(error.message).to.match(/cpu: /);
    expect(await refusal(openSession(model(), { engines: [] }))).to.include({ code: 'ENGINE_NONE' });
  });

  it('are named on command lines, unknown ones refused', () => {
    expect(addEngine('cpu', ['cuda'])).to.deep.equal(['cuda', 'cpu']);
    expect(() => addEngine('tpu')).to.throw('there is no engine "tpu"');
  });
});
