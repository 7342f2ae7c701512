const listeners = new Set<() => void>();

/** Calls `listener` after each transaction that went from this page into the chain. */
export function onSent(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells everyone on the page that the chain has something new of ours. */
export function tellSent(): void {
  for (const listener of listeners) listener();
}
