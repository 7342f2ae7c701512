import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf, type Secrets } from '@essaim/daemon';
import { EssaimError, fromHex, toHex } from '@essaim/protocol';
import { KEY_BYTES, makeSealingKey, type SealingKey, sealingKey } from '@essaim/storage';

/** Where the key that jobs are sealed to is: in an option's words, or in the data folder. */
export interface KeyOptions {
  readonly data: string;
  readonly sealingKey?: string;
}

const fileIn = (data: string): string => join(folderOf(data), 'sealing-key');

/** The key that jobs are sealed to; undefined where none was made. SEALING_KEY_INVALID */
export async function ownSealingKey(options: KeyOptions, secrets?: Secrets): Promise<SealingKey | undefined> {
  const text = options.sealingKey ?? readIfThere(fileIn(options.data));
  if (text === undefined) return undefined;
  const hex = text.trim();
  secrets?.add(hex);
  if (/^0x[0-9a-fA-F]{64}$/.test(hex)) return sealingKey(fromHex(hex, KEY_BYTES));
  throw new EssaimError('SEALING_KEY_INVALID', 'the sealing key is not 32 bytes, written as 0x and 64 hex digits', {
    help: 'restore the file that `essaim-provider sealing-key` made; a new one opens no job that was sealed to the old',
  });
}

/** The same, made where there is none: a file that only its owner reads, in the data folder. SEALING_KEY_INVALID */
export async function madeSealingKey(options: KeyOptions, secrets: Secrets): Promise<SealingKey> {
  const there = await ownSealingKey(options, secrets);
  if (there) return there;
  const made = await makeSealingKey();
  mkdirSync(folderOf(options.data), { recursive: true, mode: 0o700 });
  writeFileSync(fileIn(options.data), `${toHex(made.privateKey)}\n`, { flag: 'wx', mode: 0o600 });
  return made;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
