import { type Essaim, readSettings } from '@essaim/sdk';
import type { Now } from './draft.ts';

/** What holds now, of all that can be proposed. */
export async function readNow({ governance, contracts }: Essaim): Promise<Now> {
  const [parameters, settings, treasury] = await Promise.all([
    governance.parameters(),
    readSettings(contracts),
    contracts.MielToken.balanceOf(contracts.TimelockController),
  ]);
  return { parameters, settings, treasury };
}
