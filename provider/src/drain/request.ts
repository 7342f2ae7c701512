import { existsSync, readFileSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { written } from '@essaim/runtime';

/** That a daemon is to end what it has and take nothing new: a file in its folder, so that a restart forgets nothing. */
export interface DrainRequest {
  /** Milliseconds since 1970 after which it stops in any case; null: when every claim is final. */
  readonly until: number | null;
}

const fileIn = (folder: string): string => join(folder, 'drain.json');

/** What a daemon was asked for; undefined if nothing. */
export function drainRequested(folder: string): DrainRequest | undefined {
  const file = fileIn(folder);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // damaged: that it is there says enough
    return { until: null };
  }
}

export async function requestDrain(folder: string, request: DrainRequest): Promise<void> {
  const file = fileIn(folder);
  await mkdir(dirname(file), { recursive: true });
  await written(file, JSON.stringify(request));
}

export const endDrain = (folder: string): void => rmSync(fileIn(folder), { force: true });
