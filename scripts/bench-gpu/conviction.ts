import {
  batchId as batchIdOf,
  buildFaultProof,
  claimHash,
  claimOf,
  commitTensor,
  compile,
  contextHash,
  type Execution,
  elementCount,
  ListTree,
  locate,
} from '@essaim/protocol';
import { type Engine, openTracer } from '@essaim/runtime';
import { hexlify, id, ZeroHash } from 'ethers';
import { network } from 'hardhat';
import { random } from '../../test/random.ts';
import { gaussian, perceptron } from '../bench/models.ts';
import { deployProtocol } from '../lib/deploy.ts';
import { localHands } from '../lib/genesis.ts';

const VERDICTS = ['permitted', 'void', 'convicted'] as const;
const CHANGED = 3;

/** What the referee finds of an honest run on an engine, and of the same with one inner element changed. */
export async function conviction(engine: Engine): Promise<{ honest: string; cheated: string; proofBytes: number }> {
  const onnx = perceptron([256, 512, 512, 10], 4);
  const program = compile(onnx);
  const honest = await openTracer({ engines: [engine] })(program, onnx, [
    new Uint8Array(gaussian(4 * 256, 1, random(5)).buffer),
  ]);
  const { ethers } = await network.getOrCreate();
  const [signer] = await ethers.getSigners();
  const { addresses, chainId } = await deployProtocol(signer, localHands(signer.address));
  const claims = await ethers.getContractAt('Claims', addresses.Claims);
  const referee = await ethers.getContractAt('Referee', addresses.Referee);
  const value = program.operators[CHANGED].firstValue;
  const { type, bytes } = honest.values[value]!;
  const element = Math.floor(elementCount(type) / 2);

  async function judge(execution: Execution, name: string) {
    const subject = id(`${engine} ${name}`);
    const context = contextHash({
      chainId: Number(chainId),
      client: signer.address,
      subject,
      position: 0,
      continues: ZeroHash,
    });
    const claim = claimHash(claimOf(execution, context));
    await (await claims.submit(subject, claim, 1, signer.address, 1, 1)).wait();
    const place = { context, leaf: 0, batch: new ListTree([claim]) };
    const found = locate(execution, (i) => honest.values[i]?.bytes) ?? { op: CHANGED, output: 0, element };
    const { proof } = buildFaultProof(execution, place, found);
    const verdict = await referee.examine(batchIdOf(signer.address, subject), hexlify(proof));
    return { verdict: VERDICTS[Number(verdict)], proofBytes: proof.length };
  }

  const wrong = bytes.slice();
  wrong[4 * element + 2] ^= 0x40;
  const cheating = { program, inputs: honest.inputs, values: honest.values.with(value, commitTensor(type, wrong)) };
  const fair = await judge(honest, 'honest');
  const unfair = await judge(cheating, 'cheated');
  return { honest: fair.verdict, cheated: unfair.verdict, proofBytes: unfair.proofBytes };
}
