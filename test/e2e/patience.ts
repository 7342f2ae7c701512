import { pause } from '@essaim/sdk';

/** Milliseconds after which what is waited for will not come any more. */
const LONGEST_WAIT = 60_000;
/** Milliseconds between two looks. */
const LOOKS = 40;

/** Looks again and again until something holds; throws what `told` says of it when that is too late. */
export async function until(holds: () => boolean | Promise<boolean>, told: () => unknown): Promise<void> {
  const end = performance.now() + LONGEST_WAIT;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited in vain: ${inWords(told())}`);
    await pause(LOOKS);
  }
}

export const inWords = (told: unknown): string =>
  JSON.stringify(told, (_, value) => (typeof value === 'bigint' ? String(value) : value));
