import { codeHash, OPCODES, opcodeOf } from '@essaim/protocol';
import type { Essaim } from '@essaim/sdk';
import { ZeroAddress } from 'ethers';
import { type Check, ok, wrong } from './check.ts';

/** Operators whose judge this program has a twin of, and the chain has not with the very same code. */
export async function judgesThatDiffer({ contracts }: Pick<Essaim, 'contracts'>): Promise<string[]> {
  const all = OPCODES.flatMap(({ name, since, contract }) => since.map((version) => ({ name, version, contract })));
  const found = await Promise.all(
    all.map(({ name, version, contract }) =>
      contracts.JudgeRegistry.judge(opcodeOf(name, version), codeHash(contract) as string),
    ),
  );
  return all.filter((_, at) => found[at] === ZeroAddress).map(({ name, version }) => `${name}-${version}`);
}

/** Whether the chain judges by the code that this program computes by. */
export const judgesCheck = (essaim: Essaim): Check => ({
  name: 'judges',
  async run() {
    const differ = await judgesThatDiffer(essaim);
    return differ.length === 0
      ? ok('the chain has the judges whose twins are here, by the hash of their code')
      : wrong(`other judges, or none, for ${differ.join(', ')}`, 'use the version of this program for this deployment');
  },
});
