/** Controls, and marks that turn the direction of what follows them or cannot be seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** More than four marks above one another are there to cover what stands around. */
const STACKED = /(\p{M}{4})\p{M}+/gu;

/** Somebody else's words as one line that can do nothing but be read. Cut after `limit` characters, and it says so. */
export function inertText(words: unknown, limit = 200): string {
  const line = String(words ?? '')
    // what is cut away anyway is not worth the work: a manifest may hold a megabyte
    .slice(0, 8 * limit)
    .replace(UNSEEN, ' ')
    .replace(STACKED, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  const letters = [...line];
  return letters.length > limit ? `${letters.slice(0, limit - 1).join('')}…` : line;
}
