import { EssaimError } from '@essaim/protocol';
import type { Contracts } from '../contracts/contracts.ts';
import { reading } from './context.ts';
import { showValue } from './units.ts';

const DAY = 86_400n;
const MIEL = 10n ** 18n;

/** The governor's own numbers: unit, the function that sets each, and the hard bounds in the contract. */
export const SETTINGS = {
  votingDelay: { unit: 's', setter: 'setVotingDelay', least: 3_600n, most: 7n * DAY },
  votingPeriod: { unit: 's', setter: 'setVotingPeriod', least: 3n * DAY, most: 14n * DAY },
  proposalThreshold: { unit: 'wei', setter: 'setProposalThreshold', least: 1_000n * MIEL, most: 1_000_000n * MIEL },
  quorumNumerator: { unit: '% of the supply', setter: 'updateQuorumNumerator', least: 2n, most: 20n },
  lateQuorumVoteExtension: { unit: 's', setter: 'setLateQuorumVoteExtension', least: DAY, most: 3n * DAY },
} as const;

export type SettingName = keyof typeof SETTINGS;

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

/** The governor's own numbers as they hold now. */
export function readSettings({ EssaimGovernor }: Contracts): Promise<Record<SettingName, bigint>> {
  return reading('reading the governor’s settings', async () => {
    const values = await Promise.all(SETTING_NAMES.map((name) => EssaimGovernor.getFunction(`${name}()`).staticCall()));
    return Object.fromEntries(SETTING_NAMES.map((name, i) => [name, values[i]])) as Record<SettingName, bigint>;
  });
}

/** The governor's setting that a function sets. */
export const settingOf = (setter: string): SettingName | undefined =>
  SETTING_NAMES.find((name) => SETTINGS[name].setter === setter);

/** Whether a setting of this name can have this value. SETTING_UNKNOWN, SETTING_SAME, SETTING_BOUNDS */
export function requireSetting(now: Readonly<Record<SettingName, bigint>>, name: string, value: bigint): void {
  if (!Object.hasOwn(SETTINGS, name)) {
    const help = `name one of ${SETTING_NAMES.join(', ')}`;
    throw new EssaimError('SETTING_UNKNOWN', `the governor has no setting "${name}"`, { help, details: { name } });
  }
  const { unit, least, most } = SETTINGS[name as SettingName];
  const details = { name, unit, value, least, most };
  if (value === now[name as SettingName]) {
    const help = 'leave it out, or name another value';
    throw new EssaimError('SETTING_SAME', `${name} is ${showValue(value, unit)} already`, { help, details });
  }
  if (value >= least && value <= most) return;
  throw new EssaimError('SETTING_BOUNDS', `${name} cannot be ${showValue(value, unit)}`, {
    help: `stay between ${showValue(least, unit)} and ${showValue(most, unit)}: no vote moves these bounds`,
    details,
  });
}
