import { importer } from 'ipfs-unixfs-importer';
import { CID } from 'multiformats/cid';
import { CODEC, cidOfBlock } from '../cid.ts';
import { type FileLayout, importerOptions } from '../profile.ts';
import { count, type Exchange, flag, sendLines } from './exchange.ts';
import { HttpError } from './http-error.ts';
import { uploadParts } from './multipart.ts';

/** Options of Kubo's `add` that change the CID and that this node does not implement: refused, never ignored. */
const UNSUPPORTED = [
  'trickle',
  'inline',
  'nocopy',
  'fscache',
  'preserve-mode',
  'preserve-mtime',
  'mode',
  'mtime',
  'to-files',
];

interface AddedEntry {
  Name: string;
  Hash: string;
  Size: string;
}

/** `add`: stores files and directories; pins every top-level entry once the whole upload has arrived. */
export async function add(exchange: Exchange): Promise<void> {
  const { blocks, pins, query, request, response, limits } = exchange;
  const layout = layoutOf(query, limits.maxBlockBytes);
  const wrapWithDirectory = flag(query, 'wrap-with-directory', false);
  const onlyHash = flag(query, 'only-hash', false);
  const pin = flag(query, 'pin', true) && !onlyHash;
  const store = onlyHash ? { put: async <T>(cid: T) => cid } : storeOf(blocks);

  const named = new Set<string>(); // directories that the upload names, with or without content

  async function* candidates() {
    for await (const { path, directory, content } of uploadParts(request, limits.maxUploadBytes)) {
      if (directory) named.add(path);
      if (directory) yield { path };
      else yield { path: path === '' ? undefined : path, content };
    }
  }

  async function* entries() {
    const directories: AddedEntry[] = [];
    const roots: string[] = [];
    for await (const entry of importer(candidates(), store, { ...importerOptions(layout), wrapWithDirectory })) {
      const path = entry.path ?? '';
      const hash = entry.cid.toString();
      if (wrapWithDirectory ? path === '' : !path.includes('/')) roots.push(hash);
      const added = { Name: path === '' && !wrapWithDirectory ? hash : path, Hash: hash, Size: `${entry.size}` };
      if (entry.unixfs?.isDirectory()) directories.push(added);
      else yield added;
    }
    // the importer reports no directory that stays empty inside another one
    for (const { Name } of directories) named.delete(Name);
    for (const path of named) yield await emptyDirectory(path, layout.cidVersion);
    yield* directories;
    if (pin) for (const root of roots) pins.add(root);
  }
  await blocks.hold(() => sendLines(response, entries()));
}

async function emptyDirectory(path: string, version: 0 | 1): Promise<AddedEntry> {
  const block = Uint8Array.from([0x0a, 0x02, 0x08, 0x01]); // dag-pb of a UnixFS directory without links
  const { multihash } = await cidOfBlock('dag-pb', block);
  return { Name: path, Hash: CID.create(version, CODEC['dag-pb'], multihash).toString(), Size: `${block.length}` };
}

function storeOf(blocks: Exchange['blocks']) {
  return {
    async put<T extends Parameters<typeof blocks.put>[0]>(cid: T, bytes: Uint8Array): Promise<T> {
      await blocks.put(cid, bytes);
      return cid;
    },
  };
}

/** The file layout a request asks for, with Kubo's defaults for what it leaves out. */
function layoutOf(query: URLSearchParams, maxBlockBytes: number): FileLayout {
  for (const name of UNSUPPORTED) {
    const value = query.get(name);
    if (value !== null && !/^(false|0|)$/.test(value))
      throw new HttpError(400, `option ${name} is not supported by this node`);
  }
  const hash = query.get('hash') ?? 'sha2-256';
  if (hash !== 'sha2-256') throw new HttpError(400, `hash ${hash} is not supported by this node`);
  const cidVersion = count(query, 'cid-version') ?? 0;
  if (cidVersion !== 0 && cidVersion !== 1) throw new HttpError(400, `cid-version ${cidVersion} is unknown`);
  const chunker = query.get('chunker') ?? 'size-262144';
  const chunkBytes = Number(/^size-(\d+)$/.exec(chunker)?.[1] ?? 0);
  if (chunkBytes < 1 || chunkBytes > maxBlockBytes / 2)
    throw new HttpError(400, `chunker ${chunker} is not supported by this node`);
  const maxLinks = count(query, 'max-file-links') ?? 174;
  if (maxLinks < 2 || maxLinks > 8192) throw new HttpError(400, `max-file-links ${maxLinks} is out of range`);
  return { cidVersion, rawLeaves: flag(query, 'raw-leaves', cidVersion === 1), chunkBytes, maxLinks };
}
