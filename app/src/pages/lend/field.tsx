import type { InputHTMLAttributes, ReactNode } from 'react';

/** A labelled input with a line of help. */
export function Field({
  id,
  label,
  help,
  ...input
}: { id: string; label: string; help: ReactNode } & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <p className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} autoComplete="off" spellCheck={false} aria-describedby={`${id}-help`} {...input} />
      <small id={`${id}-help`}>{help}</small>
    </p>
  );
}

/** A box to tick with its words beside it. */
export function Tick({ id, label, ...input }: { id: string; label: string } & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <p className="tick">
      <input id={id} type="checkbox" {...input} />
      <label htmlFor={id}>{label}</label>
    </p>
  );
}
