import { Address } from '../../parts/address.tsx';
import { Time } from '../../parts/time.tsx';

/** Says that the guardian holds new work back, while it does. */
export function Paused({ until = 0, guardian }: { until?: number; guardian?: string | null }) {
  if (until * 1000 < Date.now()) return null;
  return (
    <p className="old" role="status">
      New jobs and runs are held back by the guardian
      {guardian && (
        <>
          {' '}
          <Address of={guardian} />
        </>
      )}
      , and can be posted again <Time at={until} />. What runs already goes on.
    </p>
  );
}
