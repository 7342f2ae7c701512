import { formatEther } from 'ethers';
import type { HolderContext } from './context.ts';
import { Names } from './names.ts';
import { readParameters } from './parameters.ts';
import { readSettings, SETTING_NAMES, SETTINGS } from './settings.ts';
import { showMiel, showSpan, showTime, showValue } from './units.ts';

/** Something that differs, in names and units. */
export interface Difference {
  what: string;
  before: string;
  after: string;
}

/** All that governance governs, by name, as a person reads it. */
export async function readState(context: HolderContext): Promise<Map<string, string>> {
  const { contracts, provider } = context;
  const { ProtocolParameters, TimelockController, MielToken } = contracts;
  const treasury = await TimelockController.getAddress();
  const [names, parameters, settings, epoch, guardian, pausedUntil, delay, miel, supply, coin] = await Promise.all([
    Names.of(contracts),
    readParameters(contracts),
    readSettings(contracts),
    ProtocolParameters.epoch(),
    ProtocolParameters.guardian(),
    ProtocolParameters.pausedUntil(),
    TimelockController.getMinDelay(),
    MielToken.balanceOf(treasury),
    MielToken.totalSupply(),
    provider.getBalance(treasury),
  ]);
  return new Map([
    ...parameters.map(({ name, value, unit }) => [name, showValue(value, unit)] as const),
    ...SETTING_NAMES.map((name) => [`the governor’s ${name}`, showValue(settings[name], SETTINGS[name].unit)] as const),
    ['epoch of the parameters', String(epoch)],
    ['guardian', names.show(guardian)],
    ['new jobs and runs paused until', pausedUntil === 0n ? 'never' : showTime(pausedUntil)],
    ['wait in the timelock', showSpan(delay)],
    ['MIEL in the treasury', showMiel(miel)],
    ['coin in the treasury', `${formatEther(coin)} of the chain’s coin`],
    ['supply of MIEL', showMiel(supply)],
  ]);
}

/** What is other in `after` than in `before`. */
export function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Difference[] {
  const rows = [...after].map(([what, now]) => ({ what, before: before.get(what) ?? 'nothing', after: now }));
  return rows.filter((row) => row.before !== row.after);
}
