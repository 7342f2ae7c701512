import { readFileSync } from 'node:fs';
import {
  accusationHash,
  batchId as batchIdOf,
  buildFaultProof,
  type ClaimPlace,
  canonicalNaN,
  claimHash,
  claimOf,
  commitTensor,
  compile,
  contextHash,
  DTYPES,
  type Execution,
  elementCount,
  type Fault,
  JUDGES,
  ListTree,
  locate,
  OPCODES,
  opcodeOf,
  toHex,
  ZERO_HASH,
} from '@essaim/protocol';
import { openTracer } from '@essaim/runtime';
import { expect } from 'chai';
import { getCreateAddress, id, ZeroAddress } from 'ethers';
import { network } from 'hardhat';
import { mixedLayouts, nodeCases } from '../../conformance/models.ts';
import { random } from '../../random.ts';

const SALT = id('salt');
const trace = openTracer();

/** Referee with every judge and opcode that the protocol knows. */
async function deploy() {
  const { ethers } = await network.getOrCreate();
  const [deployer, client, executor, challenger, timelock] = await ethers.getSigners();
  const addresses = new Map<string, string>();
  for (const { contract } of JUDGES) {
    addresses.set(contract, await (await ethers.deployContract(contract)).getAddress());
  }
  const entries = OPCODES.flatMap(({ name, since, contract }) =>
    since.map((version) => ({ opcode: opcodeOf(name, version), judge: addresses.get(contract)! })),
  );
  const registry = await ethers.deployContract('JudgeRegistry', [timelock.address, entries]);
  const parameters = await ethers.deployContract('ProtocolParameters', [ethers.ZeroAddress, ethers.ZeroAddress]);
  const accusations = await ethers.deployContract('Accusations', [parameters]);
  const nonce = await deployer.getNonce();
  const at = (i: number) => getCreateAddress({ from: deployer.address, nonce: nonce + i });
  const claims = await ethers.deployContract('Claims', [parameters, at(1), ZeroAddress, ZeroAddress]);
  const referee = await ethers.deployContract('Referee', [claims, registry, accusations, ZeroAddress]);
  const { chainId } = await ethers.provider.getNetwork();
  let jobs = 0;

  /** Submits a batch whose leaf 1 is the execution's claim. */
  async function submit(execution: Execution): Promise<{ batch: string; place: ClaimPlace }> {
    const subject = id(`job ${jobs++}`);
    const context = contextHash({ chainId, client: client.address, subject, position: 1, continues: ZERO_HASH });
    const list = new ListTree([ZERO_HASH, claimHash(claimOf(execution, context)), ZERO_HASH]);
    await claims.connect(client).submit(subject, list.root, list.count, executor.address, 1000, 1);
    return { batch: batchIdOf(client.address, subject), place: { context, leaf: 1, batch: list } };
  }

  async function prove(batch: string, proof: Uint8Array) {
    await accusations.connect(challenger).accuse(accusationHash(batch, proof, challenger.address, SALT));
    await ethers.provider.send('evm_mine', []);
    return referee.connect(challenger).proveFault(batch, toHex(proof), SALT);
  }
  return { claims, referee, submit, prove };
}

/** The execution with one element of an operator's value changed. */
function tampered(honest: Execution, op: number, element: number): Execution {
  const { firstValue } = honest.program.operators[op];
  const { type, bytes } = honest.values[firstValue]!;
  const { size } = DTYPES[type.dtype];
  const changed = new Uint8Array(bytes);
  changed[element * size + size - 1] ^= type.dtype === 'bool' ? 1 : 0x40;
  const value = commitTensor(type, canonicalNaN(type, changed));
  return { ...honest, values: honest.values.with(firstValue, value) };
}

const show = (fault: Fault | null) => JSON.stringify(fault, (_, v) => (typeof v === 'bigint' ? `${v}` : v));

describe('Referee on compiled models', () => {
  let world: Awaited<ReturnType<typeof deploy>>;
  const next = random(21);

  before(async () => {
    world = await deploy();
  });

  const digits = readFileSync(new URL('../../../models/digits/cnn-b1.onnx', import.meta.url));
  const pixels = Float32Array.from({ length: 64 }, () => Math.floor(next() * 17));
  const cases = [
    ...nodeCases(next),
    mixedLayouts(next),
    { name: 'the digit classifier', onnx: new Uint8Array(digits), inputs: [new Uint8Array(pixels.buffer)] },
  ];
  for (const { name, onnx, inputs } of cases) {
    it(`agrees with the twins on every operator of ${name}`, async () => {
      const program = compile(onnx);
      const honest = await trace(program, onnx, inputs);
      const { batch, place } = await world.submit(honest);
      for (const [op, { outputTypes, node }] of program.operators.entries()) {
        const element = Math.floor(next() * elementCount(outputTypes[0]));
        const { proof, verdict } = buildFaultProof(honest, place, { op, output: 0, element });
        expect(verdict, node).to.equal('permitted');
        expect(await world.referee.examine(batch, toHex(proof)), node).to.equal(0n);
      }
      const op = Math.floor(next() * program.operators.length);
      const guilty = tampered(honest, op, Math.floor(next() * elementCount(program.operators[op].outputTypes[0])));
      const fault = locate(guilty, (value) => honest.values[value]?.bytes);
      expect(fault, show(fault)).to.include({ op, verdict: 'convicted' });
      const claim = await world.submit(guilty);
      const { proof } = buildFaultProof(guilty, claim.place, fault!);
      await expect(world.prove(claim.batch, proof)).to.emit(world.referee, 'Convicted');
      expect(await world.claims.state(claim.batch)).to.equal(3n);
    });
  }
});
