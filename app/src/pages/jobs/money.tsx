import type { JobRow } from '@essaim/sdk';
import { Amount } from '../../parts/amount.tsx';

/** What was put in, and who got what of it. */
export function Money({ job }: { job: JobRow }) {
  const inputs = BigInt(job.count);
  const ends: [string, bigint | null][] = [
    ['To the provider, before the protocol’s parts', job.paid],
    ['To the model', job.paidRoyalty],
    ['Back to the requester', job.refunded],
    ['Burned', job.burned],
  ];
  return (
    <section className="stack">
      <h2>Money</h2>
      <dl className="facts">
        <dt>Fee</dt>
        <dd>
          <Amount of={job.fee * inputs} token={job.token} />
        </dd>
        <dt>Royalty</dt>
        <dd>
          <Amount of={job.royalty * inputs} token={job.token} />
        </dd>
        <dt>Stake asked for</dt>
        <dd>
          <Amount of={job.collateral} />
        </dd>
        {ends.map(
          ([words, amount]) =>
            amount !== null &&
            amount > 0n && (
              <div key={words} className="pair">
                <dt>{words}</dt>
                <dd>
                  <Amount of={amount} token={job.token} />
                </dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}
