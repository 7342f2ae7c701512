import { useState } from 'react';

/** Copies something whole. */
export function CopyButton({ of, what }: { of: string; what: string }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(of).then(
      () => setDone(true),
      () => setDone(false),
    );
    setTimeout(() => setDone(false), 2_000);
  };
  return (
    <button type="button" className="copy" onClick={copy} aria-label={done ? 'Copied' : `Copy the ${what} ${of}`}>
      <span aria-hidden="true">{done ? '✓' : '⧉'}</span>
    </button>
  );
}
