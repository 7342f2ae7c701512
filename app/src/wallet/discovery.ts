import type { Eip1193 } from './eip1193.ts';

/** A wallet that announced itself (EIP-6963). Its name and icon are its own words. */
export interface FoundWallet {
  /** Reverse domain name, the same on every visit. */
  readonly id: string;
  readonly name: string;
  /** A data URI; undefined where it announced anything else. */
  readonly icon: string | undefined;
  readonly provider: Eip1193;
}

interface Announcement {
  info?: { rdns?: unknown; name?: unknown; icon?: unknown };
  provider?: Eip1193;
}

const LONGEST_NAME = 40;

/** Listens for wallets and asks them to announce themselves. Calls `onFound` for each once. */
export function discover(onFound: (wallet: FoundWallet) => void): () => void {
  const known = new Set<string>();
  const announced = ({ detail }: CustomEvent<Announcement>) => {
    const { info, provider } = detail ?? {};
    const id = String(info?.rdns ?? '');
    if (!provider || !id || known.has(id)) return;
    known.add(id);
    const icon = String(info?.icon ?? '');
    onFound({
      id,
      name: String(info?.name ?? id).slice(0, LONGEST_NAME),
      icon: icon.startsWith('data:image/') ? icon : undefined,
      provider,
    });
  };
  addEventListener('eip6963:announceProvider', announced as EventListener);
  dispatchEvent(new Event('eip6963:requestProvider'));
  return () => removeEventListener('eip6963:announceProvider', announced as EventListener);
}
