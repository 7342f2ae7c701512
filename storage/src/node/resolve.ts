import { exporter, type UnixFSEntry } from 'ipfs-unixfs-exporter';
import type { CID } from 'multiformats/cid';
import { parseCid } from '../cid.ts';
import type { Blocks, ReadOptions } from './blocks.ts';
import { HttpError } from './http-error.ts';
import type { NodeLimits } from './limits.ts';

/** The CID that `/ipfs/<cid>/a/b` or `<cid>/a/b` leads to; a CID alone is not read, so it may name any block. */
export async function resolveCid(...[blocks, path, limits, options]: Parameters<typeof resolvePath>): Promise<CID> {
  const [root, ...names] = segments(path);
  return names.length === 0
    ? parseCid(root)
    : parseCid((await resolvePath(blocks, path, limits, options)).cid.toString());
}

/** Follows `/ipfs/<cid>/a/b` or `<cid>/a/b`, name by name, to the UnixFS entry it leads to. */
export async function resolvePath(
  blocks: Pick<Blocks, 'get'>,
  path: string,
  limits: NodeLimits,
  options: ReadOptions = {},
): Promise<UnixFSEntry> {
  const source = {
    async *get(cid: Parameters<Blocks['get']>[0]) {
      yield await blocks.get(cid, options);
    },
  };
  const [root, ...names] = path
    .replace(/^\/?(ipfs\/)?/, '')
    .split('/')
    .filter(Boolean);
  if (root === undefined) throw new HttpError(400, `"${path}" names no CID`);
  if (names.length > limits.maxPathDepth)
    throw new HttpError(400, `the path has more than ${limits.maxPathDepth} names`);
  let entry = await exporter(parseCid(root).toString(), source);
  for (const name of names) {
    if (entry.type !== 'directory') throw new HttpError(404, `no link named "${name}" under ${entry.cid}`);
    try {
      entry = await exporter(`${entry.cid}/${name}`, source);
    } catch (cause) {
      if ((cause as Error).name !== 'NotFoundError') throw cause;
      throw new HttpError(404, `no link named "${name}" under ${entry.cid}`, cause);
    }
  }
  return entry;
}

function segments(path: string): [string, ...string[]] {
  const [root, ...names] = path
    .replace(/^\/?(ipfs\/)?/, '')
    .split('/')
    .filter(Boolean);
  if (root === undefined) throw new HttpError(400, `"${path}" names no CID`);
  return [root, ...names];
}
