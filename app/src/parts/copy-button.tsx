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
      <svg
        aria-hidden="true"
        viewBox="0 0 16 16"
        width="14"
        height="14"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
      >
        {done ? <path d="M2 9l4 4 8-9" /> : <path d="M5.5 5.5v-3.5h8.500v8.500h-3.500M2 5.500h8.500v8.500h-8.500z" />}
      </svg>
    </button>
  );
}
