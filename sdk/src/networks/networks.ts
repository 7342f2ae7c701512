import { EssaimError } from '@essaim/protocol';
import { networks } from './known.ts';

/** A chain that the protocol stands on, and who answers questions about it unless others are named. */
export interface Network {
  name: string;
  chainId: number;
  rpc?: string;
  indexer?: string;
  storage?: string;
  deployment: { chainId: number; startBlock: number; addresses: Record<string, string> };
}

/** The network of a name or a chain id. NETWORK_UNKNOWN */
export function networkOf(wanted: string | number, known: readonly Network[] = networks): Network {
  const found = known.find(({ name, chainId }) => name === wanted || chainId === Number(wanted));
  if (found) return found;
  const names = known.map(({ name, chainId }) => `${name} (${chainId})`).join(', ');
  throw new EssaimError('NETWORK_UNKNOWN', `this version knows no network "${wanted}"`, {
    help: names
      ? `it knows ${names}; for another give \`rpc\` and \`deployment\``
      : 'it knows none yet: give `rpc` and `deployment`, the content of a deployments/<chainId>.json',
    details: { known: known.map(({ name }) => name) },
  });
}
