import { type BatchDetail, encodeTerms, findTerms, type JobRow, type Output, send } from '@essaim/sdk';
import { useState } from 'react';
import { useEssaim } from '../../connection/connection.ts';
import { Action } from '../../parts/action.tsx';
import { State } from '../../parts/state.tsx';
import { useAsk } from '../../reading/use-ask.ts';
import { Outputs } from './outputs.tsx';
import { Receipt } from './receipt.tsx';

/** The receipt and the outputs, fetched when asked for and shown only if they are what the chain holds. */
export function Result({ job, batch }: { job: JobRow; batch: BatchDetail }) {
  const [isWanted, setWanted] = useState(false);
  if (batch.isRejected) return null;
  return (
    <section className="card">
      <h2>The result</h2>
      {job.isSealed ? (
        <p>It is sealed: whoever has the job’s key reads it with the SDK, and nobody else.</p>
      ) : isWanted ? (
        <Fetched job={job} batch={batch} />
      ) : (
        <>
          <p>Its bytes are in storage. Each is checked against what the provider is bound to before it is shown.</p>
          <p>
            <button type="button" className="primary" onClick={() => setWanted(true)}>
              Fetch and check it
            </button>
          </p>
        </>
      )}
    </section>
  );
}

function Fetched({ job, batch }: { job: JobRow; batch: BatchDetail }) {
  const outputs = useAsk(
    async ({ jobs }, signal): Promise<readonly (readonly Output[])[]> => {
      for await (const stage of jobs.follow(job.id, { signal, patience: 5_000 })) {
        if (stage.stage === 'result') return stage.outputs;
      }
      return [];
    },
    [job.id],
  );
  return (
    <>
      <State of={outputs} what="the outputs">
        {(claims) => <Outputs of={claims} />}
      </State>
      {outputs.error && <DemandIt job={job} batch={batch} />}
      <Receipt job={job} batch={batch} />
    </>
  );
}

/** A requester whose output nobody serves may have it shown in the chain, at the provider's cost. */
function DemandIt({ job, batch }: { job: JobRow; batch: BatchDetail }) {
  const { wallet } = useEssaim();
  if (job.requester.toLowerCase() !== wallet.account?.toLowerCase() || batch.state !== 'pending') return null;
  return (
    <div className="stack">
      <p>
        You paid for it: you may demand the first 32 KiB of the output in the chain itself. If nobody shows them in
        time, the provider is convicted. That costs you gas, and no bond.
      </p>
      <Action
        label="Demand the output"
        kind="secondary"
        run={async ({ contracts, deployment, signer }, signal) => {
          const terms = await findTerms(contracts, job.id, deployment.startBlock);
          const call = await contracts.Availability.demandOutput.populateTransaction(
            batch.id,
            0,
            0,
            0,
            encodeTerms(terms),
          );
          return send(signer!, call, 'demanding the output', { signal });
        }}
        done="Asked: the provider has to answer in time."
      />
    </div>
  );
}
