import { readFileSync } from 'node:fs';
import { EssaimError } from '@essaim/protocol';
import { type Command, InvalidArgumentError } from 'commander';
import { isAddress, isHexString, parseEther, ZeroAddress } from 'ethers';
import type { Action, NewJudge, Payment } from '../../governance/actions.ts';
import type { Draft, Governance } from '../../governance/governance.ts';
import { type ParameterName, parameterNamed } from '../../governance/parameters.ts';
import { SETTINGS, type SettingName } from '../../governance/settings.ts';
import { parseValue } from '../../governance/units.ts';
import { address, big } from '../data/options.ts';

/** What the options of a draft hold before the chain is asked for units and bounds. */
export interface DraftFlags {
  title?: string;
  text?: string;
  textFile?: string;
  link?: string[];
  set?: [name: string, value: string][];
  setting?: [name: string, value: string][];
  judge?: NewJudge[];
  spend?: Payment[];
  guardian?: string;
  unpause?: boolean;
  call?: Action[];
}

const pair = (text: string, list: [string, string][] = []): [string, string][] => {
  const [name, ...value] = text.split('=');
  if (!name || value.length === 0) throw new InvalidArgumentError('name=value');
  return [...list, [name.trim(), value.join('=').trim()]];
};

/** An amount of MIEL, `12.5`, in wei. */
export const miel = (text: string): bigint => {
  try {
    return parseEther(text.replace(/\s*MIEL$/, ''));
  } catch {
    throw new InvalidArgumentError('an amount of MIEL, such as 12.5');
  }
};

/** `Conv@11=0x…`: operator, version since which it is so, judge. */
const judge = (text: string, list: NewJudge[] = []): NewJudge[] => {
  const [, operator, since, at] = text.match(/^(\w+)@(\d+)=(.+)$/) ?? [];
  if (!operator) throw new InvalidArgumentError('operator@version=address, such as Conv@11=0x…');
  return [...list, { operator, since: Number(since), judge: address(at) }];
};

/** `0x…=12.5` in MIEL, `0x…=12000000@0x…` in the smallest unit of a token, `0x…=1@coin` in wei of the chain’s coin. */
const payment = (text: string, list: Payment[] = []): Payment[] => {
  const [, to, amount, token] = text.match(/^(0x[0-9a-fA-F]{40})=([^@]+)(?:@(.+))?$/) ?? [];
  if (!to) throw new InvalidArgumentError('address=amount of MIEL, or address=smallest units@token');
  if (token === undefined) return [...list, { to, amount: miel(amount) }];
  return [...list, { to, amount: big(amount), token: token === 'coin' ? token : address(token) }];
};

/** `0x…=0xdata` or `0x…=0xdata@wei`. */
const call = (text: string, list: Action[] = []): Action[] => {
  const [, target, data, value = '0'] = text.match(/^(0x\w+)=(0x\w*)(?:@(\d+))?$/) ?? [];
  if (!target || !isAddress(target) || !isHexString(data)) throw new InvalidArgumentError('address=0xdata[@wei]');
  return [...list, { target, data, value: BigInt(value) }];
};

const guardian = (text: string): string => (text === 'none' ? ZeroAddress : address(text));
const links = (text: string, list: string[] = []): string[] => [...list, text];

/** The options of which a draft is made. */
export const draftOptions = (command: Command): Command =>
  command
    .option('--title <text>', 'one line that says what changes')
    .option('--text <markdown>', 'why')
    .option('--text-file <file>', 'why, from a file')
    .option('--link <url>', 'where more stands, https or ipfs; repeatable', links)
    .option('--set <name=value>', 'a parameter: feeRules.protocolFee=2.5%; repeatable', pair)
    .option('--setting <name=value>', 'one of the governor’s own numbers: votingPeriod=7d; repeatable', pair)
    .option('--judge <operator@version=address>', 'add a judge; repeatable', judge)
    .option('--spend <address=amount[@token]>', 'pay MIEL, or a token’s smallest unit, from the treasury', payment)
    .option('--guardian <address>', 'who may pause new jobs and runs; "none": nobody', guardian)
    .option('--unpause', 'end a pause early')
    .option('--call <address=data[@wei]>', 'any other call of the timelock; repeatable', call);

/** The draft that the options describe. FILE_UNREADABLE, PARAMETER_UNKNOWN, SETTING_UNKNOWN, PARAMETER_VALUE */
export async function draftOf(governance: Governance, flags: DraftFlags): Promise<Draft> {
  const table = flags.set ? await governance.parameters() : [];
  const parameters = (flags.set ?? []).map(([name, value]): [string, bigint] => [
    name,
    parseValue(value, parameterNamed(table, name).unit),
  ]);
  const settings = (flags.setting ?? []).map(([name, value]): [string, bigint] => [
    name,
    parseValue(value, SETTINGS[name as SettingName]?.unit ?? 's'),
  ]);
  return {
    title: flags.title ?? '',
    text: flags.textFile === undefined ? flags.text : readText(flags.textFile),
    links: flags.link,
    parameters: Object.fromEntries(parameters) as Partial<Record<ParameterName, bigint>>,
    settings: Object.fromEntries(settings) as Partial<Record<SettingName, bigint>>,
    judges: flags.judge,
    spend: flags.spend,
    guardian: flags.guardian,
    unpause: flags.unpause,
    calls: flags.call,
  };
}

/** JSON that another printed, from a file or, as `-`, from standard input. FILE_UNREADABLE, SIGNED_INVALID */
export function readSignedFile(path: string): unknown {
  const text = readText(path === '-' ? 0 : path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const help = 'give the file as the one who signed it printed it';
    throw new EssaimError('SIGNED_INVALID', `${path} is nothing that was signed here: it is no JSON`, { help, cause });
  }
}

function readText(path: string | number): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new EssaimError('FILE_UNREADABLE', `${path} cannot be read`, {
      help: 'check the path and its rights',
      cause,
    });
  }
}
