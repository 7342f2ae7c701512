import type { BatchDetail, JobRow } from '@essaim/sdk';
import type { ReactNode } from 'react';
import { Address, Hash } from '../../parts/address.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Certainty } from '../../parts/certainty.tsx';
import { Time } from '../../parts/time.tsx';
import { to } from '../../route/route.ts';
import { WindowEnd } from './window-end.tsx';

/** What happened to a job, in order, and what comes next. */
export function Stages({ job, batch }: { job: JobRow; batch: BatchDetail | undefined }) {
  return (
    <section className="stack">
      <h2>How it goes</h2>
      <ol className="story">
        <Stage at={job.postedAt} is="done">
          <Address of={job.requester} /> posted it, in transaction <Hash of={job.transaction} copy />.
        </Stage>
        {job.acceptedAt !== null && job.provider && (
          <Stage at={job.acceptedAt} is="done">
            <Address of={job.provider} /> accepted it
            {job.lock !== null && job.lock > 0n && (
              <>
                , with <Amount of={job.lock} /> at stake
              </>
            )}
            .
          </Stage>
        )}
        {job.submittedAt !== null && (
          <Stage at={job.submittedAt} is="done">
            The result was committed to. <Certainty of={job.certainty} />
          </Stage>
        )}
        {batch?.isRejected && (
          <Stage at={batch.rejectedAt} is="bad">
            <a href={to('disputes', batch.id)}>It was convicted</a>
            {batch.challenger && (
              <>
                , on the word of <Address of={batch.challenger} />
              </>
            )}
            .
          </Stage>
        )}
        {next(job, batch)}
      </ol>
    </section>
  );
}

function next(job: JobRow, batch: BatchDetail | undefined): ReactNode {
  if (job.endedAt !== null)
    return (
      <Stage at={job.endedAt} is="done">
        {ending(job)}
      </Stage>
    );
  if (job.state === 'posted')
    return (
      <Stage at={null} is="next">
        A provider accepts it, until <Time at={job.deadline} />.
      </Stage>
    );
  if (job.state === 'accepted')
    return (
      <Stage at={null} is="next">
        The result is due <Time at={job.deadline} />.
      </Stage>
    );
  if (batch?.isRejected)
    return (
      <Stage at={null} is="next">
        The requester’s money can be taken back.
      </Stage>
    );
  if (batch?.state === 'final')
    return (
      <Stage at={null} is="next">
        It is final: the provider can be paid.
      </Stage>
    );
  return (
    <Stage at={null} is="next">
      The window to challenge it is {job.batch ? <WindowEnd batchId={job.batch} /> : 'open'}.
    </Stage>
  );
}

function ending(job: JobRow): string {
  if (job.state === 'cancelled') return 'The requester took it back.';
  if (job.state === 'refunded') return 'The money went back to the requester.';
  return job.state === 'released' ? 'The requester paid without waiting.' : 'The provider was paid.';
}

function Stage({ at, is, children }: { at: number | null; is: 'done' | 'bad' | 'next'; children: ReactNode }) {
  return (
    <li className={is}>
      <span className="when">{at === null ? 'next' : <Time at={at} />}</span>
      <span>{children}</span>
    </li>
  );
}
