import { join } from 'node:path';
import { folderOf } from '@essaim/daemon';
import type { Essaim } from '@essaim/sdk';
import type { VerifierSettings } from '../options.ts';
import { Attention } from './attention.ts';
import { keptLot, type Lot } from './lot.ts';
import { Verdicts } from './verdicts.ts';

type Settings = Pick<VerifierSettings, 'data' | 'hourlyExecutions' | 'hourlySeconds'>;

const fileIn = ({ deployment }: Essaim, { data }: Settings, name: string): string =>
  join(folderOf(data), String(deployment.chainId), name);

/** The lots of the secret in the data folder. SECRET_UNREADABLE */
export const lotOf = (essaim: Essaim, settings: Settings): Lot => keptLot(fileIn(essaim, settings, 'draw.secret'));

/** What was decided and found, as it stands in the data folder. */
export const verdictsOf = (essaim: Essaim, settings: Settings): Verdicts =>
  new Verdicts(fileIn(essaim, settings, 'verdicts.jsonl'));

/** The choice of what is looked at, by the options. SECRET_UNREADABLE */
export function attentionOf(essaim: Essaim, settings: Settings): Attention {
  const { hourlyExecutions: executions, hourlySeconds: seconds } = settings;
  return new Attention(lotOf(essaim, settings), { executions, seconds }, verdictsOf(essaim, settings));
}
