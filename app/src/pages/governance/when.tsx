import { showAgo } from '../../parts/time.tsx';

const local = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

/** A second of the chain's clock, by the clock of whoever reads it, and how far it is from the chain's present. */
export function When({ at, now }: { at: number | bigint; now: number | bigint }) {
  const [then, present] = [Number(at), Number(now)];
  const date = new Date(then * 1_000);
  if (Number.isNaN(date.getTime())) return <span className="muted">a time beyond calendars</span>;
  return (
    <span className="when">
      <time dateTime={date.toISOString()} title={`second ${then} of the chain’s clock`}>
        {local.format(date)}
      </time>{' '}
      <span className="muted">({showAgo(then, present)})</span>
    </span>
  );
}
