/** Who holds what, in millionths of a MIEL. Money only moves, so the sum never changes. */
export class Ledger {
  readonly #balances = new Map<string, number>();

  /** Creates money: genesis only. */
  mint(to: string, amount: number): void {
    this.#balances.set(to, this.of(to) + amount);
  }

  /** Moves money, whole millionths that are there. */
  move(from: string, to: string, amount: number): void {
    const held = this.of(from);
    if (!Number.isSafeInteger(amount) || amount < 0) throw new Error(`${amount} is no amount of money`);
    if (held < amount) throw new Error(`${from} holds ${held}, not ${amount}`);
    this.#balances.set(from, held - amount);
    this.#balances.set(to, this.of(to) + amount);
  }

  of(account: string): number {
    return this.#balances.get(account) ?? 0;
  }

  get sum(): number {
    let sum = 0;
    for (const amount of this.#balances.values()) sum += amount;
    return sum;
  }
}
