/** Seconds that are expected of a program that never ran here, before any did. */
const FIRST = 1;
/** How much a new measurement says. */
const NEW = 0.3;

/** What running a claim of a program takes on this machine, measured as claims are run. */
export class Costs {
  readonly #seconds = new Map<string, number>();

  /** Notes what one execution took. */
  note(programId: string, seconds: number): void {
    const known = this.#seconds.get(programId);
    this.#seconds.set(programId, known === undefined ? seconds : known + NEW * (seconds - known));
  }

  /** Seconds that one claim of a program takes; of one that never ran here, as much as the others on average. */
  of(programId: string | undefined): number {
    const known = programId === undefined ? undefined : this.#seconds.get(programId);
    if (known !== undefined) return known;
    const all = [...this.#seconds.values()];
    return all.length === 0 ? FIRST : all.reduce((sum, each) => sum + each, 0) / all.length;
  }
}
