import { parseEther } from 'ethers';
import type { ContractName } from './artifacts.ts';

/** All MIEL there will ever be, in wei. docs/genesis.md says why each part is what it is. */
export const SUPPLY = parseEther('1000000000');

/** What of it goes where on day one, in wei. */
export const ALLOTTED = {
  reserve: (SUPPLY * 40n) / 100n,
  treasury: (SUPPLY * 30n) / 100n,
  grants: (SUPPLY * 10n) / 100n,
  holders: (SUPPLY * 20n) / 100n,
} as const;

/** The people of a deployment: everything else about it is fixed. */
export interface Hands {
  /** Who may hold new jobs and runs back for a while, until the timelock names another. */
  guardian: string;
  /** The founding holders, who together hold `ALLOTTED.holders`, in wei. */
  holders: Readonly<Record<string, bigint>>;
}

/** Hands of a chain for oneself: one account holds all that holders hold, and is the guardian. */
export function localHands(founder: string): Hands {
  return { guardian: founder, holders: { [founder]: ALLOTTED.holders } };
}

/** Whom MielToken mints to, and how much. @throws Error if the holders' parts are not theirs exactly */
export function mintedTo(at: Readonly<Record<ContractName, string>>, hands: Hands): [string[], bigint[]] {
  const held = Object.values(hands.holders).reduce((sum, amount) => sum + amount, 0n);
  if (held !== ALLOTTED.holders)
    throw new Error(`the holders' parts make ${held} wei, and have to make ${ALLOTTED.holders}`);
  return [
    [at.EmissionReserve, at.TimelockController, at.BootstrapGrants, ...Object.keys(hands.holders)],
    [ALLOTTED.reserve, ALLOTTED.treasury, ALLOTTED.grants, ...Object.values(hands.holders)],
  ];
}
