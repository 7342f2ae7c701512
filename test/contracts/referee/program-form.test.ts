import {
  concat,
  encodeInterface,
  findMalformed,
  type MalformedFault,
  malformedProof,
  shownTrees,
  type TensorType,
  toHex,
  uint,
} from '@essaim/protocol';
import { expect } from 'chai';
import { id, ZeroHash } from 'ethers';
import { type Broken, type Circuit, type Layer, preimageOf } from './circuit.ts';
import { circuitOf, deployWorld, honestTensors, INPUTS, send, text, type, type World } from './world.ts';

const SHOWN: readonly string[] = ['empty', 'leaf', 'pair', 'edge'];

describe('H5: Malformed: programs', () => {
  let world: World;
  const { weights } = honestTensors();

  before(async () => {
    world = await deployWorld();
  });

  const prove = (circuit: Circuit, fault: MalformedFault) =>
    send(world.malformed, world.thief, 'proveMalformed', toHex(malformedProof(circuit.trees, fault)));
  /** What a verifier finds by itself, of the rules that operators show. */
  const found = ({ trees, ops }: Circuit): MalformedFault | null => {
    const judged = new Set(world.entries.map(({ opcode }) => opcode));
    const codes = new Set(Object.values(world.codes));
    expect(ops.length).to.be.above(0);
    return findMalformed(trees, ({ opcode, judge }) => judged.has(opcode) && codes.has(judge));
  };
  const bars = async (circuit: Circuit, fault: MalformedFault, reason: string) => {
    if (SHOWN.includes(fault.kind) && reason !== 'numerics') {
      const own = found(circuit);
      expect(own, `${fault.kind}: ${reason}`).to.not.equal(null);
      await world.malformed.proveMalformed.staticCall(toHex(malformedProof(shownTrees(circuit.trees), own!)));
    }
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
    expect(found(sound)).to.equal(null);
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
  it('bars a hole among operators, segments or weights', async () => {
    const operators = circuitOf(world, undefined, { leaves: { 2: ZeroHash } });
    await bars(operators, { kind: 'hole', list: 'operators', index: 2 }, 'hole');
    const hollow = circuitOf(world, undefined, { weightRoots: { 1: ZeroHash } });
    await bars(hollow, { kind: 'hole', list: 'weights', index: 1 }, 'hole');
    const segments = circuitOf(world, undefined, { segmentLeaves: { 3: ZeroHash } });
    await bars(segments, { kind: 'hole', list: 'segments', index: 3 }, 'hole');
  });
  it('bars an operand that is not made before', async () => {
    await bars(changed(1, { inputs: [...values(1), { kind: 'weight', index: 1 }] }), leaf(1), 'order');
    await bars(changed(4, { inputs: values(3, 4) }), leaf(4), 'order');
  });
  it('bars numerics that the judge of an operator does not know', async () => {
    const strange = circuitOf(world, undefined, { header: { numerics: 7 } });
    await expect(prove(strange, leaf(1)), 'exact whatever the numerics').to.be.revertedWithCustomError(
      world.malformed,
      'Malformed_NoFault',
    );
    await bars(strange, leaf(4), 'numerics');
    await bars(circuitOf(world, undefined, { header: { numerics: 0 } }), leaf(0), 'numerics');
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
