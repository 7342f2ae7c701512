import { readFile } from 'node:fs/promises';
import type { Essaim } from '@essaim/sdk';
import { parseEther } from 'ethers';
import { modelPath } from '../../../models/digits/digits.ts';
import { accounts } from '../../../scripts/demo/accounts.ts';
import { createRun, passDraw, registerDigits } from '../../e2e/school.ts';
import { lieIn, type Town } from '../../e2e/town.ts';

/** What has happened in the network before the tests look at it. */
export interface Life {
  /** Jobs of alice, who is honest and goes on serving. */
  readonly honest: readonly string[];
  /** A job of bob's, in whose result one number was wrong. */
  readonly convicted: string;
  /** A model that names the other two as its parents. */
  readonly derived: bigint;
  /** A run of training that is backed; carol trains it. */
  readonly runId: string;
  /** A proposal of the founder's that can be voted on. */
  readonly proposal: bigint;
}

/** Jobs, a conviction, a run of training and a proposal. The providers and the verifier go on. */
export async function live(town: Town): Promise<Life> {
  const { mlp, cnn } = town.models;
  const [verifier] = await Promise.all([
    town.verifier('verifier', '--all'),
    town.provider('alice'),
    town.cheat('bob', { cheats: [{ programId: cnn.program.id, claim: 0, lie: lieIn(cnn) }] }),
  ]);
  const derived = await derive(town);
  const honest: string[] = [];
  for (const model of [mlp, cnn, mlp]) honest.push(await town.post(model, 'alice'));
  const convicted = await town.post(cnn, 'bob');
  await verifier.heard('convicted', convicted);
  const runId = await train(town);
  for (const job of honest) await verifier.heard('checked', job);
  return { honest, convicted, derived, runId, proposal: await propose(town) };
}

/** The convolutions for many digits at once, from which both others draw a part of what it earns. */
async function derive(town: Town): Promise<bigint> {
  const { models, deployment } = town;
  const modeller = await town.connect('modeller');
  const parents = [models.mlp, models.cnn].map(({ id }, i) => ({ asset: id, version: null, bps: 500 * (i + 1) }));
  const { id } = await modeller.models.publish({
    ...{ onnx: new Uint8Array(await readFile(modelPath('cnn-b64'))), parents },
    ...{ name: 'Digits, 64 at once', description: 'Reads 64 handwritten digits', licence: 'CC BY 4.0' },
    ...{ price: parseEther('0.5'), token: deployment.addresses.MielToken },
  });
  modeller.close();
  return id;
}

/** A small run of the digits' network, paid by the requester. */
async function train(town: Town): Promise<string> {
  const [modeller, requester, carol] = await Promise.all([
    town.connect('modeller'),
    town.connect('requester'),
    town.connect('carol'),
  ]);
  await carol.staking.provide(parseEther('4000'), undefined, 'training');
  const dataset = await registerDigits(town, modeller);
  const { runId } = await createRun(town, modeller, dataset, { rounds: 2, steps: 3, depth: 2 });
  const { budget } = await requester.training.view(runId);
  await requester.training.back(runId, budget);
  await passDraw(town);
  const token = town.deployment.addresses.MielToken;
  await town.provider('carol', '--train', `${token}=1`, '--train-run', runId);
  for (const essaim of [modeller, requester, carol]) essaim.close();
  return runId;
}

/** The founder votes for itself and proposes a smaller fee; voting has begun. */
async function propose(town: Town): Promise<bigint> {
  const founder = await town.connect('founder');
  const { address } = accounts(town.chain).founder;
  const { MielToken } = founder.contracts;
  await (await MielToken.delegate(address)).wait();
  await later(town, 12);
  const id = await proposeFee(founder);
  const { EssaimGovernor } = founder.contracts;
  await later(town, Number(await EssaimGovernor.votingDelay()) + 12);
  founder.close();
  return id;
}

/** Time passes in one block: an indexer cannot follow blocks that a local chain makes up when they are asked for. */
async function later({ chain }: Town, seconds: number): Promise<void> {
  await chain.send('evm_increaseTime', [seconds]);
  await chain.send('evm_mine', []);
}

async function proposeFee({ governance }: Essaim): Promise<bigint> {
  const prepared = await governance.prepare({
    title: 'A smaller protocol fee',
    text: 'Half of what it is, for a trial of one year.',
    parameters: { 'feeRules.protocolFee': 100n },
  });
  await governance.propose(prepared);
  return prepared.id;
}
