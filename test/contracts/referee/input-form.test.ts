import {
  commitTensor,
  concat,
  encodeInterface,
  inputElementFault,
  inputMissingFault,
  inputTypeFault,
  ListTree,
  type Tensor,
  type TensorType,
  toHex,
  uint,
} from '@essaim/protocol';
import { expect } from 'chai';
import { id, ZeroHash } from 'ethers';
import { preimageOf } from './circuit.ts';
import { circuitOf, deployWorld, honestTensors, INPUTS, type, type World } from './world.ts';

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

  it('H9: finds floats outside their range or step', async () => {
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
  it('H9: finds integers and bools outside their range or step', async () => {
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
