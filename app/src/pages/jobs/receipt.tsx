import { type BatchDetail, fetchReceipt, type JobRow } from '@essaim/sdk';
import { State } from '../../parts/state.tsx';
import { Text } from '../../parts/text.tsx';
import { useAsk } from '../../reading/use-ask.ts';

/** What the provider says of its work; that its claims are those below the root is checked, its words are its own. */
export function Receipt({ job, batch }: { job: JobRow; batch: BatchDetail }) {
  const receipt = useAsk(
    async ({ storage, deployment, contracts }, signal) =>
      fetchReceipt(
        storage,
        {
          ...{ chainId: deployment.chainId, client: await contracts.JobMarket.getAddress(), jobId: job.id },
          ...{ programId: job.program, batchRoot: batch.root, receipt: job.receipt! },
        },
        signal,
      ),
    [job.id, batch.root, job.receipt],
  );
  return (
    <details>
      <summary>The receipt</summary>
      <State of={receipt} what="the receipt">
        {({ engine, claims }) => (
          <dl className="facts">
            <dt>Claims</dt>
            <dd>{claims.length}, each with its list of values, and all of them under the batch’s root</dd>
            <dt>Trace</dt>
            <dd>{claims.every(({ trace }) => trace) ? 'published' : 'shown on demand only'}</dd>
            {Object.entries(engine)
              .slice(0, 12)
              .map(([key, value]) => (
                <div key={key} className="pair">
                  <dt>
                    <Text of={key} limit={30} />
                  </dt>
                  <dd>
                    <Text of={value} />
                  </dd>
                </div>
              ))}
          </dl>
        )}
      </State>
    </details>
  );
}
