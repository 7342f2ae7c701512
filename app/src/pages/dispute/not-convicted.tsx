import type { BatchDetail } from '@essaim/sdk';
import { Address, Hash } from '../../parts/address.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Time } from '../../parts/time.tsx';
import { to } from '../../route/route.ts';
import { Demands } from '../jobs/demands.tsx';
import { WindowEnd } from '../jobs/window-end.tsx';

const STATES = {
  pending: { badge: 'open to challenge', className: 'badge warn', words: 'Nobody has shown a fault so far.' },
  final: {
    badge: 'final',
    className: 'badge good',
    words: 'Nobody showed a fault in time: the result stands for good.',
  },
  rejected: { badge: 'convicted', className: 'badge bad', words: 'It was convicted; the proof is being read …' },
} as const;

/** A batch that is not convicted: what it is, and until when it can be. */
export function NotConvicted({ batch }: { batch: BatchDetail }) {
  const state = STATES[batch.state ?? (batch.isRejected ? 'rejected' : 'pending')];
  return (
    <section className="card" aria-label="The batch">
      <p role="status">
        <span className={state.className}>{state.badge}</span> {state.words}
      </p>
      <dl className="facts">
        <dt>Executor</dt>
        <dd>
          <Address of={batch.executor} />, with <Amount of={batch.lock} /> at stake
        </dd>
        <dt>Submitted</dt>
        <dd>
          <Time at={batch.submittedAt} />
        </dd>
        <dt>Claims</dt>
        <dd>{batch.count}</dd>
        <dt>Root</dt>
        <dd>
          <Hash of={batch.root} copy />
        </dd>
        {batch.job && (
          <>
            <dt>Job</dt>
            <dd>
              <Hash of={batch.job} href={to('jobs', batch.job)} />
            </dd>
          </>
        )}
        {batch.state === 'pending' && (
          <>
            <dt>Challenge window</dt>
            <dd>
              <WindowEnd batchId={batch.id} />
            </dd>
          </>
        )}
      </dl>
      <Demands of={batch.demands} />
    </section>
  );
}
