import type { RunRow } from '@essaim/sdk';
import { Address } from '../../../parts/address.tsx';
import { Amount } from '../../../parts/amount.tsx';
import { Certainty } from '../../../parts/certainty.tsx';
import { to } from '../../../route/route.ts';
import { ProgressBar } from '../progress-bar.tsx';
import { RunName } from '../run-name.tsx';
import { RunBadge } from '../state-badge.tsx';

/** A run in one look. */
export function RunCard({ run, now }: { run: RunRow; now: number }) {
  return (
    <article className="card">
      <h2 className="run-head">
        <a href={to('training', run.id)}>
          <RunName id={run.id} manifest={run.manifest} />
        </a>
        <RunBadge run={run} now={now} />
        <Certainty of={run.certainty} />
      </h2>
      <ProgressBar run={run} />
      <dl className="facts">
        <dt>Each step pays</dt>
        <dd>
          <Amount of={run.feePerStep} token={run.token} />
        </dd>
        <dt>Seats</dt>
        <dd>{run.seats}</dd>
        <dt>By</dt>
        <dd>
          <Address of={run.initiator} />
        </dd>
        {run.model !== null && (
          <>
            <dt>Made</dt>
            <dd>
              <a href={to('models', run.model)}>a model</a>
            </dd>
          </>
        )}
      </dl>
    </article>
  );
}
