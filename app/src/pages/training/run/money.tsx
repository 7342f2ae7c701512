import type { RunDetail } from '@essaim/sdk';
import { useEssaim } from '../../../connection/connection.ts';
import { Action } from '../../../parts/action.tsx';
import { Amount } from '../../../parts/amount.tsx';
import { State } from '../../../parts/state.tsx';
import { useAsk } from '../../../reading/use-ask.ts';
import { to } from '../../../route/route.ts';
import { BackForm } from './back-form.tsx';
import { dueOf } from './due.ts';

/** What a run costs and made, and what the connected account can do with it now. */
export function Money({ run }: { run: RunDetail }) {
  const { account } = useEssaim().wallet;
  const id = run.id as `0x${string}`;
  const view = useAsk(({ training }) => training.view(id), [id, run.state, run.backed]);
  const due = dueOf(run, account);
  return (
    <section className="card" aria-labelledby="money">
      <h2 id="money">{run.model === null ? 'Its budget' : 'What it made'}</h2>
      {run.model !== null && (
        <p>
          <a className="button primary" href={to('models', run.model)}>
            The model that it made
          </a>
        </p>
      )}
      <State of={view} what="its budget">
        {({ budget, backed }) => (
          <>
            <p>
              Backed with <Amount of={backed} token={run.token} /> of <Amount of={budget} token={run.token} />.
            </p>
            {run.state === 'funding' && <BackForm run={run} missing={budget - backed} />}
          </>
        )}
      </State>
      {due.includes('reward') && (
        <Action
          kind="secondary"
          label="Withdraw what you earned"
          run={({ training }, signal) => training.withdraw(id, account, signal)}
        />
      )}
      {due.includes('shares') && (
        <Action
          kind="secondary"
          label="Take your shares of the model"
          run={({ training }, signal) => training.claimShares(id, account, signal)}
        />
      )}
      {due.includes('refund') && (
        <Action
          kind="secondary"
          label="Take back what was not spent"
          run={({ training }, signal) => training.refund(id, account, signal)}
        />
      )}
    </section>
  );
}
