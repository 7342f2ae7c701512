import { EssaimError } from '@essaim/protocol';
import { abis, type ContractName, chainFailure, type Essaim } from '@essaim/sdk';

/** Contracts of the deployment that have no code on the chain. CHAIN_… */
export async function missingContracts({ deployment, provider }: Essaim): Promise<ContractName[]> {
  const names = Object.keys(abis) as ContractName[];
  const codes = await Promise.all(names.map((name) => provider.getCode(deployment.addresses[name])));
  return names.filter((_, at) => codes[at] === '0x');
}

/** CHAIN_BEHIND where the endpoint has not come to the deployment yet; DEPLOYMENT_ABSENT where it is of another chain. */
export async function requireContracts(essaim: Essaim): Promise<void> {
  const missing = await missingContracts(essaim).catch(failed);
  if (missing.length === 0) return;
  const { startBlock } = essaim.deployment;
  const head = await essaim.provider.getBlockNumber().catch(failed);
  if (head < startBlock) {
    throw new EssaimError(
      'CHAIN_BEHIND',
      `the endpoint is at block ${head}, the contracts are of block ${startBlock}`,
      {
        help: 'use an endpoint that is synced, or wait until this one is',
      },
    );
  }
  throw new EssaimError('DEPLOYMENT_ABSENT', `no code at ${missing.join(', ')}`, {
    help: 'use the deployment file of this chain',
  });
}

const failed = async (cause: unknown): Promise<never> => {
  throw await chainFailure(cause, 'looking for the contracts');
};
