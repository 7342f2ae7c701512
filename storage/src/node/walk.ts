import * as dagCbor from '@ipld/dag-cbor';
import * as dagPb from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import { CODEC, parseCid } from '../cid.ts';
import { HttpError } from './http-error.ts';
import type { NodeLimits } from './limits.ts';

/** The CIDs a block links to, in order. */
export function linksOf(cid: CID, bytes: Uint8Array): CID[] {
  if (cid.code === CODEC.raw) return [];
  if (cid.code === CODEC['dag-pb']) return dagPb.decode(bytes).Links.map((link) => link.Hash);
  if (cid.code === CODEC['dag-cbor']) return cidsIn(dagCbor.decode(bytes));
  throw new HttpError(400, `${cid} has codec 0x${cid.code.toString(16)}, which this node does not read`);
}

/** Every block of a DAG once, a parent before its children and in the order of its links. */
export async function* walk(
  root: CID,
  read: (cid: CID) => Promise<Uint8Array>,
  limits: NodeLimits,
): AsyncGenerator<{ cid: CID; bytes: Uint8Array }> {
  const seen = new Set<string>();
  const stack = [root];
  let total = 0;
  while (stack.length > 0) {
    const cid = parseCid(stack.pop()!);
    if (seen.has(cid.toString())) continue;
    seen.add(cid.toString());
    const bytes = await read(cid);
    total += bytes.length;
    const links = linksOf(cid, bytes);
    if (seen.size > limits.maxDagBlocks || total > limits.maxDagBytes || stack.length > 2 * limits.maxDagBlocks) {
      throw new HttpError(
        413,
        `the DAG of ${root} exceeds ${limits.maxDagBlocks} blocks or ${limits.maxDagBytes} bytes`,
      );
    }
    yield { cid, bytes };
    stack.push(...links.reverse());
  }
}

function cidsIn(value: unknown): CID[] {
  const found: CID[] = [];
  const stack = [value];
  while (stack.length > 0) {
    const item = stack.pop();
    const cid = CID.asCID(item);
    if (cid !== null) found.push(cid);
    else if (typeof item === 'object' && item !== null && !(item instanceof Uint8Array)) {
      stack.push(...Object.values(item).reverse());
    }
  }
  return found;
}
