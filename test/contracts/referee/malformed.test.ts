import { expect } from 'chai';
import { id, keccak256, sha256, ZeroHash } from 'ethers';
import { type Broken, type Circuit, Execution, type Layer, preimageOf, withByte } from './circuit.ts';
import {
  batchId,
  byteFault,
  claimHash,
  commitTensor,
  concat,
  encodeInterface,
  fromHex,
  headerFault,
  inputElementFault,
  inputMissingFault,
  inputTypeFault,
  ListTree,
  leafFault,
  type MalformedFault,
  malformedProof,
  missingFault,
  type Tensor,
  type TensorType,
  tensorRoot,
  toHex,
  uint,
  valueFault,
} from './protocol.ts';
import {
  accuseAndProve,
  circuitOf,
  deployWorld,
  honestTensors,
  INPUTS,
  NEIGHBOURS,
  SALT,
  type Submitted,
  send,
  submit,
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
    const other = commitTensor(type('int32', [5, 3]), values[1].bytes);
    const guilty = await submit(world, circuit, { values: { 1: other } });
    await convicts(
      'proveHeader',
      guilty,
      headerFault(guilty.execution.claim, PLACE(1), preimageOf(other)),
      'header',
      1,
    );
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

  it('convicts bytes after the end that are not zero (attack H13)', async () => {
    const { root, tree } = padded(values[3], Uint8Array.of(0, 0, 9));
    const guilty = await submit(world, circuit, { roots: { 3: root } });
    await convicts('proveEncoding', guilty, byteProof(guilty, 3, 1202, tree), 'encoding', 3);
  });
  it('refuses zeros after the end, and the honest bytes before it', async () => {
    for (const at of [0, 1024, 1199, 1200, 2047]) {
      await refuses('proveEncoding', byteProof(honest, 3, at, values[3].tree), 'Malformed_NoFault');
    }
  });
  it('convicts a bool above 1 (attack H13)', async () => {
    const seven = withByte(values[2], 4, 7);
    const guilty = await submit(world, circuit, { values: { 2: seven } });
    await convicts('proveEncoding', guilty, byteProof(guilty, 2, 4, seven.tree), 'encoding', 2);
    await refuses('proveEncoding', byteProof(honest, 2, 4, values[2].tree), 'Malformed_NoFault');
  });
  it('convicts a NaN that is not canonical, and no other float (attack H13)', async () => {
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
  it('convicts a leaf beyond the last chunk (attack H13)', async () => {
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
  it('convicts a root beyond the last value (attack H13)', async () => {
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

const text = (reason: string): string => `0x${Buffer.from(reason).toString('hex').padEnd(64, '0')}`;

describe('Malformed: programs (attack H5)', () => {
  let world: World;
  const { weights } = honestTensors();

  before(async () => {
    world = await deployWorld();
  });

  const prove = (circuit: Circuit, fault: MalformedFault) =>
    send(world.malformed, world.thief, 'proveMalformed', toHex(malformedProof(circuit.trees, fault)));
  const bars = async (circuit: Circuit, fault: MalformedFault, reason: string) => {
    await expect(prove(circuit, fault)).to.emit(world.malformed, 'Barred').withArgs(circuit.id, text(reason));
    expect(await world.malformed.barred(circuit.id)).to.equal(text(reason));
    await expect(prove(circuit, fault)).to.be.revertedWithCustomError(world.malformed, 'Malformed_AlreadyBarred');
  };
  /** The program with operator `at` changed. */
  const changed = (at: number, broken: Layer['broken'], more?: Broken) =>
    circuitOf(world, (layers) => layers.map((layer, i) => (i === at ? { ...layer, broken } : layer)), more);
  const leaf = (operator: number): MalformedFault => ({ kind: 'leaf', operator });
  const values = (...indices: number[]) => indices.map((index) => ({ kind: 'value' as const, index }));

  it('bars nothing of a sound program', async () => {
    const sound = circuitOf(world);
    const { interfaceBytes } = sound;
    const faults: MalformedFault[] = [
      { kind: 'empty' },
      ...[0, 1, 2, 3, 4].map(leaf),
      ...[0, 1, 2, 3].map((operator) => ({ kind: 'pair' as const, operator })),
      { kind: 'edge', consumer: 1, producer: 0, slot: 0 },
      { kind: 'edge', consumer: 4, producer: 3, slot: 1 },
      { kind: 'input', operator: 0, slot: 0, interfaceBytes },
      { kind: 'input', operator: 3, slot: 0, interfaceBytes },
      { kind: 'weight', operator: 1, slot: 1, index: 1, preimage: preimageOf(weights[1]) },
      { kind: 'interface', interfaceBytes },
      { kind: 'output', operator: 4, interfaceBytes, output: 0, number: 0 },
    ];
    for (const fault of faults) {
      await expect(prove(sound, fault), fault.kind).to.be.revertedWithCustomError(world.malformed, 'Malformed_NoFault');
    }
    await expect(prove(sound, { kind: 'hole', list: 'operators', index: 0 })).to.be.revertedWithCustomError(
      world.malformed,
      'Malformed_NotCommitted',
    );
    expect(await world.malformed.barred(sound.id)).to.equal(ZeroHash);
  });
  it('bars a program without operators or values', async () => {
    await bars(circuitOf(world, undefined, { header: { opCount: 0 } }), { kind: 'empty' }, 'empty');
    await bars(circuitOf(world, undefined, { header: { valueCount: 0 } }), { kind: 'empty' }, 'empty');
  });
  it('bars a hole among operators or weights', async () => {
    const operators = circuitOf(world, undefined, { leaves: { 2: ZeroHash } });
    await bars(operators, { kind: 'hole', list: 'operators', index: 2 }, 'hole');
    const hollow = circuitOf(world, undefined, { weightRoots: { 1: ZeroHash } });
    await bars(hollow, { kind: 'hole', list: 'weights', index: 1 }, 'hole');
  });
  it('bars an operand that is not made before', async () => {
    await bars(changed(1, { inputs: [...values(1), { kind: 'weight', index: 1 }] }), leaf(1), 'order');
    await bars(changed(4, { inputs: values(3, 4) }), leaf(4), 'order');
  });
  it('bars operands beyond their lists', async () => {
    await bars(
      changed(0, {
        inputs: [
          { kind: 'input', index: 2 },
          { kind: 'weight', index: 0 },
        ],
      }),
      leaf(0),
      'number',
    );
    await bars(
      changed(0, {
        inputs: [
          { kind: 'input', index: 0 },
          { kind: 'weight', index: 2 },
        ],
      }),
      leaf(0),
      'number',
    );
  });
  it('bars values that are not numbered in a row', async () => {
    await bars(changed(0, { firstValue: 1 }), leaf(0), 'number');
    await bars(changed(4, { firstValue: 3 }), leaf(4), 'number');
    await bars(changed(2, { firstValue: 9 }), leaf(2), 'number');
    await bars(changed(2, { firstValue: 1 }), { kind: 'pair', operator: 1 }, 'number');
  });
  it('bars an identity written as a layout, a layout that permutes nothing, and a tensor too large', async () => {
    const body = (bytes: Uint8Array, find: Uint8Array, put: Uint8Array) => {
      const at = Buffer.from(bytes).lastIndexOf(find);
      expect(at).to.be.greaterThan(0);
      const out = bytes.slice();
      out.set(put, at);
      return out;
    };
    const sound = circuitOf(world);
    const own = (dims: number[], layout: number, dtype = 6) =>
      concat([uint(dtype, 1), uint(layout, 4), uint(dims.length, 1), ...dims.map((d) => uint(d, 4))]);
    const found = own([3, 5], 0);
    for (const layout of [0x10, 0x11, 0x02, 0x201, 0x21]) {
      const broken = { bodies: { 1: body(sound.trees.bodies[1], found, own([3, 5], layout)) } };
      await bars(circuitOf(world, undefined, broken), leaf(1), 'type');
    }
    const large = { bodies: { 1: body(sound.trees.bodies[1], found, own([1 << 15, 1 << 15], 0)) } };
    await bars(circuitOf(world, undefined, large), leaf(1), 'type');
  });
  it('bars a body that does not decode', async () => {
    const body = circuitOf(world).trees.bodies[1];
    const outputs = 66 + 13;
    const wrong = [
      new Uint8Array(0),
      body.slice(0, -1),
      concat([body, uint(0, 1)]),
      body.with(65, 1),
      body.with(outputs, 0),
      body.with(outputs, 33),
      body.with(outputs + 1, 5),
      body.with(body.length - 14, 8),
      body.with(body.length - 9, 9),
    ];
    for (const bytes of wrong) {
      await bars(circuitOf(world, undefined, { bodies: { 1: bytes } }), leaf(1), 'undecodable');
    }
  });
  it('bars types that disagree between producer and consumer', async () => {
    const other = type('int32', [5, 3]);
    const circuit = changed(1, { inputTypes: [other, weights[1].type] });
    await bars(circuit, { kind: 'edge', consumer: 1, producer: 0, slot: 0 }, 'type');
    const sound = circuitOf(world);
    for (const [consumer, producer, slot] of [
      [1, 3, 0],
      [1, 0, 1],
      [1, 0, 7],
    ]) {
      await expect(prove(sound, { kind: 'edge', consumer, producer, slot })).to.be.revertedWithCustomError(
        world.malformed,
        'Malformed_Slot',
      );
    }
  });
  it('bars types that disagree with the interface or a weight', async () => {
    const input = changed(3, { inputTypes: [type('float32', [30, 10])] });
    await bars(input, { kind: 'input', operator: 3, slot: 0, interfaceBytes: input.interfaceBytes }, 'type');
    const weight = changed(1, { inputTypes: [type('int32', [3, 5]), type('int32', [1, 5])] });
    await bars(weight, { kind: 'weight', operator: 1, slot: 1, index: 1, preimage: preimageOf(weights[1]) }, 'weight');
  });
  it('bars an interface that is none', async () => {
    const good = circuitOf(world).interfaceBytes;
    const float = (low: number, high: number, step: number) =>
      concat([
        good.subarray(0, 1 + 14 + 24 + 10),
        uint(low, 8),
        uint(high, 8),
        uint(step, 8),
        good.subarray(1 + 14 + 24 + 10 + 24),
      ]);
    const layout = good.with(5, 1);
    const wrong = [
      new Uint8Array(0),
      good.with(0, 1),
      good.slice(0, -1),
      concat([good, uint(0, 1)]),
      layout,
      good.with(good.length - 1, 5),
      encodeInterface({ inputs: INPUTS, outputs: [] }),
      float(0x7fc00000, 0x7f800000, 0),
      float(0, 0x7fc00000, 0),
      float(0, 0x3f800000, 0x3fc00000),
      float(0, 0x3f800000, 0xbf800000),
      float(0, 0x3f800000, 0x7f800000),
      float(0, 0x3f800000, 3),
      float(0x100000000, 0x3f800000, 0),
    ];
    for (const interfaceBytes of wrong) {
      await bars(circuitOf(world, undefined, { interfaceBytes }), { kind: 'interface', interfaceBytes }, 'interface');
    }
    const fine = float(0, 0x3f800000, 4);
    await expect(
      prove(circuitOf(world, undefined, { interfaceBytes: fine }), { kind: 'interface', interfaceBytes: fine }),
    ).to.be.revertedWithCustomError(world.malformed, 'Malformed_NoFault');
  });
  it('bars an output that is not row-major', async () => {
    const last: TensorType = type('float32', [30, 10], 0x01);
    const circuit = circuitOf(world, (layers) =>
      layers.map((layer, i) => (i === 4 ? { ...layer, outputs: [last] } : layer)),
    );
    const { interfaceBytes } = circuit;
    await bars(circuit, { kind: 'output', operator: 4, interfaceBytes, output: 0, number: 0 }, 'interface');
  });
  it('bars a program without a judge until the judge is there', async () => {
    const { registry, timelock, codes } = world;
    const opcode = id('ai.onnx/Sub/14');
    const circuit = circuitOf(world, (layers) =>
      layers.map((layer, i) => (i === 4 ? { ...layer, name: 'Sub', since: 14, judge: codes.IeeeJudge } : layer)),
    );
    await bars(circuit, leaf(4), 'judge');
    const ieee = world.entries.find((entry) => entry.opcode === id('ai.onnx/Relu/14'))!.judge;
    await send(registry, timelock, 'add', opcode, ieee);
    expect(await world.malformed.barred(circuit.id)).to.equal(ZeroHash);
    await expect(prove(circuit, leaf(4))).to.be.revertedWithCustomError(world.malformed, 'Malformed_NoFault');
  });
  it('refuses an unknown kind, another header and a blob that goes on', async () => {
    const sound = circuitOf(world);
    const proof = malformedProof(sound.trees, leaf(0));
    const send_ = (bytes: Uint8Array) => send(world.malformed, world.thief, 'proveMalformed', toHex(bytes));
    await expect(send_(proof.with(0, 10))).to.be.revertedWithCustomError(world.malformed, 'Malformed_Kind');
    await expect(send_(proof.with(10, proof[10] ^ 1))).to.revert(world.ethers);
    await expect(send_(concat([proof, uint(0, 1)]))).to.be.revertedWithCustomError(world.malformed, 'Malformed_Length');
  });
});

describe('Malformed: inputs', () => {
  let world: World;
  before(async () => {
    world = await deployWorld();
  });

  const HALF = 0.5;
  const declared = (dtype: TensorType['dtype'], range: { low: number; high: number; step: number }) => {
    const of = type(dtype, [300]);
    return { of, bytes: encodeInterface({ inputs: [INPUTS[0], { type: of, range }], outputs: [4] }) };
  };
  /** Whether element 299 being `bits` is a fault under the declared range. */
  async function fault(dtype: TensorType['dtype'], range: { low: number; high: number; step: number }, bits: number[]) {
    const { of, bytes: interfaceBytes } = declared(dtype, range);
    const circuit = circuitOf(world, undefined, { interfaceBytes });
    const size = bits.length;
    const content = new Uint8Array(300 * size);
    content.set(bits, 299 * size);
    const tensor = commitTensor(of, content);
    const inputs = new ListTree([honestTensors().inputs[0].root, tensor.root]);
    const proof = inputElementFault(circuit.trees.header, interfaceBytes, inputs, 1, tensor, 299);
    return world.malformed.inputFault(circuit.id, inputs.root, toHex(proof));
  }
  const float = (value: number) => [...new Uint8Array(Float32Array.of(value).buffer)];
  const FREE = { low: -Infinity, high: Infinity, step: 0 };

  it('finds floats outside their range or step', async () => {
    const unit = { low: -1, high: 1, step: HALF };
    for (const good of [0, -0, 0.5, -1, 1])
      expect(await fault('float32', unit, float(good)), `${good}`).to.equal(false);
    for (const bad of [1.5, -1.5, 0.25, 0.75, 1e-40, Infinity, -Infinity, NaN]) {
      expect(await fault('float32', unit, float(bad)), `${bad}`).to.equal(true);
    }
    expect(await fault('float32', { ...FREE, step: HALF }, float(2 ** 40))).to.equal(false);
    expect(await fault('float32', { ...FREE, step: HALF }, float(Infinity))).to.equal(true);
    expect(await fault('float32', { ...FREE, low: 0 }, float(NaN))).to.equal(true);
  });
  it('lets any float pass where nothing is declared, but only the canonical NaN', async () => {
    for (const good of [0, -1e38, 1e-45, Infinity, -Infinity, NaN]) {
      expect(await fault('float32', FREE, float(good)), `${good}`).to.equal(false);
    }
    expect(await fault('float32', FREE, [1, 0, 0xc0, 0x7f])).to.equal(true);
  });
  it('finds integers and bools outside their range or step', async () => {
    const range = { low: -100, high: 60, step: 20 };
    for (const good of [0, 60, 20, 256 - 100, 256 - 20])
      expect(await fault('int8', range, [good]), `${good}`).to.equal(false);
    for (const bad of [80, 10, 256 - 120, 256 - 10, 127, 128]) {
      expect(await fault('int8', range, [bad]), `${bad}`).to.equal(true);
    }
    expect(await fault('uint8', { low: 0, high: 200, step: 0 }, [201])).to.equal(true);
    expect(await fault('uint8', { low: 0, high: 200, step: 0 }, [200])).to.equal(false);
    expect(await fault('bool', { low: 0, high: 1, step: 0 }, [2])).to.equal(true);
    expect(await fault('bool', { low: 0, high: 1, step: 0 }, [1])).to.equal(false);
    const wide = { low: -(2 ** 40), high: 2 ** 40, step: 0 };
    expect(await fault('int64', wide, [0, 0, 0, 0, 0, 1, 0, 0])).to.equal(false);
    expect(await fault('int64', wide, [1, 0, 0, 0, 0, 1, 0, 0])).to.equal(true);
    expect(await fault('int64', wide, [255, 255, 255, 255, 255, 255, 255, 255])).to.equal(false);
  });
  it('finds an input of another type, and a missing one', async () => {
    const circuit = circuitOf(world);
    const { header } = circuit.trees;
    const [x, y] = honestTensors().inputs;
    const other = commitTensor(type('int8', [96, 3]), x.bytes);
    const ask = (inputs: ListTree, proof: Uint8Array) =>
      world.malformed.inputFault(circuit.id, inputs.root, toHex(proof));
    const wrong = new ListTree([other.root, y.root]);
    const honest = new ListTree([x.root, y.root]);
    const typed = (inputs: ListTree, tensor: Tensor) =>
      inputTypeFault(header, circuit.interfaceBytes, inputs, 0, preimageOf(tensor));
    expect(await ask(wrong, typed(wrong, other))).to.equal(true);
    expect(await ask(honest, typed(honest, x))).to.equal(false);
    const hole = new ListTree([x.root, ZeroHash]);
    expect(await ask(hole, inputMissingFault(header, circuit.interfaceBytes, hole, 1))).to.equal(true);
  });
  it('refuses openings that are not of this program and these inputs', async () => {
    const circuit = circuitOf(world);
    const { header } = circuit.trees;
    const { inputs } = honestTensors();
    const list = new ListTree(inputs.map(({ root }) => root));
    const proof = inputElementFault(header, circuit.interfaceBytes, list, 0, inputs[0], 5);
    const ask = (bytes: Uint8Array, program = circuit.id, root = list.root) =>
      expect(world.malformed.inputFault(program, root, toHex(bytes))).to.be;
    const at = 156 + 2 + circuit.interfaceBytes.length;
    await ask(proof, id('other')).revertedWithCustomError(world.malformed, 'Malformed_NotCommitted');
    await ask(proof, circuit.id, id('other')).revertedWithCustomError(world.malformed, 'Malformed_NotCommitted');
    await ask(proof.with(170, 9)).revertedWithCustomError(world.malformed, 'Malformed_NotCommitted');
    await ask(proof.with(at, 2)).revertedWithCustomError(world.malformed, 'Malformed_Slot');
    await ask(proof.with(at + 1, 3)).revertedWithCustomError(world.malformed, 'Malformed_Kind');
    await ask(proof.with(at + 4, 2)).revertedWithCustomError(world.malformed, 'Malformed_Outside');
    await ask(proof.with(at + 50, 1)).revertedWithCustomError(world.malformed, 'Malformed_NotCommitted');
    await ask(concat([proof, uint(0, 1)])).revertedWithCustomError(world.malformed, 'Malformed_Length');
    expect(await world.malformed.inputFault(circuit.id, list.root, toHex(proof))).to.equal(false);
  });
});
