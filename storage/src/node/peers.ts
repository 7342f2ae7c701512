import type { CID } from 'multiformats/cid';
import { chunksOf, collect } from '../byte-stream.ts';
import { matches } from '../cid.ts';
import type { NodeLimits } from './limits.ts';

/** Asks the gateways of other nodes for a block, one after the other; only bytes that match the CID are accepted. */
export async function fetchFromPeers(
  peers: readonly string[],
  cid: CID,
  limits: NodeLimits,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  for (const peer of peers) {
    const timeout = AbortSignal.timeout(limits.peerTimeoutMs);
    try {
      const response = await fetch(`${peer.replace(/\/+$/, '')}/ipfs/${cid}?format=raw`, {
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      if (!response.ok || response.body === null) {
        await response.body?.cancel();
        continue;
      }
      const bytes = await collect(chunksOf(response.body), limits.maxBlockBytes, `block ${cid}`);
      if (await matches(cid, bytes)) return bytes;
    } catch {
      signal?.throwIfAborted(); // a peer that fails is passed over
    }
  }
  return undefined;
}
