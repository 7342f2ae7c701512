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
        viewBox="0 0 16 16"
        width="14"
        height="14"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      >
        <path d={done ? 'M3 8.5 6.5 12 13 4.5' : 'M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1'} />
      </svg>
    </button>
  );
}
