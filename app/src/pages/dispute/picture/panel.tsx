import { type ReactNode, useId } from 'react';

/** One step of the picture: its number, what it shows, the same in words, and the drawing. */
export function Panel({
  step,
  title,
  words,
  children,
}: {
  step: number;
  title: string;
  words: string | null;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>
        <span className="step" aria-hidden="true">
          {step}
        </span>
        {title}
      </h2>
      {words && <p>{words}</p>}
      {children}
    </section>
  );
}
