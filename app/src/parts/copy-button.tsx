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
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        {done ? <path d="M3 8.5l3.2 3.2L13 5" /> : <path d="M5.5 5.5h7v7h-7zM10.5 5.5v-2h-7v7h2" />}
      </svg>
    </button>
  );
}
