import { asyncIterableReader, createDecoder } from '@ipld/car/decoder';
import { CarWriter } from '@ipld/car/writer';
import type { CID } from 'multiformats/cid';
import { inlineBytes, matches, parseCid } from '../cid.ts';
import { HttpError } from './http-error.ts';

export interface Block {
  cid: CID;
  bytes: Uint8Array;
}

/** The bytes of a CARv1 with one root, at the pace of the reader. */
export async function* writeCar(root: CID, blocks: AsyncIterable<Block>): AsyncGenerator<Uint8Array> {
  const { writer, out } = CarWriter.create([root]);
  const filling = (async () => {
    try {
      for await (const block of blocks) if (inlineBytes(block.cid) === undefined) await writer.put(block);
    } finally {
      await writer.close();
    }
  })();
  filling.catch(() => undefined);
  yield* out;
  await filling;
}

/** The roots and the blocks of a CAR as it arrives; a block that is oversized or not what its CID says ends it. */
export async function readCar(source: AsyncIterable<Uint8Array>, maxBlockBytes: number) {
  const reader = asyncIterableReader(source);
  const bounded: typeof reader = {
    ...reader,
    get pos() {
      return reader.pos;
    },
    exactly(length, seek) {
      if (length > maxBlockBytes) throw new HttpError(413, `the CAR holds a block of ${length} bytes`);
      return reader.exactly(length, seek);
    },
  };
  const decoder = createDecoder(bounded);
  const { roots } = await decoder.header();
  async function* blocks(): AsyncGenerator<Block> {
    for await (const { cid: stated, bytes } of decoder.blocks()) {
      const cid = parseCid(stated);
      if (!(await matches(cid, bytes))) throw new HttpError(400, `the CAR's block ${cid} holds other bytes`);
      yield { cid, bytes };
    }
  }
  return { roots, blocks: blocks() };
}
