import { useId } from 'react';
import { Text } from './text.tsx';

/** What went wrong, what to do, and the code by which it can be looked up. */
export function Failure({
  error,
  again,
  title = 'This did not work',
}: {
  error: { code: string; message: string; help: string };
  again?: () => void;
  title?: string;
}) {
  const id = useId();
  return (
    <section className="failure" role="alert" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p>
        <Text of={error.message} limit={400} />
      </p>
      <p>
        <strong>What to do: </strong>
        <Text of={error.help} limit={400} />
      </p>
      <p className="failure-foot">
        <code>{error.code}</code>
        {again && (
          <button type="button" onClick={again}>
            Try again
          </button>
        )}
      </p>
    </section>
  );
}
