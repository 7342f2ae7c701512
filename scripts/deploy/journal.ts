import { existsSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

/** One line of Ignition's journal, as far as we read it. */
export interface Entry {
  type: string;
  futureId?: string;
  networkInteractionId?: number;
  nonce?: number;
  result?: { address: string };
  receipt?: { blockNumber: number };
}

/** What all runs of a deployment did until now. */
export function entriesOf(folder: string): Entry[] {
  return linesOf(folder).map((line) => JSON.parse(line));
}

/**
 * Takes from the journal's end what Ignition cannot go on from: a line that a kill cut short, and a step that was begun
 * and had not come to ask for a transaction. Of neither was anything sent.
 */
export function mend(folder: string): void {
  if (!existsSync(fileOf(folder))) return;
  const lines = linesOf(folder);
  while (/EXECUTION_STATE_INITIALIZE/.test((JSON.parse(lines.at(-1) ?? '{}') as Partial<Entry>).type ?? ''))
    lines.pop();
  truncateSync(fileOf(folder), Buffer.byteLength(lines.map((line) => `\n${line}`).join('')));
}

const fileOf = (folder: string) => join(folder, 'journal.jsonl');

/** The whole lines of the journal. Each begins with a new line, so nothing but its form says whether the last is whole. */
function linesOf(folder: string): string[] {
  if (!existsSync(fileOf(folder))) return [];
  const lines = readFileSync(fileOf(folder), 'utf8').split('\n').filter(Boolean);
  return whole(lines.at(-1)) ? lines : lines.slice(0, -1);
}

function whole(line = '{}'): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** Where an earlier run made the launchpad. */
export function launchpadOf(entries: Entry[]): string | undefined {
  return entries.find(
    ({ type, futureId }) => type === 'DEPLOYMENT_EXECUTION_STATE_COMPLETE' && futureId === 'Launchpad#Launchpad',
  )?.result?.address;
}

/** The block of the first transaction, which an earlier run may have sent. */
export function startOf(entries: Entry[]): number {
  return entries.find(({ type }) => type === 'TRANSACTION_CONFIRM')!.receipt!.blockNumber;
}

/** The nonce of a transaction that was about to be sent when the run was killed: perhaps it was, and nobody noted its hash. */
export function unnotedNonce(entries: Entry[]): number | undefined {
  const prepared = entries.findLastIndex(({ type }) => type === 'TRANSACTION_PREPARE_SEND');
  const noted = entries.slice(prepared + 1).some(({ type }) => type === 'TRANSACTION_SEND');
  return prepared < 0 || noted ? undefined : entries[prepared].nonce;
}
