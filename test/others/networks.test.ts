import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  batchId as batchIdOf,
  buildFaultProof,
  byteLength,
  claimHash,
  claimOf,
  commitTensor,
  compile,
  contextHash,
  DTYPES,
  type Execution,
  elementCount,
  judgeElement,
  ListTree,
  locate,
  tensorsOf,
} from '@essaim/protocol';
import { openTracer } from '@essaim/runtime';
import { expect } from 'chai';
import { hexlify, id, ZeroHash } from 'ethers';
import { network } from 'hardhat';
import { deployProtocol } from '../../scripts/lib/deploy.ts';
import { random } from '../random.ts';
import { judgedPart } from './judged-part.ts';

/** Elements judged of each operator. */
const SAMPLE = 8;
const CONVICTED = 2n;
const files = globSync('.essaim/others/*.onnx').sort();

async function deploy() {
  const { ethers } = await network.getOrCreate();
  const [signer] = await ethers.getSigners();
  const genesis = { holders: { [signer.address]: 1n }, proposer: signer.address };
  const { addresses, chainId } = await deployProtocol(signer, genesis);
  const claims = await ethers.getContractAt('Claims', addresses.Claims);
  const referee = await ethers.getContractAt('Referee', addresses.Referee);
  return { claims, referee, chainId: Number(chainId), client: signer.address };
}

describe('networks that others made', () => {
  it('are there', () => {
    expect(files, 'none: see models/others/README.md').not.to.be.empty;
  });

  for (const file of files) {
    describe(basename(file, '.onnx'), () => {
      const part = judgedPart(new Uint8Array(readFileSync(file)));
      const next = random(23);
      const share = `${part.nodes} of ${part.of} nodes${part.missing.length ? `, no judge for ${part.missing}` : ''}`;
      let honest: Execution;

      before(async function () {
        this.timeout(120_000);
        const program = compile(part.onnx);
        const inputs = program.inputs.map(({ type }) => {
          expect(type.dtype).to.equal('float32');
          return new Uint8Array(Float32Array.from({ length: byteLength(type) / 4 }, () => 2 * next() - 1).buffer);
        });
        honest = await openTracer()(program, part.onnx, inputs);
      });

      it(`compiles, and a sample of its honest elements is permitted (${share})`, function () {
        this.timeout(600_000);
        const { program } = honest;
        const tensorOf = tensorsOf(honest);
        for (const op of program.operators) {
          for (const [output, type] of op.outputTypes.entries()) {
            for (let i = 0; i < SAMPLE; i++) {
              const element = Math.floor(next() * elementCount(type));
              const { verdict, permitted } = judgeElement(program, op, output, element, tensorOf);
              expect(verdict, `${op.node} (${op.name}) ${element}: ${permitted.describe()}`).to.equal('permitted');
            }
          }
        }
      });

      it('is convicted on chain when one inner element was changed', async function () {
        this.timeout(120_000);
        const { claims, referee, chainId, client } = await deploy();
        const { program, inputs } = honest;
        const number = Math.floor(program.operators.length / 2);
        const value = program.operators[number].firstValue;
        const { type, bytes } = honest.values[value]!;
        const { size } = DTYPES[type.dtype];
        const element = Math.floor(next() * elementCount(type));
        const wrong = bytes.slice();
        wrong[element * size + size - 1] ^= type.dtype === 'bool' ? 1 : 0x40;
        const execution = { program, inputs, values: honest.values.with(value, commitTensor(type, wrong)) };
        const fault = locate(execution, (i) => honest.values[i]?.bytes);
        expect(fault).to.include({ op: number, output: 0, element, verdict: 'convicted' });
        const subject = id(file);
        const context = contextHash({ chainId, client, subject, position: 0, continues: ZeroHash });
        const claim = claimHash(claimOf(execution, context));
        await claims.submit(subject, claim, 1, client, 1, 1);
        const { proof } = buildFaultProof(execution, { context, leaf: 0, batch: new ListTree([claim]) }, fault!);
        expect(await referee.examine(batchIdOf(client, subject), hexlify(proof))).to.equal(CONVICTED);
      });
    });
  }
});
