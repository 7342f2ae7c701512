import { encodeTerms, findTerms, send } from '@essaim/sdk';
import { Action } from '../../parts/action.tsx';

/** Lets anyone have the penalty of a convicted batch taken; only who it is due to is paid. */
export function Collect({ batchId, jobId }: { batchId: string; jobId: string }) {
  return (
    <section className="card">
      <h2>The penalty waits</h2>
      <p>Anyone may have it collected. It goes to who showed the fault and who was wronged, and the rest is burned.</p>
      <Action
        label="Collect the penalty"
        kind="secondary"
        run={async ({ contracts, deployment, signer }, signal) => {
          const terms = await findTerms(contracts, jobId, deployment.startBlock);
          const call = await contracts.Penalties.collect.populateTransaction(batchId, encodeTerms(terms));
          return send(signer!, call, 'collecting the penalty', { signal });
        }}
        done="Collected: the lock was divided."
      />
    </section>
  );
}
