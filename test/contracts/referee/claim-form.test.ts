import {
  batchId,
  byteFault,
  claimHash,
  commitTensor,
  concat,
  fromHex,
  headerFault,
  ListTree,
  leafFault,
  missingFault,
  strayFault,
  type Tensor,
  tensorRoot,
  uint,
  valueFault,
} from '@essaim/protocol';
import { expect } from 'chai';
import { id, keccak256, sha256, ZeroHash } from 'ethers';
import { type Circuit, Execution, preimageOf, withByte } from './circuit.ts';
import {
  accuseAndProve,
  circuitOf,
  deployWorld,
  honestTensors,
  NEIGHBOURS,
  SALT,
  type Submitted,
  send,
  submit,
  text,
  type,
  type World,
} from './world.ts';

const PLACE = (operator: number) => ({ operator, output: 0, value: operator });

describe('Malformed: claims', () => {
  let world: World;
  let circuit: Circuit;
  let honest: Submitted;
  const { values } = honestTensors();

  before(async () => {
    world = await deployWorld();
    circuit = circuitOf(world);
    honest = await submit(world, circuit);
  });

  const prove = (method: string, batch: string, proof: Uint8Array) =>
    accuseAndProve(world, world.malformed, method, batch, proof);
  const convicts = async (method: string, guilty: Submitted, proof: Uint8Array, reason: string, value: number) => {
    await expect(prove(method, guilty.batchId, proof))
      .to.emit(world.malformed, 'FormFault')
      .withArgs(guilty.batchId, 4, text(reason), value)
      .and.to.emit(world.claims, 'Rejected')
      .withArgs(guilty.batchId, world.challenger.address, world.malformed.target, 4);
  };
  const refuses = async (method: string, proof: Uint8Array, error: string) =>
    expect(prove(method, honest.batchId, proof)).to.be.revertedWithCustomError(world.malformed, error);

  it('convicts a value of another type than its operator makes', async () => {
    const shape = type('int32', [5, 3]);
    for (const wrong of [shape, type('int32', [15]), type('uint32', [3, 5]), type('int32', [3, 5], 0x01)]) {
      const other = commitTensor(wrong, values[1].bytes);
      const guilty = await submit(world, circuit, { values: { 1: other } });
      const proof = headerFault(guilty.execution.claim, PLACE(1), preimageOf(other));
      await convicts('proveHeader', guilty, proof, 'header', 1);
    }
  });
  it('convicts a value whose root is no tensor at all', async () => {
    const strange = fromHex('0x1234');
    const guilty = await submit(world, circuit, { roots: { 1: `0x${'56'.repeat(32)}` } });
    const shown = await submit(world, circuit, { roots: { 1: keccak256(strange) } });
    await convicts('proveHeader', shown, headerFault(shown.execution.claim, PLACE(1), strange), 'header', 1);
    const proof = headerFault(guilty.execution.claim, PLACE(1), strange);
    await expect(prove('proveHeader', guilty.batchId, proof)).to.revert(world.ethers);
  });
  it('refuses a value of the right type', async () => {
    const proof = headerFault(honest.execution.claim, PLACE(1), preimageOf(values[1]));
    await refuses('proveHeader', proof, 'Malformed_NoFault');
  });

  it('convicts a missing value', async () => {
    const guilty = await submit(world, circuit, { roots: { 2: ZeroHash } });
    await convicts('proveMissing', guilty, missingFault(guilty.execution.claim, PLACE(2)), 'missing', 2);
  });
  it('refuses a value that is there', async () => {
    await expect(prove('proveMissing', honest.batchId, missingFault(honest.execution.claim, PLACE(2)))).to.revert(
      world.ethers,
    );
  });

  /** A tensor whose padded chunks differ from its bytes, as nobody honest commits. */
  function padded(tensor: Tensor, chunks: Uint8Array, ghosts = 0): { root: string; tree: Tensor['tree'] } {
    const size = Math.ceil(tensor.bytes.length / 1024) * 1024 + ghosts * 1024;
    const full = new Uint8Array(size);
    full.set(tensor.bytes);
    full.set(chunks, tensor.bytes.length);
    const { tree } = commitTensor(type('uint8', [size]), full);
    return { root: tensorRoot(tensor.type, tree.root), tree };
  }
  const byteProof = ({ execution }: Submitted, operator: number, at: number, tree: Tensor['tree']) => {
    const chunk = Math.floor(at / 1024);
    return byteFault(execution.claim, PLACE(operator), at, tree.chunk(chunk), tree.openings([chunk]));
  };

  it('H13: convicts bytes after the end that are not zero', async () => {
    const { root, tree } = padded(values[3], Uint8Array.of(0, 0, 9));
    const guilty = await submit(world, circuit, { roots: { 3: root } });
    await convicts('proveEncoding', guilty, byteProof(guilty, 3, 1202, tree), 'encoding', 3);
  });
  it('refuses zeros after the end, and the honest bytes before it', async () => {
    for (const at of [0, 1024, 1199, 1200, 2047]) {
      await refuses('proveEncoding', byteProof(honest, 3, at, values[3].tree), 'Malformed_NoFault');
    }
  });
  it('H13: convicts a bool above 1', async () => {
    const seven = withByte(values[2], 4, 7);
    const guilty = await submit(world, circuit, { values: { 2: seven } });
    await convicts('proveEncoding', guilty, byteProof(guilty, 2, 4, seven.tree), 'encoding', 2);
    await refuses('proveEncoding', byteProof(honest, 2, 4, values[2].tree), 'Malformed_NoFault');
  });
  it('H13: convicts a NaN that is not canonical, and no other float', async () => {
    const floats = values[4].bytes.slice();
    floats.set([1, 0, 0xc0, 0x7f], 1100);
    floats.set([0, 0, 0xc0, 0x7f], 1104);
    floats.set([0, 0, 0x80, 0x7f], 1108);
    const tensor = commitTensor(values[4].type, floats);
    const guilty = await submit(world, circuit, { values: { 4: tensor } });
    for (const at of [1104, 1107, 1108]) {
      await expect(
        prove('proveEncoding', guilty.batchId, byteProof(guilty, 4, at, tensor.tree)),
      ).to.be.revertedWithCustomError(world.malformed, 'Malformed_NoFault');
    }
    await convicts('proveEncoding', guilty, byteProof(guilty, 4, 1102, tensor.tree), 'encoding', 4);
  });
  /** One operator whose value has 3 chunks in a tree of 4 leaves, committed with this root. */
  async function threeChunks(name: string, root?: string): Promise<Submitted> {
    const long = type('float32', [600]);
    const circuit = circuitOf(world, (all) => [{ ...all[3], outputs: [long] }]);
    const subject = id(name);
    const { chainId, client } = world;
    const context = { chainId, client: client.address, subject, position: 4, continues: ZeroHash };
    const tensor = commitTensor(long, new Uint8Array(2400));
    const roots: Record<number, string> = root ? { 0: root } : {};
    const replaced = { roots, before: NEIGHBOURS };
    const execution = new Execution(circuit, honestTensors().inputs, [tensor], context, replaced);
    const { batch } = execution.claim;
    await send(world.claims, client, 'submit', subject, batch.root, batch.count, world.executor.address, 1n, 1);
    return { execution, batchId: batchId(client.address, subject) };
  }
  it('H13: convicts a leaf beyond the last chunk', async () => {
    const tensor = commitTensor(type('float32', [600]), new Uint8Array(2400));
    const ghost = padded(tensor, new Uint8Array(0), 1);
    const guilty = await threeChunks('ghost', ghost.root);
    const leaf = sha256(new Uint8Array(1024));
    const proof = (index: number) => leafFault(guilty.execution.claim, PLACE(0), index, leaf, ghost.tree.openings([3]));
    for (const wrong of [2, 4]) {
      await expect(prove('proveEncoding', guilty.batchId, proof(wrong))).to.be.revertedWithCustomError(
        world.malformed,
        'Malformed_Outside',
      );
    }
    await convicts('proveEncoding', guilty, proof(3), 'encoding', 0);
  });
  it('refuses a leaf beyond the last chunk that is zero, as it has to be', async () => {
    const { execution, batchId } = await threeChunks('no ghost');
    const siblings = execution.values[0].tree.openings([3]);
    const proof = leafFault(execution.claim, PLACE(0), 3, ZeroHash, siblings);
    await expect(prove('proveEncoding', batchId, proof)).to.be.revertedWithCustomError(
      world.malformed,
      'Malformed_NoFault',
    );
  });
  it('H13: convicts a root beyond the last value', async () => {
    const trace = new ListTree([...values.map(({ root }) => root), id('ghost')]);
    const { execution } = honest;
    const claim = { ...execution.claim, trace };
    const hash = claimHash({
      programId: circuit.id,
      inputsRoot: claim.inputs.root,
      traceRoot: trace.root,
      context: claim.context,
    });
    const batch = new ListTree([...NEIGHBOURS, hash]);
    const guilty = { ...claim, batch };
    await send(world.claims, world.client, 'submit', id('list'), batch.root, 5, world.executor.address, 1n, 1);
    const proof = valueFault(guilty, 5, id('ghost'), trace.siblings(5));
    const submitted = { execution, batchId: batchId(world.client.address, id('list')) };
    await convicts('proveEncoding', submitted, proof, 'encoding', 5);
    const honestPadding = execution.claim.trace.openings([5]);
    await refuses('proveEncoding', valueFault(execution.claim, 5, ZeroHash, honestPadding), 'Malformed_NoFault');
    await refuses('proveEncoding', valueFault(execution.claim, 4, id('x'), honestPadding), 'Malformed_Outside');
    await refuses('proveEncoding', valueFault(execution.claim, 8, id('x'), honestPadding), 'Malformed_Outside');
    await refuses('proveEncoding', valueFault(execution.claim, 5, id('x'), honestPadding), 'Malformed_NotCommitted');
  });

  it('H13: convicts a root of an inner value in the trace, and not the zero that belongs there', async () => {
    const inner = circuitOf(world, (layers) =>
      layers.map((layer, i) => (i === 3 ? { ...layer, broken: { boundary: 0 } } : layer)),
    );
    const guilty = await submit(world, inner, { roots: { 3: id('stray') } });
    const stray = ({ execution }: Submitted, operator: number, root: string) =>
      strayFault(execution.claim, PLACE(operator), root);
    await convicts('proveEncoding', guilty, stray(guilty, 3, id('stray')), 'encoding', 3);
    const right = await submit(world, inner);
    const tried = (proof: Uint8Array) => expect(prove('proveEncoding', right.batchId, proof));
    await tried(stray(right, 3, ZeroHash)).to.be.revertedWithCustomError(world.malformed, 'Malformed_NoFault');
    await tried(stray(right, 3, id('stray'))).to.revert(world.ethers);
    // a boundary value's root stands where it belongs, and no segment was answered
    await tried(stray(right, 2, values[2].root)).to.be.revertedWithCustomError(world.malformed, 'Malformed_NoSegment');
    const third = { ...PLACE(3), output: 1 };
    await tried(strayFault(right.execution.claim, third, id('x'))).to.be.revertedWithCustomError(
      world.malformed,
      'Malformed_Slot',
    );
  });

  it('refuses an unknown kind, another output, a blob that goes on, and a byte outside', async () => {
    const proof = byteProof(honest, 3, 5, values[3].tree);
    const kind = 96 + 156 + 4 + 3 * 32;
    await refuses('proveEncoding', proof.with(kind, 9), 'Malformed_Kind');
    await refuses('proveEncoding', concat([proof, uint(0, 1)]), 'Malformed_Length');
    await refuses(
      'proveEncoding',
      byteFault(honest.execution.claim, PLACE(3), 4096, new Uint8Array(1024), []),
      'Malformed_Outside',
    );
    const missing = missingFault(honest.execution.claim, { ...PLACE(3), output: 1 });
    await refuses('proveMissing', missing, 'Malformed_Slot');
  });
  it('refuses every fault of a claim that was not accused', async () => {
    for (const method of ['proveHeader', 'proveMissing', 'proveEncoding']) {
      await expect(
        send(world.malformed, world.challenger, method, honest.batchId, '0x01', SALT),
      ).to.be.revertedWithCustomError(world.accusations, 'Accusations_None');
    }
  });
});
