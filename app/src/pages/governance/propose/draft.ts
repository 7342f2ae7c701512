import {
  changeArguments,
  type Draft,
  EssaimError,
  type ParameterView,
  parameterNamed,
  parseValue,
  requireSetting,
  SETTINGS,
  type SettingName,
} from '@essaim/sdk';
import { getAddress, isAddress, ZeroAddress } from 'ethers';

/** One part of a proposal as it is being written; `text` is what was typed. */
export type Part =
  | { kind: 'parameter'; name: string; text: string }
  | { kind: 'setting'; name: SettingName; text: string }
  | { kind: 'payment'; to: string; text: string }
  | { kind: 'guardian'; text: string }
  | { kind: 'unpause' };

/** A proposal as it is being written. */
export interface Writing {
  title: string;
  text: string;
  link: string;
  parts: readonly Part[];
}

/** What holds now, against which a part is checked. */
export interface Now {
  parameters: readonly ParameterView[];
  settings: Readonly<Record<SettingName, bigint>>;
  /** MIEL of the treasury, in wei. */
  treasury: bigint;
}

/** What a part comes to: nothing typed yet, a value, or what is wrong with it. */
export type Checked = { is: 'empty' } | { is: 'right'; value: bigint } | { is: 'wrong'; message: string; help: string };

const wrong = (message: string, help: string): Checked => ({ is: 'wrong', message, help });

/** Checks one part as it is typed. Values as in `parseValue`: `250`, `2.5 %`, `12 h`, `1000 MIEL`. */
export function checkPart(part: Part, now: Now): Checked {
  if (part.kind === 'unpause') return { is: 'right', value: 0n };
  if (part.text.trim() === '') return { is: 'empty' };
  try {
    return check(part, now);
  } catch (error) {
    if (error instanceof EssaimError) return wrong(error.message, error.help);
    throw error;
  }
}

function check(part: Exclude<Part, { kind: 'unpause' }>, now: Now): Checked {
  if (part.kind === 'guardian') {
    if (part.text.trim() === 'none' || isAddress(part.text.trim())) return { is: 'right', value: 0n };
    return wrong('this is no address', 'give 0x and 40 hex digits, or “none”');
  }
  if (part.kind === 'payment') return checkPayment(part, now);
  const { unit } = part.kind === 'parameter' ? parameterNamed(now.parameters, part.name) : SETTINGS[part.name];
  const value = parseValue(part.text, unit);
  if (part.kind === 'parameter') changeArguments(now.parameters, { [part.name]: value });
  else requireSetting(now.settings, part.name, value);
  return { is: 'right', value };
}

function checkPayment({ to, text }: Extract<Part, { kind: 'payment' }>, { treasury }: Now): Checked {
  const value = parseValue(/[A-Za-z]/.test(text) ? text : `${text.trim()} MIEL`, 'wei');
  if (value === 0n) return wrong('nothing would be paid', 'give an amount above zero');
  if (value > treasury) return wrong('the treasury holds less than that', 'propose less');
  if (!isAddress(to.trim())) return wrong('who is paid has no address yet', 'give 0x and 40 hex digits');
  return { is: 'right', value };
}

/** What keeps a draft from being tried out; undefined: nothing does. */
export function whyNotYet({ title, link, parts }: Writing, now: Now): string | undefined {
  if (title.trim() === '') return 'Give it a title of one line.';
  if (parts.length === 0) return 'Add something that it changes.';
  if (link.trim() !== '' && !/^(https:\/\/|ipfs:\/\/)\S+$/.test(link.trim()))
    return 'The link has to begin with https:// or ipfs:// and hold no spaces.';
  const checked = parts.map((part) => checkPart(part, now));
  if (checked.some(({ is }) => is === 'wrong')) return 'Something above is not right yet.';
  if (checked.some(({ is }) => is === 'empty')) return 'Something above has no value yet.';
  return undefined;
}

/** The draft that was written, as the governor's tools take it. */
export function draftOf({ title, text, link, parts }: Writing, now: Now): Draft {
  const parameters: Record<string, bigint> = {};
  const settings: Record<string, bigint> = {};
  const draft: Draft & { spend: { to: string; amount: bigint }[] } = {
    title: title.trim(),
    text: text.trim(),
    spend: [],
  };
  for (const part of parts) {
    const checked = checkPart(part, now);
    const value = checked.is === 'right' ? checked.value : 0n;
    if (part.kind === 'parameter') parameters[part.name] = value;
    if (part.kind === 'setting') settings[part.name] = value;
    if (part.kind === 'payment') draft.spend.push({ to: getAddress(part.to.trim()), amount: value });
    if (part.kind === 'guardian')
      draft.guardian = part.text.trim() === 'none' ? ZeroAddress : getAddress(part.text.trim());
    if (part.kind === 'unpause') draft.unpause = true;
  }
  return { ...draft, parameters, settings, links: link.trim() === '' ? [] : [link.trim()] };
}
