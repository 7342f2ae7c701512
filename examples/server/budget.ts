/** How much may be spent, in smallest units of one token. */
export class Budget {
  readonly cap: bigint;
  #spent = 0n;

  constructor(cap: bigint) {
    this.cap = cap;
  }

  get left(): bigint {
    return this.cap - this.#spent;
  }

  /** Sets an amount aside at once, so that requests at the same time cannot spend it twice. False where it is not left. */
  take(amount: bigint): boolean {
    if (amount > this.left) return false;
    this.#spent += amount;
    return true;
  }

  /** Of what was taken and not spent. */
  giveBack(amount: bigint): void {
    this.#spent -= amount;
  }
}
