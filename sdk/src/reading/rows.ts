import { EssaimError } from '@essaim/protocol';
import type { Answer, Page, Rows } from './types/index.ts';

const SIZE = 50;
const MOST = 500;
/** Rows of a page when one goes through all of them. */
const STRIDE = 100;

/** Rows out of what gives pages. PAGE_SIZE */
export function rowsOf<T>(ask: (size: number, cursor?: string) => Promise<Answer<Page<T>>>): Rows<T> {
  return {
    async page(size = SIZE, cursor) {
      if (Number.isInteger(size) && size > 0 && size <= MOST) return ask(size, cursor);
      throw new EssaimError('PAGE_SIZE', `a page cannot have ${size} rows`, { help: `ask for 1 to ${MOST}` });
    },
    async *[Symbol.asyncIterator]() {
      let cursor: string | undefined;
      do {
        const { rows, next }: Page<T> = (await ask(STRIDE, cursor)).value;
        yield* rows;
        cursor = next;
      } while (cursor !== undefined);
    },
  };
}
