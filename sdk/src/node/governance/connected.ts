import type { Command } from 'commander';
import type { Essaim } from '../../essaim.ts';
import { type ConnectionOptions, connectFromFiles, milliseconds } from '../connection.ts';
import { big } from '../data/options.ts';

/** How a command reaches the chain, and whether it signs for another to send. */
export interface Connected extends Omit<ConnectionOptions, 'storage'> {
  sign?: boolean;
  nonce?: bigint;
}

/** Nothing here reads or stores a file, so no storage is asked for. */
const NO_STORAGE = 'http://127.0.0.1:5001';

/** Runs `work` with a connection that is closed after it. */
export async function connected(flags: Connected, toRead: boolean, work: (essaim: Essaim) => Promise<void>) {
  const essaim = await connectFromFiles({ ...flags, storage: NO_STORAGE }, toRead);
  try {
    await work(essaim);
  } finally {
    essaim.close();
  }
}

/** Options of a command that only reads. */
export const reader = (command: Command): Command =>
  command
    .requiredOption('--rpc <url>', 'RPC endpoint of the chain')
    .requiredOption('--deployment <file>', 'where the contracts are: a deployments/<chainId>.json')
    .option('--polling <ms>', 'how often the chain is looked at', milliseconds, 4_000);

/** Options of a command that sends or signs. */
export const sender = (command: Command): Command =>
  reader(command).option(
    '--key-file <file>',
    'file with the account’s private key (default: what ESSAIM_KEY_FILE names)',
  );

/** Options of a command whose part can be signed for another to send. */
export const signing = (command: Command): Command =>
  command
    .option('--sign', 'sign only, and print JSON that anybody can send with the command "send"')
    .option('--nonce <number>', 'of the signature, for several signed in a row', big);
