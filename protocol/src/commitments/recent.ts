/** Most bytes of what was read again that are kept. */
const KEPT = 128 * 2 ** 20;

/** Bytes read lately, by whom they belong to: what is used again and again is read once, whatever it is a part of. */
class Recent {
  readonly #kept = new Map<object, Uint8Array>();
  #length = 0;

  of(owner: object, load: () => Uint8Array): Uint8Array {
    const known = this.#kept.get(owner);
    if (known) {
      this.#kept.delete(owner);
      this.#kept.set(owner, known);
      return known;
    }
    const bytes = load();
    this.#kept.set(owner, bytes);
    this.#length += bytes.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#length <= KEPT) break;
      this.#kept.delete(oldest);
      this.#length -= length;
    }
    return bytes;
  }
}

export const recent = new Recent();
