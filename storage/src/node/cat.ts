import { openFile } from '../file-reader.ts';
import { argumentsOf, count, type Exchange, flag, sendStream } from './exchange.ts';
import { HttpError } from './http-error.ts';
import { resolvePath } from './resolve.ts';

/** `cat`: the bytes of a file from `offset`, at most `length` of them. */
export async function cat(exchange: Exchange): Promise<void> {
  const { blocks, query, limits, response, signal } = exchange;
  const options = { offline: flag(query, 'offline', false), signal };
  const entry = await resolvePath(blocks, argumentsOf(exchange)[0], limits, options);
  if (entry.type === 'directory') throw new HttpError(500, 'this dag node is a directory');
  const file = await openFile(entry.cid, (cid) => blocks.get(cid, options));
  const range = { offset: count(query, 'offset'), length: count(query, 'length') };
  await sendStream(response, file.read(range), { 'content-type': 'text/plain', 'x-stream-output': '1' });
}
