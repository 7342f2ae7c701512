import { EssaimError } from '@essaim/protocol';
import type { Member } from './member.ts';

/** Nobody answered. */
export function unreachable(members: readonly Member[], what: string, why?: string): EssaimError {
  const labels = members.map(({ label }) => label).join(', ');
  return new EssaimError('CHAIN_UNREACHABLE', `${what}: no chain answers at ${labels}${why ? ` (${why})` : ''}`, {
    help: 'check the RPC addresses and that the nodes are running',
  });
}

/** Fewer answered than have to agree. */
export function tooFew(members: readonly Member[], count: number, quorum: number): EssaimError {
  const states = members.map(({ label, standing }) => `${label} is ${standing.worth}`).join(', ');
  return new EssaimError('CHAIN_QUORUM', `${count} endpoints answer and ${quorum} have to agree: ${states}`, {
    help: 'nothing is done meanwhile; name more endpoints (--rpc), or fewer that have to agree (--quorum)',
    details: { answering: count, quorum },
  });
}

/** Enough answered, and not the same. */
export const disagreement = (what: string, count: number, quorum: number): EssaimError =>
  new EssaimError('CHAIN_DISAGREES', `${what}: ${count} endpoints answered, and no ${quorum} of them the same`, {
    help: 'nothing is done on it, and it is asked again; if this lasts, look which endpoint is wrong',
  });

/** Too many endpoints are on another chain. */
export function otherChain(members: readonly Member[], chainId: number, quorum: number): EssaimError {
  const others = members.filter(({ standing }) => standing.isRefused).map(({ label }) => label);
  return new EssaimError('CHAIN_MISMATCH', `${others.join(' and ')} not on chain ${chainId} as the deployment is`, {
    help: `use the deployment file of that chain, or endpoints of this one: ${quorum} have to agree`,
    details: { expected: chainId },
  });
}
