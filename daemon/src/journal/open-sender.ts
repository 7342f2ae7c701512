import { channel } from 'node:diagnostics_channel';
import { join } from 'node:path';
import { chainFailure } from '@essaim/sdk';
import { formatEther, type Provider, type Wallet } from 'ethers';
import type { Metrics } from '../metrics/metrics.ts';
import type { transactionTable } from '../options/common.ts';
import type { ValuesOf } from '../options/option.ts';
import { Journal } from './journal.ts';
import { Sender, type TransactionEvent } from './sender.ts';

/** Hears of each state of each transaction as soon as it is on the disk: `{ state, doing, nonce }`. */
const states = channel('essaim.transaction');

/** Milliseconds for which a caller waits for its transaction; it goes on after it. */
const PATIENCE = 600_000;
/** Milliseconds between two looks at transactions, at most. */
const LOOKS = 1_000;

/** The folder of a daemon's data for one account on one chain. */
export const accountFolder = (data: string, chainId: number, account: string): string =>
  join(data, String(chainId), account.toLowerCase());

/** Where an account's journal is in its folder: a local chain that began anew has the same id, and another first block. */
export async function journalFile(folder: string, provider: Provider): Promise<string> {
  const first = await provider.getBlock(0).catch(async (cause) => {
    throw await chainFailure(cause, 'looking for the first block');
  });
  return join(folder, `journal-${first?.hash?.slice(2, 10) ?? 'unknown'}.sqlite`);
}

/** A sender whose journal is in `folder`, and which is measured. JOURNAL_LOCKED, JOURNAL_UNREADABLE */
export async function openSender(
  wallet: Wallet,
  folder: string,
  { polling, ...rules }: ValuesOf<typeof transactionTable> & { polling: number; dailyGas?: bigint },
  metrics: Metrics,
  say: (event: TransactionEvent) => void,
): Promise<{ sender: Sender; journal: Journal }> {
  const journal = new Journal(await journalFile(folder, wallet.provider as Provider));
  const interval = Math.min(polling, LOOKS);
  const sender = new Sender(
    wallet,
    journal,
    { ...rules, interval, patience: PATIENCE },
    say,
    (state, { doing, nonce }, fee) => {
      states.publish({ state, doing, nonce });
      metrics.add('essaim_transactions_total', 1, { state });
      metrics.set('essaim_transactions_pending', sender.pending());
      if (fee !== undefined) metrics.add('essaim_transaction_fees_coin', Number(formatEther(fee)));
    },
  );
  return { sender, journal };
}
