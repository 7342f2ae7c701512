import { type Exchange, sendJson } from './exchange.ts';

const AGENT = 'essaim-storage/0.1.0';

/** `version`. */
export function version({ response }: Exchange): void {
  sendJson(response, { Version: '0.1.0', Commit: '', Repo: '', System: AGENT, Golang: '' });
}

/** `id`: the peer id of this store; it has no addresses, as it speaks HTTP only. */
export function id({ response, peerId }: Exchange): void {
  sendJson(response, { ID: peerId, PublicKey: '', Addresses: [], AgentVersion: AGENT, Protocols: [] });
}
