import { commitTensor, listRoot } from '@essaim/protocol';
import { type Essaim, type JobRequest, jobIdOf, type Model, randomSalt, type Terms } from '@essaim/sdk';
import { parseEther } from 'ethers';
import { accounts, type Role } from '../../scripts/demo/accounts.ts';
import { FEE, type Town } from './town.ts';

/** The bytes of a digit with these first pixels. */
export const digit = (pixels: readonly number[]): Uint8Array =>
  new Uint8Array(Float32Array.from({ length: 64 }, (_, i) => pixels[i] ?? 0).buffer);

/**
 * Posts a job of one digit that the SDK would refuse to post: these pixels, and perhaps others behind their digest.
 */
export async function postBadly(
  town: Town,
  requester: Essaim,
  by: Role,
  pixels: readonly number[],
  served = pixels,
  model: Pick<Model, 'id' | 'program'> = town.models.mlp,
): Promise<{ jobId: string; terms: Terms }> {
  const cid = await requester.storage.put(digit(served));
  const { digest } = await requester.storage.putManifest({ kind: 'essaim/inputs/1', claims: [[cid]] });
  const roles = accounts(town.chain);
  const request: Pick<JobRequest, 'token' | 'fee' | 'collateral'> = {
    token: town.deployment.addresses.MielToken,
    fee: FEE,
    collateral: parseEther('100'),
  };
  const head = await town.chain.getBlock('latest');
  const terms: Terms = {
    ...request,
    requester: roles.requester.address,
    provider: roles[by].address,
    deadline: BigInt(head!.timestamp + 3_600),
    count: 1n,
    salt: randomSalt(),
    royalty: 0n,
    model: model.id,
    programId: model.program.id,
    inputsRoot: listRoot([commitTensor(model.program.inputs[0].type, digit(pixels)).root]),
    inputs: digest,
    isSealed: false,
  };
  await (await requester.contracts.JobMarket.post(terms)).wait();
  return { jobId: jobIdOf(terms), terms };
}
