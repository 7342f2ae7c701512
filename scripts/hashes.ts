/** Writes the code hashes of the judges, which programs name them by: node scripts/hashes.ts (after hardhat build). */
import { writeFileSync } from 'node:fs';
import { keccak256 } from 'ethers';
import { artifacts, judgeNames } from './lib/artifacts.ts';

const FILE = new URL('../protocol/src/judges/hashes.json', import.meta.url);

/** Code hash of every judge contract as built; judges have no immutables, so it is that of each deployment. */
export const judgeHashes = (): Record<string, string> =>
  Object.fromEntries(judgeNames.toSorted().map((name) => [name, keccak256(artifacts(name).deployedBytecode)]));

if (import.meta.main) writeFileSync(FILE, `${JSON.stringify(judgeHashes(), null, 2)}\n`);
