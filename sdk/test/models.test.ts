import { compile, OnnxBuilder } from '@essaim/protocol';
import { referenceDrift } from '@essaim/runtime';
import { type Essaim, modelIdOf, type NewModel } from '@essaim/sdk';
import { expect } from 'chai';
import { failureOf, type World, world } from './world.ts';

function model(operator: string, name: string): Uint8Array {
  const graph = new OnnxBuilder();
  const x = graph.input('x', 'float32', [4]);
  graph.node(operator, [x], { name, outputs: ['y'] });
  graph.output('y', 'float32', [4]);
  return graph.bytes();
}

describe('a model', () => {
  let at: World;
  let essaim: Essaim;

  before(async () => {
    at = await world();
    essaim = await at.connect('modeller');
  });

  const described = (onnx: Uint8Array): NewModel => ({
    onnx,
    name: 'Small',
    description: 'A model of one node',
    licence: 'MIT',
    price: 0n,
    token: at.token,
  });

  it('with an operator that nobody can judge is refused by the node’s name, before anything is sent', async () => {
    const nonce = await at.chain.getTransactionCount(at.wallets.modeller);
    const failure = await failureOf(essaim.models.publish(described(model('Det', 'head/det'))));
    expect(failure.code).to.equal('ONNX_UNSUPPORTED_OPERATOR');
    expect(failure.message).to.include('head/det');
    expect(failure.help).to.include('MatMul');
    expect(await at.chain.getTransactionCount(at.wallets.modeller)).to.equal(nonce);
  });

  it('that is published can be loaded by others, and not be published twice by its owner', async () => {
    const onnx = model('Relu', 'only');
    const { id, program } = await essaim.models.publish(described(onnx));
    const loaded = await (await at.connect(undefined)).models.load(id, program.id);
    expect(loaded.onnx).to.deep.equal(onnx);
    expect(loaded.manifest.name).to.equal('Small');
    expect(loaded.manifest.numerics).to.deep.equal({ drift: null, products: [] });
    const again = await failureOf(essaim.models.publish(described(onnx)));
    expect(again.code).to.equal('ModelRegistry_Exists');
    expect(again.help).to.equal('This owner registered a model with this program already.');
  });

  it('of floats is published with its drift, which others load with it', async () => {
    const graph = new OnnxBuilder();
    const x = graph.input('x', 'float32', [1, 8]);
    graph.output(
      graph.node('MatMul', [
        x,
        graph.floats(
          [8, 3],
          Float32Array.from({ length: 24 }, (_, i) => Math.sin(i)),
        ),
      ]),
    );
    const onnx = graph.bytes();
    const drift = await referenceDrift(compile(onnx), onnx);
    const { id, program } = await essaim.models.publish({ ...described(onnx), drift });
    const { manifest } = await (await at.connect(undefined)).models.load(id, program.id);
    expect(manifest.numerics!.drift).to.deep.equal(drift);
    expect(drift.outputs[program.outputs[0].name].contract).to.be.above(0);
    expect(manifest.numerics!.products).to.have.length(1);
  });

  it('whose file compiles to another program is not loaded', async () => {
    const honest = compile(model('Neg', 'a'));
    const { storage, contracts } = essaim;
    const onnx = await storage.put(model('Abs', 'a'));
    const manifest = { kind: 'essaim/model/1', name: 'x', description: 'x', licence: 'x', onnx, programId: honest.id };
    const { digest } = await storage.putManifest(manifest);
    await (await contracts.ModelRegistry.register(honest.id, digest, at.token, 0n)).wait();
    const failure = await failureOf(essaim.models.load(modelIdOf(at.wallets.modeller.address, honest.id), honest.id));
    expect(failure.code).to.equal('MODEL_MISMATCH');
  });

  it('that nobody registered is unknown; one with a foreign manifest is refused', async () => {
    expect((await failureOf(essaim.models.load(1n, at.model.program.id))).code).to.equal('MODEL_UNKNOWN');
    const { digest } = await essaim.storage.putManifest({ kind: 'something else' });
    const programId = `0x${'7'.repeat(64)}`;
    await (await essaim.contracts.ModelRegistry.register(programId, digest, at.token, 0n)).wait();
    const failure = await failureOf(essaim.models.load(modelIdOf(at.wallets.modeller.address, programId), programId));
    expect(failure.code).to.equal('MANIFEST_INVALID');
  });

  it('is loaded once for everyone who waits for it; one caller’s abort ends nobody else’s wait', async () => {
    const { id, program } = at.model;
    const reader = await at.connect(undefined);
    const stop = new AbortController();
    const given = reader.models.load(id, program.id, stop.signal);
    const other = reader.models.load(id, program.id);
    stop.abort();
    expect((await failureOf(given)).name).to.equal('AbortError');
    expect((await other).program.id).to.equal(program.id);
  });
});
