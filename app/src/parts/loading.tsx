/** Says that something is on its way, after a moment: what comes at once needs no word. */
export function Loading({ what }: { what: string }) {
  return (
    <p className="loading" role="status">
      <span className="loading-mark" aria-hidden="true" />
      Loading {what} …
    </p>
  );
}
