import type { UnixFSEntry } from 'ipfs-unixfs-exporter';
import { argumentsOf, type Exchange, flag, sendJson, sendLines } from './exchange.ts';
import { HttpError } from './http-error.ts';
import { resolvePath } from './resolve.ts';

const DIRECTORY = 1;
const FILE = 2;

/** `ls`: the entries of a directory, at once or (`stream=true`) one a line; nothing for a file. */
export async function ls(exchange: Exchange): Promise<void> {
  const { blocks, query, limits, response, signal } = exchange;
  const path = argumentsOf(exchange)[0];
  const options = { offline: flag(query, 'offline', false), signal };
  const entry = await resolvePath(blocks, path, limits, options);
  if (flag(query, 'stream', false)) {
    const objects = (async function* () {
      for await (const link of links(entry)) yield { Objects: [{ Hash: path, Links: [link] }] };
    })();
    return sendLines(response, objects);
  }
  const all: unknown[] = [];
  for await (const link of links(entry)) all.push(link);
  if (entry.type === 'directory') return sendJson(response, { Objects: [{ Hash: path, Links: all }] });
  const self = { Name: '', Hash: `${entry.cid}`, Size: Number(entry.size), Type: FILE, Target: '' };
  sendJson(response, { Objects: [{ ...self, Links: [] }] });

  async function* links(directory: UnixFSEntry) {
    if (directory.type !== 'directory') return;
    let seen = 0;
    for await (const { name, cid } of directory.entries({ blockReadConcurrency: 4 })) {
      if (++seen > limits.maxDagBlocks)
        throw new HttpError(413, `${path} has more than ${limits.maxDagBlocks} entries`);
      const child = await resolvePath(blocks, `${cid}`, limits, options);
      const size = child.type === 'directory' ? 0 : Number(child.size);
      yield { Name: name, Hash: `${cid}`, Size: size, Type: child.type === 'directory' ? DIRECTORY : FILE, Target: '' };
    }
  }
}
