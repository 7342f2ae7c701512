import { EssaimError } from '@essaim/protocol';
import type { AsOf, Source } from './types/index.ts';

/** Where a list goes on: the source and the block that its first page came from, and the last row's place. */
export interface Cursor {
  source: Source;
  pin: AsOf & { hash: string };
  /** Of the indexer: the value that rows are ordered by, and the id. Of the chain: a block and the log's index in it. */
  after: [string, string];
}

export const writeCursor = ({ source, pin, after }: Cursor): string =>
  [source, pin.block, pin.hash, pin.time, ...after].join('.');

const FORM = /^(indexer|chain)\.(\d{1,15})\.(0x[0-9a-f]{64})\.(\d{1,15})\.([0-9a-fx]{1,200})\.([0-9a-fx]{1,200})$/;

/** CURSOR_INVALID */
export function readCursor(text: string): Cursor {
  const found = FORM.exec(text);
  if (!found) {
    throw new EssaimError('CURSOR_INVALID', 'this is no cursor of a list', {
      help: 'pass the `next` of the page before as it is, or none for the first page',
    });
  }
  const [, source, block, hash, time, value, id] = found;
  return {
    source: source as Source,
    pin: { block: Number(block), hash, time: Number(time) },
    after: [value, id],
  };
}
