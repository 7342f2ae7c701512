import type { JobRow } from '@essaim/sdk';
import { Address, Hash } from '../../parts/address.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Certainty } from '../../parts/certainty.tsx';
import { State } from '../../parts/state.tsx';
import { Time } from '../../parts/time.tsx';
import { useReading } from '../../reading/use-reading.ts';
import { to } from '../../route/route.ts';

const NEWEST = 12;

/** What became of the newest jobs of a model. */
export function ModelRecord({ id }: { id: bigint }) {
  const read = useReading((reading) => reading.jobs({ model: id }).page(NEWEST), [id]);
  return (
    <section className="card">
      <h2>Record</h2>
      <State
        of={read}
        what="its jobs"
        isEmpty={({ rows }) => rows.length === 0}
        empty={<p>Nobody has bought an inference of it yet.</p>}
      >
        {({ rows, next }) => (
          <>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
            <section className="scroll" tabIndex={0} aria-label="Newest jobs of this model">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Job</th>
                    <th scope="col">State</th>
                    <th scope="col">Provider</th>
                    <th scope="col" className="number">
                      Paid for
                    </th>
                    <th scope="col">Posted</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((job) => (
                    <tr key={job.id}>
                      <th scope="row">
                        <Hash of={job.id} href={to('jobs', job.id)} />
                      </th>
                      <td>
                        <JobBadge of={job} /> <Certainty of={job.certainty} />
                      </td>
                      <td>
                        {job.provider ? <Address of={job.provider} /> : <span className="muted">nobody yet</span>}
                      </td>
                      <td className="number">
                        <Amount of={(job.fee + job.royalty) * BigInt(job.count)} token={job.token} />
                      </td>
                      <td>
                        <Time at={job.postedAt} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
            {next && <p className="muted">These are the newest {NEWEST}.</p>}
          </>
        )}
      </State>
    </section>
  );
}

/** A job's state in one word. */
function JobBadge({ of: { state, isRejected } }: { of: JobRow }) {
  if (isRejected) return <span className="badge bad">convicted</span>;
  const kind = state === 'paid' || state === 'released' ? 'good' : state === 'refunded' ? 'warn' : '';
  return <span className={`badge ${kind}`}>{state}</span>;
}
