import { artifacts, contractNames } from '../lib/artifacts.ts';
import { type Live, whoIs } from './live.ts';

/** A value of 32 bytes as a name where it is an address of the deployment. */
function shown(live: Live, word: string): string {
  const address = /^0{24}([0-9a-f]{40})$/.exec(word)?.[1];
  return address && !/^0{20}/.test(address) ? whoIs(live, `0x${address}`) : BigInt(`0x${word}`).toString();
}

/**
 * What of the code on chain is not what the build made: all of it but what constructors fix has to be the artefact's,
 * and what they fixed has to be what it is in the twin.
 */
export async function codeProblems(live: Live): Promise<string[]> {
  const problems: string[] = [];
  for (const name of contractNames) {
    const at = live.deployment.addresses[name];
    const given = live.twin.given[name];
    if (given) {
      if (given.toLowerCase() !== at.toLowerCase()) problems.push(`${name}: ${at} instead of the canonical ${given}`);
      continue;
    }
    const { deployedBytecode, immutableReferences = {} } = artifacts(name);
    const [code, twin] = await Promise.all([live.provider.getCode(at), live.twin.provider.getCode(at)]);
    const fixed = Object.values(immutableReferences).flat();
    const masked = (hex: string) =>
      fixed.reduce(
        (text, { start, length }) =>
          text.slice(0, 2 + 2 * start) + '0'.repeat(2 * length) + text.slice(2 + 2 * (start + length)),
        hex,
      );
    if (code === '0x') problems.push(`${name}: no code at ${at}`);
    else if (code.length !== deployedBytecode.length || masked(code) !== masked(deployedBytecode))
      problems.push(`${name}: the code at ${at} is not what this source compiles to`);
    else if (masked(twin) !== masked(deployedBytecode))
      problems.push(`${name}: ${at} is not an address of this deployment`);
    else {
      const word = (hex: string, { start, length }: { start: number; length: number }) =>
        hex.slice(2 + 2 * start, 2 + 2 * (start + length)).padStart(64, '0');
      const wrong = fixed
        .filter((place) => word(code, place) !== word(twin, place))
        .map((place) => `fixed to ${shown(live, word(code, place))} instead of ${shown(live, word(twin, place))}`);
      problems.push(...[...new Set(wrong)].map((what) => `${name}: ${what} at construction`));
    }
  }
  return problems;
}
