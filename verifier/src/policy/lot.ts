import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { EssaimError } from '@essaim/protocol';

const SIZE = 32;

/** Draws a number from 0 to below 1 for a name: the same one for the same name, and unknown without the secret. */
export type Lot = (name: string) => number;

/** The lots that a secret draws. */
export const lotOf =
  (secret: Uint8Array): Lot =>
  (name) =>
    createHmac('sha256', secret).update(name).digest().readUIntBE(0, 6) / 2 ** 48;

/** The lots of the secret in a file, which is made where there is none: who has it knows what is looked at. SECRET_UNREADABLE */
export function keptLot(file: string): Lot {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${randomBytes(SIZE).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw unreadable(file, cause);
  }
  const secret = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
  if (secret.length === SIZE) return lotOf(secret);
  throw unreadable(file);
}

const unreadable = (file: string, cause?: unknown): EssaimError =>
  new EssaimError('SECRET_UNREADABLE', `${file} does not hold the secret that claims are drawn by`, {
    help: 'delete it: another is made, and claims that wait are drawn anew; check the folder’s rights',
    cause,
  });
