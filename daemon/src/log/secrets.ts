const HIDDEN = '[hidden]';

/** What must be seen nowhere: it is taken out of every line that is written. */
export class Secrets {
  readonly #texts = new Set<string>();

  /** Hides a text, and a key with and without its 0x. */
  add(text: string): void {
    const plain = text.trim();
    const forms = /^0x[0-9a-fA-F]{64}$/.test(plain) ? [plain, plain.slice(2)] : [plain];
    for (const form of forms) {
      if (form === '') continue;
      this.#texts.add(form).add(JSON.stringify(form).slice(1, -1)).add(encodeURIComponent(form));
    }
  }

  /** Hides what of an address may be a key: its user, password, path and query. */
  addUrl(text: string): void {
    if (!URL.canParse(text)) {
      this.add(text);
      return;
    }
    const { username, password, pathname, search } = new URL(text);
    for (const part of [username, password, pathname.slice(1), ...pathname.split('/'), search.slice(1)]) {
      // short ones are words like "rpc" and "v1"
      if (part.length >= 8) this.add(part);
    }
  }

  /** A text without them. */
  hide(text: string): string {
    let shown = text;
    for (const secret of [...this.#texts].sort((a, b) => b.length - a.length)) {
      shown = shown.replaceAll(secret, HIDDEN);
      if (/^(0x)?[0-9a-fA-F]{64}$/.test(secret)) {
        shown = shown.replaceAll(secret.toLowerCase(), HIDDEN).replaceAll(secret.toUpperCase(), HIDDEN);
      }
    }
    return shown;
  }
}
