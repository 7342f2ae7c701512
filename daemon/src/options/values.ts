import { isAddress, parseEther } from 'ethers';
import { z } from 'zod';

const digits = (what: string) => z.string().regex(/^\d+$/, what);

/** A whole number of at least `least`. */
export const whole = (least = 0) =>
  digits(`not a whole number from ${least} on`)
    .transform(Number)
    .refine((number) => Number.isSafeInteger(number) && number >= least, `not a whole number from ${least} on`);

/** A number, not below zero. */
export const amount = z
  .string()
  .regex(/^\d+(\.\d+)?$/, 'not a number')
  .transform(Number);

/** An amount in smallest units. */
export const units = digits('not a whole number of the smallest unit').transform((text) => BigInt(text));

/** Gwei, as wei. */
export const gwei = z
  .string()
  .regex(/^\d+(\.\d{1,9})?$/, 'not a number of gwei')
  .transform((text) => {
    const [left, right = ''] = text.split('.');
    return BigInt(left) * 10n ** 9n + BigInt(right.padEnd(9, '0'));
  });

/** The chain's coin, as wei. */
export const coin = z
  .string()
  .regex(/^\d+(\.\d{1,18})?$/, 'not an amount of coin')
  .transform((text) => parseEther(text));

/** An http address. */
export const url = z.url({ protocol: /^https?$/, error: 'not an http or https address' });

/** The address of a Redis. */
export const redis = z.url({ protocol: /^rediss?$/, error: 'not a redis or rediss address' });

/** A path, or any other text that is not empty. */
export const text = z.string().min(1, 'empty');

/** `TOKEN=LEAST`: a token's address in lower case, and the least amount of it. */
export const tokenAmount = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}=\d+$/, 'not a token’s address, =, and the least fee')
  .transform((given) => given.split('='))
  .refine(([token]) => isAddress(token), 'not an address: its checksum does not fit')
  .transform(([token, least]): [string, bigint] => [token.toLowerCase(), BigInt(least)]);

/** `HOST:PORT`. */
export const hostAndPort = z
  .string()
  .regex(/^\S+:\d{1,5}$/, 'not HOST:PORT')
  .transform((given) => ({ host: given.slice(0, given.lastIndexOf(':')), port: Number(given.split(':').at(-1)) }))
  .refine(({ port }) => port < 65_536, 'no such port');

/** An account's address. */
export const address = z
  .string()
  .refine((given) => isAddress(given), 'not an address')
  .transform((given) => given.toLowerCase());

/** One of these words. */
export const choice = <const T extends string>(words: readonly T[]) =>
  z.enum(words, `not one of ${words.join(', ')}`) as unknown as z.ZodType<T>;
