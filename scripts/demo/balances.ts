import type { ContractName, Essaim } from '@essaim/sdk';
import type { Role } from './accounts.ts';

/** MIEL of everyone who can have any, in wei; all of it and `supply` are the same number. */
export interface Balances {
  roles: Record<Role, bigint>;
  contracts: Partial<Record<ContractName, bigint>>;
  supply: bigint;
}

const HOLDERS = [
  'EmissionReserve',
  'StakeManager',
  'JobMarket',
  'TimelockController',
  'AuditPool',
  'BootstrapGrants',
  'RunEscrow',
  'Royalties',
] as const satisfies readonly ContractName[];

/** Reads all balances at one block. */
export async function balancesOf(essaim: Essaim, addresses: Record<Role, string>): Promise<Balances> {
  const { MielToken } = essaim.contracts;
  const at = { blockTag: await essaim.provider.getBlockNumber() };
  const read = async <K extends string>(names: readonly K[], address: (name: K) => string) =>
    Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await MielToken.balanceOf(address(name), at)] as const)),
    ) as Record<K, bigint>;
  return {
    roles: await read(Object.keys(addresses) as Role[], (role) => addresses[role]),
    contracts: await read(HOLDERS, (name) => essaim.deployment.addresses[name]),
    supply: await MielToken.totalSupply(at),
  };
}
