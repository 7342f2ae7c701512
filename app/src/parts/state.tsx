import type { ReactNode } from 'react';
import { Failure } from './failure.tsx';
import { Loading } from './loading.tsx';

interface Shown<T> {
  readonly value?: T;
  readonly error?: { code: string; message: string; help: string };
  readonly asking: boolean;
  again(): void;
}

/**
 * What was asked for, once it is there; before that words for waiting, for having failed, and for there being nothing.
 * What is there stays while a newer answer fails, under a line that says that it is old.
 */
export function State<T>({
  of: { value, error, again },
  what,
  empty,
  isEmpty = (it) => Array.isArray(it) && it.length === 0,
  children,
}: {
  of: Shown<T>;
  /** What it is, after "Loading". */
  what: string;
  /** What to say where there is nothing. */
  empty?: ReactNode;
  isEmpty?: (value: NonNullable<T>) => boolean;
  children: (value: NonNullable<T>) => ReactNode;
}) {
  if (value === undefined || value === null) {
    if (error) return <Failure error={error} again={again} title={`Could not load ${what}`} />;
    return value === null ? <div className="empty">{empty}</div> : <Loading what={what} />;
  }
  return (
    <>
      {error && (
        <p className="old" role="status">
          This is what was last known; no newer answer comes: {error.message}.{' '}
          <button type="button" className="plain" onClick={again}>
            Try again
          </button>
        </p>
      )}
      {empty && isEmpty(value as NonNullable<T>) ? (
        <div className="empty">{empty}</div>
      ) : (
        children(value as NonNullable<T>)
      )}
    </>
  );
}
