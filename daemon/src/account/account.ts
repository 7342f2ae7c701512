import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { EssaimError } from '@essaim/protocol';
import { Wallet } from 'ethers';
import type { Secrets } from '../log/secrets.ts';

/** Where an account's key is: one of `keystore`, `keyCommand` and `key`. */
export interface AccountOptions {
  /** Path of an encrypted keystore; `password` opens it. */
  keystore?: string;
  password?: string;
  /** Shell command that prints the key. */
  keyCommand?: string;
  key?: string;
}

/** Milliseconds that a key command may take: it may ask a person. */
const COMMAND_LIMIT = 120_000;

/**
 * The account that the options name; undefined where they name none. Its key is told to `secrets` and quoted nowhere.
 * KEY_AMBIGUOUS, KEY_INVALID, KEYSTORE_UNREADABLE, KEYSTORE_PASSWORD, KEY_COMMAND_FAILED
 */
export async function openAccount(options: AccountOptions, secrets: Secrets): Promise<Wallet | undefined> {
  const { keystore, password, keyCommand, key } = options;
  const named = Object.entries({ keystore, 'key-command': keyCommand, 'key-file': key }).filter(([, it]) => it);
  if (named.length > 1) {
    throw new EssaimError('KEY_AMBIGUOUS', `the account is named twice: ${named.map(([name]) => name).join(' and ')}`, {
      help: 'give one of --keystore, --key-command and --key-file',
    });
  }
  if (keystore) return openKeystore(keystore, password, secrets);
  if (keyCommand) return walletOf(await printed(keyCommand), 'the key command', secrets);
  return key === undefined ? undefined : walletOf(key, 'the key file', secrets);
}

/** The account that must be there. KEY_MISSING, and what `openAccount` throws. */
export async function requireAccount(options: AccountOptions, secrets: Secrets): Promise<Wallet> {
  const account = await openAccount(options, secrets);
  if (account) return account;
  throw new EssaimError('KEY_MISSING', 'no account was named', {
    help: 'give --keystore FILE with --password-file FILE, --key-command COMMAND, or --key-file FILE',
  });
}

function walletOf(text: string, where: string, secrets: Secrets): Wallet {
  const key = text.trim();
  secrets.add(key);
  if (/^(0x)?[0-9a-fA-F]{64}$/.test(key)) return new Wallet(key);
  throw new EssaimError('KEY_INVALID', `${where} holds no private key`, { help: 'one line: 0x and 64 hex digits' });
}

async function openKeystore(file: string, password: string | undefined, secrets: Secrets): Promise<Wallet> {
  let json: string;
  try {
    json = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new EssaimError('KEYSTORE_UNREADABLE', `the keystore ${file} cannot be read`, {
      help: 'check the path and its rights, or make one with the account command',
      cause,
    });
  }
  if (password === undefined) {
    throw new EssaimError('KEYSTORE_PASSWORD', `the keystore ${file} needs its password`, {
      help: 'give --password-file FILE',
    });
  }
  try {
    const { privateKey } = Wallet.fromEncryptedJsonSync(json, password);
    return walletOf(privateKey, 'the keystore', secrets);
  } catch {
    // what ethers throws may quote its input
    throw new EssaimError('KEYSTORE_PASSWORD', `the keystore ${file} does not open with this password`, {
      help: 'check the password file: no line but the password may stand in it',
    });
  }
}

async function printed(command: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command], { timeout: COMMAND_LIMIT });
    return stdout;
  } catch (cause) {
    const { code } = cause as { code?: unknown };
    throw new EssaimError('KEY_COMMAND_FAILED', `the key command ended with ${String(code)}`, {
      help: 'run it by hand: it has to print the private key and nothing else',
    });
  }
}
