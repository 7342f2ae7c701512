import { EssaimError } from '@essaim/protocol';
import { type Command, InvalidArgumentError } from 'commander';
import { isAddress } from 'ethers';
import type { Contributor } from '../../datasets/datasets.ts';

export const whole = (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('a whole number');
  return value;
};

export const big = (text: string): bigint => {
  if (!/^(\d+|0x[0-9a-fA-F]+)$/.test(text)) throw new InvalidArgumentError('a whole number of the smallest unit');
  return BigInt(text);
};

export const address = (text: string): string => {
  if (!isAddress(text)) throw new InvalidArgumentError('an address');
  return text;
};

export const rowNumbers = (text: string, rows: number[] = []): number[] => [...rows, whole(text)];
export const texts = (text: string, list: string[] = []): string[] => [...list, text];

/** `0x…=shares` or `0x…=shares=what was contributed`. */
export const contributor = (text: string, list: Contributor[] = []): Contributor[] => {
  const [account, shares, ...note] = text.split('=');
  return [...list, { account: address(account), shares: big(shares ?? ''), note: note.join('=') }];
};

export const contributors = (command: Command): Command =>
  command.option(
    '--contributor <address=shares[=note]>',
    'gets shares (18 decimals) of its revenue; repeatable',
    contributor,
  );

/** A signal that Ctrl+C aborts; what is half done then is whole or gone. */
export function interruptible(): AbortSignal {
  const stop = new AbortController();
  process.once('SIGINT', () => {
    const help = 'run it again: an import starts anew, a download goes on where it was';
    stop.abort(new EssaimError('INTERRUPTED', 'stopped by Ctrl+C; nothing half done is left', { help }));
  });
  return stop.signal;
}
