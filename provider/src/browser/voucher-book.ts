import type { Voucher } from '@essaim/sdk';

/** Where a browser keeps what it must not lose: `localStorage`, say. */
export type Shelf = Pick<globalThis.Storage, 'getItem' | 'setItem'>;

const nameOf = (chainId: number, { payer, payee, token }: Omit<Voucher, 'cumulative' | 'signature'>): string =>
  `essaim.voucher.${chainId}.${payer}.${payee}.${token}`.toLowerCase();

/** The best voucher of each sponsor for each payee. */
export class VoucherBook {
  readonly #chainId: number;
  readonly #shelf: Shelf;

  constructor(chainId: number, shelf: Shelf) {
    this.#chainId = chainId;
    this.#shelf = shelf;
  }

  /** Keeps a voucher unless a better one is here. */
  keep(voucher: Voucher): void {
    const best = this.best(voucher);
    if (best && best.cumulative >= voucher.cumulative) return;
    const text = JSON.stringify({ ...voucher, cumulative: String(voucher.cumulative) });
    this.#shelf.setItem(nameOf(this.#chainId, voucher), text);
  }

  best(account: Omit<Voucher, 'cumulative' | 'signature'>): Voucher | null {
    try {
      const text = this.#shelf.getItem(nameOf(this.#chainId, account));
      const voucher = text && JSON.parse(text);
      return voucher ? { ...voucher, cumulative: BigInt(voucher.cumulative) } : null;
    } catch {
      return null;
    }
  }
}
