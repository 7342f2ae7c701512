import { EssaimError } from '@essaim/protocol';
import { decodeBytes32String, encodeBytes32String } from 'ethers';
import type { Contracts } from '../contracts/contracts.ts';
import { reading } from './context.ts';
import { showValue } from './units.ts';

/** Every number that governance may set, and its unit, as docs/parameters.md has them. */
export const PARAMETER_UNITS = {
  'jobRules.freeExit': 's',
  'jobRules.lateness': 'bp of the lock',
  'jobRules.inputFault': 'bp of the escrow',
  'jobRules.minimumStake': 'mMIEL',
  'jobRules.collateralFloor': 'mMIEL',
  'jobRules.collateralPerJobHeld': 'mMIEL',
  'feeRules.protocolFee': 'bp of the fee',
  'feeRules.verificationFee': 'bp of the fee',
  'feeRules.burned': 'bp of the protocol fee',
  'claimRules.windowSeconds': 's',
  'claimRules.windowBlocks': 'blocks',
  'claimRules.graceSeconds': 's',
  'claimRules.graceBlocks': 'blocks',
  'slashRules.slash': 'bp of the lock',
  'slashRules.bounty': 'bp of the slash',
  'slashRules.compensation': 'bp of the slash',
  'demandRules.clockSeconds': 's',
  'demandRules.clockBlocks': 'blocks',
  'demandRules.extensions': 'times',
  'demandRules.maxRange': 'bytes',
  'demandRules.gasPerByte': 'gas',
  'demandRules.gasBase': 'gas',
  'runRules.forfeit': 'bp of what was not spent',
  'accusationRules.minBlocks': 'blocks',
  'accusationRules.maxSeconds': 's',
  'emissionRules.rho': 'bp of the MIEL burned',
  'emissionRules.delegators': 'bp of the emission',
  'emissionRules.data': 'bp of the emission',
  'emissionRules.budget': 'mMIEL a day',
  'auditRules.saving': 'bp of the fee',
  'auditRules.lazy': 'bp',
  'auditRules.margin': 'bp',
  'auditRules.least': 'bp',
  'auditRules.leaves': 'leaves',
  'auditRules.pay': 'bp of the verification fee',
  'auditRules.planted': 'bp of the audits',
  'auditRules.lock': 'mMIEL',
  'auditRules.missed': 'bp of the lock',
  'auditRules.cost': 'mMIEL a claim',
} as const;

export type ParameterName = keyof typeof PARAMETER_UNITS;

/** One number of the table, in whole units of `unit`: what it is and what one change may make of it. */
export interface ParameterView {
  name: string;
  unit: string;
  value: bigint;
  /** Hard bounds. */
  least: bigint;
  most: bigint;
  /** What one change may make of the value: bounds and step together. */
  lowest: bigint;
  highest: bigint;
  /** The first epoch's. */
  initial: bigint;
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** The unit of a parameter; empty for one that this version does not know. */
export const unitOf = (name: string): string =>
  Object.hasOwn(PARAMETER_UNITS, name) ? PARAMETER_UNITS[name as ParameterName] : '';

/** The table as it holds now, in its order. */
export function readParameters({ ProtocolParameters }: Contracts): Promise<ParameterView[]> {
  return reading('reading the parameters', async () => {
    const count = Number(await ProtocolParameters.count());
    const rows = await Promise.all(Array.from({ length: count }, (_, i) => ProtocolParameters.parameter(i)));
    return rows.map(({ key, value, least, most, initial }) => {
      const name = decodeBytes32String(key);
      const highest = value === 0n ? max(1n, most / 16n) : value * 2n;
      const step = { lowest: max(least, value / 2n), highest: min(most, highest) };
      return { name, unit: unitOf(name), value, least, most, ...step, initial };
    });
  });
}

/** The row of a name. PARAMETER_UNKNOWN */
export function parameterNamed(table: readonly ParameterView[], name: string): ParameterView {
  const row = table.find((it) => it.name === name);
  if (row) return row;
  const near = table.filter((it) => it.name.split('.').some((part) => name.split('.').includes(part)));
  throw new EssaimError('PARAMETER_UNKNOWN', `there is no parameter "${name}"`, {
    help: `name one of docs/parameters.md${near.length > 0 ? `, such as ${near.map((it) => it.name).join(', ')}` : ''}`,
    details: { name },
  });
}

/**
 * The call that begins an epoch with these values, checked against the table as it holds now. PARAMETER_UNKNOWN,
 * PARAMETER_SAME, PARAMETER_BOUNDS, PARAMETER_STEP
 */
export function changeArguments(
  table: readonly ParameterView[],
  values: Readonly<Record<string, bigint>>,
): [keys: string[], values: bigint[]] {
  for (const [name, value] of Object.entries(values)) requireAllowed(parameterNamed(table, name), value);
  return [Object.keys(values).map(encodeBytes32String), Object.values(values)];
}

function requireAllowed({ name, unit, value: old, least, most, lowest, highest }: ParameterView, value: bigint): void {
  const details = { name, unit, value, now: old, least, most, lowest, highest };
  const show = (it: bigint) => showValue(it, unit);
  if (value === old) {
    const help = 'leave it out: a change that changes nothing only begins an epoch';
    throw new EssaimError('PARAMETER_SAME', `${name} is ${show(old)} already`, { help, details });
  }
  if (value < least || value > most) {
    throw new EssaimError('PARAMETER_BOUNDS', `${name} cannot be ${show(value)}`, {
      help: `stay between ${show(least)} and ${show(most)}: these bounds are in the code and no vote moves them`,
      details,
    });
  }
  if (value < lowest || value > highest) {
    throw new EssaimError('PARAMETER_STEP', `${name} cannot go from ${show(old)} to ${show(value)} in one change`, {
      help: `one change reaches from ${show(lowest)} to ${show(highest)}; go further with another, a day later or more`,
      details,
    });
  }
}
