import { collect } from '../byte-stream.ts';
import { CODEC, type CodecName, cidOfBlock, parseCid } from '../cid.ts';
import { argumentsOf, type Exchange, flag, sendJson } from './exchange.ts';
import { HttpError } from './http-error.ts';
import { uploadParts } from './multipart.ts';
import { pinDag } from './pin.ts';

/** `block/get`: the bytes of one block. */
export async function blockGet(exchange: Exchange): Promise<void> {
  const bytes = await read(exchange, argumentsOf(exchange)[0]);
  exchange.response.writeHead(200, { 'content-type': 'application/vnd.ipld.raw', 'content-length': bytes.length });
  exchange.response.end(bytes);
}

/** `block/stat`: the size of one block. */
export async function blockStat(exchange: Exchange): Promise<void> {
  const text = argumentsOf(exchange)[0];
  const bytes = await read(exchange, text);
  sendJson(exchange.response, { Key: `${parseCid(text)}`, Size: bytes.length });
}

/** `block/put`: stores one block as CIDv1, sha2-256; with `pin` its whole DAG is pinned. */
export async function blockPut(exchange: Exchange): Promise<void> {
  const { blocks, query, request, response, limits } = exchange;
  const codec = query.get('cid-codec') ?? query.get('format') ?? 'raw';
  if (!(codec in CODEC)) throw new HttpError(400, `codec ${codec} is not one of ${Object.keys(CODEC).join(', ')}`);
  if ((query.get('mhtype') ?? 'sha2-256') !== 'sha2-256') throw new HttpError(400, 'mhtype must be sha2-256');
  const pin = flag(query, 'pin', false);
  await blocks.hold(async () => {
    for await (const { content } of uploadParts(request, limits.maxUploadBytes)) {
      const bytes = await collect(content, limits.maxBlockBytes, 'the block');
      const cid = await cidOfBlock(codec as CodecName, bytes);
      await blocks.put(cid, bytes);
      if (pin) await pinDag(exchange, cid);
      return sendJson(response, { Key: `${cid}`, Size: bytes.length });
    }
    throw new HttpError(400, 'the upload holds no block');
  });
}

function read({ blocks, query, signal }: Exchange, text: string): Promise<Uint8Array> {
  return blocks.get(parseCid(text), { offline: flag(query, 'offline', false), signal });
}
