import type { CID } from 'multiformats/cid';
import { parseCid } from '../cid.ts';
import { readCar, writeCar } from './car.ts';
import { argumentsOf, type Exchange, flag, sendLines, sendStream } from './exchange.ts';
import { uploadParts } from './multipart.ts';
import { pinDag } from './pin.ts';
import { walk } from './walk.ts';

/** `dag/export`: a DAG as a CAR. */
export async function dagExport(exchange: Exchange): Promise<void> {
  const { blocks, limits, response, signal, query } = exchange;
  const options = { offline: flag(query, 'offline', false), signal };
  const root = parseCid(argumentsOf(exchange)[0]);
  const car = writeCar(
    root,
    walk(root, (cid) => blocks.get(cid, options), limits),
  );
  await sendStream(response, car, { 'content-type': 'application/vnd.ipld.car; version=1' });
}

/** `dag/import`: stores the blocks of CARs, each checked, and pins their roots unless `pin-roots=false`. */
export async function dagImport(exchange: Exchange): Promise<void> {
  const { blocks, query, request, response, limits } = exchange;
  const pinRoots = flag(query, 'pin-roots', true);
  const stats = { BlockCount: 0, BlockBytesCount: 0 };
  async function* results() {
    const roots: CID[] = [];
    for await (const { content } of uploadParts(request, limits.maxUploadBytes)) {
      const car = await readCar(content, limits.maxBlockBytes);
      for await (const { cid, bytes } of car.blocks) {
        await blocks.put(cid, bytes);
        stats.BlockCount++;
        stats.BlockBytesCount += bytes.length;
      }
      roots.push(...car.roots);
    }
    for (const root of pinRoots ? roots : [])
      yield { Root: { Cid: { '/': `${root}` }, PinErrorMsg: await pinError(root) } };
    if (flag(query, 'stats', false)) yield { Stats: stats };
  }
  await blocks.hold(() => sendLines(response, results()));

  async function pinError(root: CID): Promise<string> {
    try {
      await pinDag(exchange, parseCid(root));
      return '';
    } catch (cause) {
      return (cause as Error).message;
    }
  }
}
