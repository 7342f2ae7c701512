import { isHexString } from 'ethers';
import { Address, Hash } from '../../parts/address.tsx';
import { Certainty, SourceNote } from '../../parts/certainty.tsx';
import { PageHeading } from '../../parts/page-heading.tsx';
import { State } from '../../parts/state.tsx';
import { useReading } from '../../reading/use-reading.ts';
import { to } from '../../route/route.ts';
import { Audits } from './audits.tsx';
import { Demands } from './demands.tsx';
import { InputFault } from './input-fault.tsx';
import { JobActions } from './job-actions.tsx';
import { stateWords } from './job-states.ts';
import { Money } from './money.tsx';
import { Result } from './result.tsx';
import { Stages } from './stages.tsx';

/** One job, followed live. */
export function Job({ jobId }: { jobId: string }) {
  return isHexString(jobId, 32) ? (
    <Known jobId={jobId} />
  ) : (
    <PageHeading title="No such job" lead="A job’s id is 0x and 64 digits of hex." />
  );
}

function Known({ jobId }: { jobId: string }) {
  const read = useReading((reading) => reading.job(jobId), [jobId]);
  const job = read.value;
  const missing = read.answer !== undefined && job === undefined;
  const batchId = job?.batch ?? null;
  const batch = useReading(
    async (reading) => (batchId ? reading.batch(batchId) : { ...(await reading.job(jobId)), value: undefined }),
    [jobId, batchId],
  );
  return (
    <>
      <PageHeading title="Job" lead={<Hash of={jobId} copy />} />
      <State
        of={{ ...read, value: missing ? null : job }}
        what="the job"
        empty="There is no job of this id in the chain."
      >
        {(row) => {
          const { badge, tone, words } = stateWords(row, read.answer!.asOf.time);
          return (
            <>
              <p role="status">
                <span className={`badge ${tone}`}>{badge}</span> <Certainty of={row.certainty} /> {words}{' '}
                {row.batch && row.isRejected && <a href={to('disputes', row.batch)}>See what was wrong</a>}
              </p>
              {row.reason === 'input-fault' && <InputFault jobId={jobId} />}
              <div className="columns">
                <Stages job={row} batch={batch.value} />
                <Money job={row} />
              </div>
              <JobActions job={row} batch={batch.value} now={read.answer!.asOf.time} />
              <section className="card">
                <h2>Asked and claimed</h2>
                <dl className="facts">
                  <dt>Model</dt>
                  <dd>
                    <Hash of={row.model} href={to('models', row.model)} />
                  </dd>
                  <dt>Program</dt>
                  <dd>
                    <Hash of={row.program} copy />
                  </dd>
                  <dt>Inputs</dt>
                  <dd>
                    {row.count}, under root <Hash of={row.inputsRoot} copy />
                  </dd>
                  <dt>For</dt>
                  <dd>
                    {row.wanted ? <Address of={row.wanted} /> : 'any provider'}
                    {row.isSealed && ', sealed to it'}
                  </dd>
                  {batch.value && (
                    <>
                      <dt>Batch</dt>
                      <dd>
                        <Hash of={batch.value.id} href={to('disputes', batch.value.id)} copy />, root{' '}
                        <Hash of={batch.value.root} copy />
                      </dd>
                    </>
                  )}
                </dl>
                {batch.value && <Demands of={batch.value.demands} />}
                {batch.value && <Audits of={batch.value.audits} />}
              </section>
              {batch.value && <Result job={row} batch={batch.value} />}
            </>
          );
        }}
      </State>
      <SourceNote of={read.answer} reorganised={read.reorganised || batch.reorganised} />
    </>
  );
}
