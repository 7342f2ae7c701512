import { type MalformedFault, malformedProof, type Ref, type Segment, toHex } from '@essaim/protocol';
import { expect } from 'chai';
import { type Broken, Circuit, type Layer } from './circuit.ts';
import { deployWorld, honestTensors, INPUTS, layersOf, send, text, type World } from './world.ts';

/** Three segments of two, two and one operators; the first value of the first two is inner. */
const SEGMENTS: Segment[] = [
  { firstOp: 0, opCount: 2, firstValue: 0, valueCount: 2 },
  { firstOp: 2, opCount: 2, firstValue: 2, valueCount: 2 },
  { firstOp: 4, opCount: 1, firstValue: 4, valueCount: 1 },
];
const inner = (index: number): Ref => ({ kind: 'inner', index });
const value = (index: number): Ref => ({ kind: 'value', index });

describe('Malformed: segments of programs (attack H5)', () => {
  let world: World;
  before(async () => {
    world = await deployWorld();
  });

  /** The sound program with something put over some operators. */
  function segmented(broken: Readonly<Record<number, Layer['broken']>> = {}, more: Broken = {}): Circuit {
    const layers = layersOf(world.codes).map((layer, i): Layer => {
      const first = i === 1 ? { inputs: [inner(0), layer.inputs[1]] } : {};
      const segment = Math.floor(i / 2);
      return { ...layer, broken: { segment, boundary: i === 0 ? 0 : 1, ...first, ...broken[i] } };
    });
    return new Circuit(layers, INPUTS, honestTensors().weights, { segments: SEGMENTS, ...more });
  }
  const prove = (circuit: Circuit, fault: MalformedFault) =>
    send(world.malformed, world.thief, 'proveMalformed', toHex(malformedProof(circuit.trees, fault)));
  const bars = (circuit: Circuit, fault: MalformedFault, reason: string) =>
    expect(prove(circuit, fault), JSON.stringify(fault))
      .to.emit(world.malformed, 'Barred')
      .withArgs(circuit.id, text(reason));
  const leaf = (operator: number): MalformedFault => ({ kind: 'leaf', operator });
  const pair = (operator: number): MalformedFault => ({ kind: 'pair', operator });
  const edge = (consumer: number, producer: number): MalformedFault => ({ kind: 'edge', consumer, producer, slot: 0 });
  const run = (index: number, operator: number, segment = SEGMENTS[index]): MalformedFault => ({
    kind: 'segment',
    index,
    segment,
    operator,
  });

  it('bars nothing of a sound program', async () => {
    const sound = segmented();
    const faults = [
      ...[0, 1, 2, 3, 4].map(leaf),
      ...[0, 1, 2, 3].map(pair),
      edge(1, 0),
      edge(2, 1),
      edge(4, 3),
      ...SEGMENTS.flatMap((_, index) => [0, 1, 2, 3, 4].map((operator) => run(index, operator))),
    ];
    for (const fault of faults) {
      await expect(prove(sound, fault), JSON.stringify(fault)).to.be.revertedWithCustomError(
        world.malformed,
        'Malformed_NoFault',
      );
    }
    const strange = run(1, 0, { ...SEGMENTS[1], valueCount: 3 });
    await expect(prove(sound, strange)).to.revert(world.ethers);
  });

  it('bars operators whose segments do not ascend from the first to the last', async () => {
    await bars(segmented({ 0: { segment: 1 } }), leaf(0), 'segment');
    await bars(segmented({ 3: { segment: 3 } }), leaf(3), 'segment');
    await bars(segmented({ 4: { segment: 1 } }), leaf(4), 'segment');
    await bars(segmented({ 1: { segment: 2 } }), pair(0), 'segment');
    await bars(segmented({ 3: { segment: 0 } }), pair(2), 'segment');
  });

  it('bars a boundary bit of an output that is not there', async () => {
    await bars(segmented({ 3: { boundary: 2 } }), leaf(3), 'inner');
    await bars(segmented({ 3: { boundary: 3 } }), leaf(3), 'inner');
  });

  it('bars an inner value read as a boundary, a boundary read as inner, and an inner value of another segment', async () => {
    const { inputs } = layersOf(world.codes)[2];
    await bars(segmented({ 1: { inputs: layersOf(world.codes)[1].inputs } }), edge(1, 0), 'inner');
    await bars(segmented({ 0: { boundary: 1 } }), edge(1, 0), 'inner');
    await bars(segmented({ 1: { boundary: 0 } }), edge(2, 1), 'inner');
    await bars(segmented({ 1: { boundary: 0 }, 2: { inputs: [inner(1), inputs[1]] } }), edge(2, 1), 'inner');
    await bars(segmented({ 2: { inputs: [inner(2), inputs[1]] } }), leaf(2), 'order');
    await bars(segmented({ 4: { inputs: [inner(3), value(3)] } }), edge(4, 3), 'inner');
  });

  it('bars an output that is inner', async () => {
    const circuit = segmented({ 4: { boundary: 0 } });
    const { interfaceBytes } = circuit;
    await bars(circuit, { kind: 'output', operator: 4, interfaceBytes, output: 0, number: 0 }, 'interface');
  });

  it('bars a segment that its operators do not know, or that holds no value or too many', async () => {
    const with1 = (change: Partial<Segment>) => {
      const segments = SEGMENTS.with(1, { ...SEGMENTS[1], ...change });
      return { circuit: segmented({}, { segments }), at: (operator: number) => run(1, operator, segments[1]) };
    };
    for (const [change, operator] of [
      [{ valueCount: 0 }, 0],
      [{ valueCount: 1025 }, 0],
      [{ firstOp: 1 }, 1],
      [{ firstOp: 3 }, 2],
      [{ opCount: 0 }, 2],
      [{ opCount: 3 }, 4],
      [{ firstValue: 1 }, 2],
      [{ valueCount: 1 }, 3],
      [{ firstValue: 3 }, 3],
    ] as const) {
      const { circuit, at } = with1(change);
      await bars(circuit, at(operator), 'segment');
    }
  });
});
