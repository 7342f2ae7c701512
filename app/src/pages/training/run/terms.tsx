import type { RunDetail } from '@essaim/sdk';
import { Address, Hash } from '../../../parts/address.tsx';
import { Amount } from '../../../parts/amount.tsx';
import { showSpan } from '../../../parts/time.tsx';
import { to } from '../../../route/route.ts';

/** What was agreed when the run was made; nobody can change it. */
export function Terms({ run }: { run: RunDetail }) {
  return (
    <section className="card" aria-labelledby="terms">
      <h2 id="terms">Terms</h2>
      <dl className="facts">
        <dt>Data set</dt>
        <dd>
          <Hash of={run.dataset} href={to('shares', run.dataset)} />, version {run.version}
        </dd>
        <dt>Rows</dt>
        <dd>
          {run.rows.toLocaleString('en')}, {run.batchRows} a step
        </dd>
        <dt>Rounds</dt>
        <dd>
          {run.rounds} of {run.steps} {run.steps === 1 ? 'step' : 'steps'}, by {run.seats}{' '}
          {run.seats === 1 ? 'seat' : 'seats'}
        </dd>
        <dt>Each step pays</dt>
        <dd>
          <Amount of={run.feePerStep} token={run.token} />
        </dd>
        <dt>At stake a round</dt>
        <dd>
          <Amount of={run.collateral} />
        </dd>
        <dt>A round may take</dt>
        <dd>{showSpan(run.roundSeconds)}</dd>
        <dt>The model goes to</dt>
        <dd>
          backers {run.backersShare / 100} %, trainers {run.trainersShare / 100} %, initiator {run.initiatorShare / 100}{' '}
          %
        </dd>
        <dt>Begins from</dt>
        <dd>
          {run.baseModel === null ? (
            'weights of its own'
          ) : (
            <Hash of={run.baseModel} href={to('models', run.baseModel)} />
          )}
        </dd>
        <dt>Program</dt>
        <dd>
          <Hash of={run.program} copy />
        </dd>
        <dt>Initiator</dt>
        <dd>
          <Address of={run.initiator} />
        </dd>
      </dl>
    </section>
  );
}
