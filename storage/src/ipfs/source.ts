import type { CID } from 'multiformats/cid';
import type { Endpoint } from './endpoint.ts';

/** Where blocks are read from. */
export interface Source extends Pick<Endpoint, 'url'> {
  /** Asks for one block. */
  ask(cid: CID, signal: AbortSignal): Promise<Response>;
}

/** A node that speaks Kubo's RPC. */
export const nodeSource = ({ url, headers }: Endpoint): Source => ({
  url,
  ask: (cid, signal) => fetch(`${url}/block/get?arg=${cid}`, { method: 'POST', headers, signal }),
});

/** A gateway that gives blocks, as its specification has it (trustless gateways do). */
export function gatewaySource(address: string): Source {
  const url = address.replace(/\/+$/, '');
  const headers = { accept: 'application/vnd.ipld.raw' };
  return { url, ask: (cid, signal) => fetch(`${url}/ipfs/${cid}?format=raw`, { headers, signal }) };
}
