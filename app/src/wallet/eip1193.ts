import { EssaimError } from '@essaim/sdk';

/** A wallet's provider, as EIP-1193 has it. */
export interface Eip1193 {
  request(call: { method: string; params?: readonly unknown[] }): Promise<unknown>;
  on?(event: string, listener: (value: never) => void): unknown;
  removeListener?(event: string, listener: (value: never) => void): unknown;
}

const code = (cause: unknown): unknown => (cause as { code?: unknown } | null)?.code;

/** What a wallet refused or failed at, in words. WALLET_REJECTED, WALLET_BUSY, WALLET_LOCKED, WALLET_OFFLINE, WALLET_FAILED. */
export function walletError(cause: unknown, doing: string): Error {
  if (cause instanceof EssaimError) return cause;
  const fail = (name: string, message: string, help: string) =>
    new EssaimError(name, `${doing}: ${message}`, { help, cause });
  switch (code(cause)) {
    case 4001:
    case 'ACTION_REJECTED':
      return fail('WALLET_REJECTED', 'the wallet refused', 'do it again and agree in the wallet; nothing was sent');
    case -32002:
      return fail('WALLET_BUSY', 'the wallet has another question open', 'open the wallet and answer that one first');
    case 4100:
      return fail('WALLET_LOCKED', 'the wallet does not let this page use the account', 'connect the wallet again');
    case 4900:
    case 4901:
      return fail('WALLET_OFFLINE', 'the wallet has no connection to a chain', 'look into the wallet’s network');
    default: {
      const words = String((cause as { message?: unknown } | null)?.message ?? cause).slice(0, 200);
      return fail('WALLET_FAILED', words, 'the words above are the wallet’s own; try again, or with another wallet');
    }
  }
}

/** Whether the wallet simply does not know the chain that it was asked to switch to. */
export const isUnknownChain = (cause: unknown): boolean =>
  code(cause) === 4902 || /unrecognized chain|unknown chain/i.test(String((cause as Error | null)?.message));

/** The accounts that the page may use; none before it was allowed to. */
export async function accountsOf(wallet: Eip1193, method: 'eth_accounts' | 'eth_requestAccounts'): Promise<string[]> {
  const accounts = await wallet.request({ method });
  return Array.isArray(accounts) ? accounts.filter((account) => typeof account === 'string') : [];
}

export async function chainOf(wallet: Eip1193): Promise<number> {
  return Number(await wallet.request({ method: 'eth_chainId' }));
}
