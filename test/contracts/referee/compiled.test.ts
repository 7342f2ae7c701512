import { readFileSync } from 'node:fs';
import {
  batchId as batchIdOf,
  buildFaultProof,
  claimHash,
  claimOf,
  commitTensor,
  compile,
  contextHash,
  DTYPES,
  type Execution,
  type Hash,
  ListTree,
  type MalformedFault,
  malformedProof,
  OPCODES,
  opcodeOf,
  type Program,
} from '@essaim/protocol';
import { openTracer } from '@essaim/runtime';
import { expect } from 'chai';
import { type Contract, hexlify, id, ZeroAddress, ZeroHash } from 'ethers';
import { network } from 'hardhat';
import { loadDigits, modelPath } from '../../../models/digits/digits.ts';
import { preimageOf } from './circuit.ts';

const MODELS = ['mlp-b1', 'cnn-b1'] as const;
const CONVICTED = 2n;
const PERMITTED = 0n;

/** Referee and Malformed over every judge, and a Claims that takes batches from anybody. */
async function deploy() {
  const { ethers } = await network.getOrCreate();
  const [deployer] = await ethers.getSigners();
  const judges = new Map<string, string>();
  for (const contract of new Set(OPCODES.map((opcode) => opcode.contract))) {
    judges.set(contract, await (await ethers.deployContract(contract)).getAddress());
  }
  const entries = OPCODES.flatMap(({ name, since, contract }) =>
    since.map((version) => ({ opcode: opcodeOf(name, version), judge: judges.get(contract)! })),
  );
  const parameters = await ethers.deployContract('ProtocolParameters', [ethers.ZeroAddress, ethers.ZeroAddress]);
  const registry = await ethers.deployContract('JudgeRegistry', [deployer.address, entries]);
  const accusations = await ethers.deployContract('Accusations', [parameters]);
  const claims = await ethers.deployContract('Claims', [parameters, ZeroAddress, ZeroAddress, ZeroAddress]);
  const referee = await ethers.deployContract('Referee', [claims, registry, accusations, ZeroAddress]);
  const malformed = await ethers.deployContract('Malformed', [claims, registry, accusations, ZeroAddress]);
  const contracts = { claims, referee, malformed } as unknown as Record<'claims' | 'referee' | 'malformed', Contract>;
  return { ...contracts, client: deployer.address };
}

/** Everything that could be said against a program's form. */
function accusationsOf(program: Program): MalformedFault[] {
  const { operators, weights, interfaceBytes } = program;
  const producerOf = (value: number) => operators.findLastIndex(({ firstValue }) => firstValue <= value);
  const operands = operators.flatMap(({ inputs }, operator) =>
    inputs.flatMap(({ kind, index }, slot): MalformedFault[] => {
      if (kind === 'input') return [{ kind: 'input', operator, slot, interfaceBytes }];
      if (kind === 'value' || kind === 'inner')
        return [{ kind: 'edge', consumer: operator, producer: producerOf(index), slot }];
      if (kind === 'weight') {
        return [{ kind: 'weight', operator, slot, index, preimage: preimageOf(weights[index]) }];
      }
      return [];
    }),
  );
  const outputs = program.outputs.map(({ value }, number): MalformedFault => {
    const operator = producerOf(value);
    return { kind: 'output', operator, interfaceBytes, output: value - operators[operator].firstValue, number };
  });
  return [
    { kind: 'empty' },
    { kind: 'interface', interfaceBytes },
    ...operators.map((_, operator): MalformedFault => ({ kind: 'leaf', operator })),
    ...operators.slice(1).map((_, operator): MalformedFault => ({ kind: 'pair', operator })),
    ...operands,
    ...outputs,
  ];
}

for (const model of MODELS) {
  describe(`A compiled program (${model})`, () => {
    const onnx = new Uint8Array(readFileSync(modelPath(model)));
    const program = compile(onnx);
    let world: Awaited<ReturnType<typeof deploy>>;
    let honest: Execution;

    before(async () => {
      world = await deploy();
      const scan = loadDigits().scans[7];
      honest = await openTracer()(program, onnx, [new Uint8Array(Float32Array.from(scan).buffer)]);
    });

    it('breaks none of the rules of programs', async () => {
      for (const fault of accusationsOf(program)) {
        const proof = hexlify(malformedProof(program.trees, fault));
        await expect(world.malformed.proveMalformed(proof), JSON.stringify(fault)).to.be.revertedWithCustomError(
          world.malformed,
          'Malformed_NoFault',
        );
      }
    });

    let subjects = 0;
    /** Submits an execution as a batch of one; returns the batch and the claim's place in it. */
    async function submit(
      execution: Execution,
    ): Promise<{ batchId: Hash; place: Parameters<typeof buildFaultProof>[1] }> {
      const subject = id(`${model} ${subjects++}`);
      const context = contextHash({ chainId: 31337, client: world.client, subject, position: 0, continues: ZeroHash });
      const claim = claimHash(claimOf(execution, context));
      await world.claims.submit(subject, claim, 1, world.client, 1, 1);
      return {
        batchId: batchIdOf(world.client, subject),
        place: { context, leaf: 0, batch: new ListTree([claim]) },
      };
    }

    it('has its honest elements permitted and a wrong element of every operator convicted', async () => {
      const good = await submit(honest);
      for (const [op, operator] of program.operators.entries()) {
        const value = operator.firstValue;
        const { type, bytes } = honest.values[value]!;
        const { size } = DTYPES[type.dtype];
        const element = Math.floor(bytes.length / size / 2);
        const place = { op, output: 0, element };
        const fair = buildFaultProof(honest, good.place, place);
        expect(fair.verdict, operator.node).to.equal('permitted');
        expect(await world.referee.examine(good.batchId, hexlify(fair.proof)), operator.node).to.equal(PERMITTED);

        const wrong = bytes.slice();
        wrong[element * size + size - 1] ^= type.dtype === 'bool' ? 1 : 0x40;
        const values = honest.values.with(value, commitTensor(type, wrong));
        const execution = { program, inputs: honest.inputs, values };
        const bad = await submit(execution);
        const { proof, verdict } = buildFaultProof(execution, bad.place, place);
        expect(verdict, operator.node).to.equal('convicted');
        expect(await world.referee.examine(bad.batchId, hexlify(proof)), operator.node).to.equal(CONVICTED);
      }
    });
  });
}
