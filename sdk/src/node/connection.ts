import { readFileSync } from 'node:fs';
import { EssaimError } from '@essaim/protocol';
import { Wallet } from 'ethers';
import { Essaim } from '../essaim.ts';

/** How a daemon reaches chain, storage and its account. */
export interface ConnectionOptions {
  rpc: string;
  /** Path of a deployments/<chainId>.json. */
  deployment: string;
  storage: string;
  /** Path of a file with a private key; default: what ESSAIM_KEY_FILE names. */
  keyFile?: string;
  /** Milliseconds between two looks at the chain. */
  polling: number;
}

/** What is used of commander's Command. */
interface OptionTaker {
  requiredOption(flags: string, description: string): this;
  option(flags: string, description: string): this;
  option(flags: string, description: string, parse: (text: string) => number, standard: number): this;
}

/** Adds the options that every daemon has. */
export const connectionOptions = <T extends OptionTaker>(command: T): T =>
  command
    .requiredOption('--rpc <url>', 'RPC endpoint of the chain')
    .requiredOption('--deployment <file>', 'where the contracts are: a deployments/<chainId>.json')
    .requiredOption('--storage <url>', 'IPFS node: Kubo’s RPC or the embedded one')
    .option('--key-file <file>', 'file with the account’s private key (default: what ESSAIM_KEY_FILE names)')
    .option('--polling <ms>', 'how often the chain is looked at', milliseconds, 4_000);

/**
 * Connects with what the options' files hold, without an account where one only reads. FILE_UNREADABLE,
 * DEPLOYMENT_INVALID, KEY_FILE_MISSING, KEY_INVALID, and what Essaim.connect throws.
 */
export async function connectFromFiles(options: ConnectionOptions, toRead = false): Promise<Essaim> {
  const { rpc, storage, polling } = options;
  const key = toRead ? undefined : readKey(options.keyFile ?? process.env.ESSAIM_KEY_FILE);
  return Essaim.connect({
    rpc,
    storage,
    deployment: readJson(options.deployment),
    pollingInterval: polling,
    signer: key === undefined ? undefined : (provider) => new Wallet(key, provider),
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new EssaimError('FILE_UNREADABLE', `${path} cannot be read`, {
      help: 'check the path and its rights',
      cause,
    });
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readText(path));
  } catch (cause) {
    if (cause instanceof EssaimError) throw cause;
    throw new EssaimError('DEPLOYMENT_INVALID', `${path} is not JSON`, {
      help: 'use the deployments/<chainId>.json that the deploy script wrote',
      cause,
    });
  }
}

/** A key is never quoted: not in an error, not as its cause. */
function readKey(path: string | undefined): string {
  if (!path) {
    throw new EssaimError('KEY_FILE_MISSING', 'no account was named', {
      help: 'give --key-file FILE or set ESSAIM_KEY_FILE; the file holds a private key as 0x hex',
    });
  }
  const key = readText(path).trim();
  if (/^(0x)?[0-9a-fA-F]{64}$/.test(key)) return key;
  throw new EssaimError('KEY_INVALID', `${path} holds no private key`, { help: 'one line: 0x and 64 hex digits' });
}

/** A time given as an option. OPTION_INVALID */
export function milliseconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new EssaimError('OPTION_INVALID', `"${text}" is no time`, { help: 'give a number of milliseconds' });
}
