import type { JobStage } from '@essaim/sdk';
import type { ReactNode } from 'react';
import { Address, Hash } from '../../../parts/address.tsx';
import { Failure } from '../../../parts/failure.tsx';
import { Loading } from '../../../parts/loading.tsx';
import { to } from '../../../route/route.ts';
import { Answer } from './answer.tsx';
import { Proof } from './proof.tsx';
import { useJob } from './use-job.ts';

/** A job as it goes on, and once it is there its answer and the check of it. */
export function FollowedJob({ id, back }: { id: string; back: string }) {
  const { stages, error, isOver } = useJob(id);
  const result = stages.findLast((stage) => stage.stage === 'result');
  return (
    <div className="stack">
      <p>
        Job <Hash of={id} href={to('jobs', id)} copy />. It goes on when you leave; this address shows it again.
      </p>
      <ol className="stages" aria-label="Stages of the job" aria-live="polite">
        {stages.map((stage, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: stages only follow one another
          <li key={i}>{wordsOf(stage)}</li>
        ))}
        {!isOver && <li className="next">{nextAfter(stages.at(-1))}</li>}
      </ol>
      {stages.length === 0 && !error && <Loading what="the job" />}
      {error && <Failure error={error} title={TITLES[error.code] ?? 'The job cannot be followed'} />}
      {result?.stage === 'result' && (
        <>
          <Answer outputs={result.outputs[0]} />
          <Proof id={id} />
        </>
      )}
      <p>
        <a href={back}>Draw another</a>
      </p>
    </div>
  );
}

function wordsOf(stage: JobStage): ReactNode {
  switch (stage.stage) {
    case 'posted':
      return 'Posted: the money is with the contract.';
    case 'accepted':
      return (
        <>
          Accepted by <Address of={stage.provider} />, whose stake is locked.
        </>
      );
    case 'reopened':
      return (
        <>
          <Address of={stage.provider} /> left in time; it is open to all again.
        </>
      );
    case 'submitted':
      return (
        <>
          Submitted: the provider is bound to <Hash of={stage.batchRoot} copy />.
        </>
      );
    case 'result':
      return 'The result is here, and its bytes are those that were committed to.';
    case 'rejected':
      return (
        <>
          Convicted: <Address of={stage.challenger} /> proved a number wrong. The fee can be taken back.
        </>
      );
    case 'late':
      return 'Late: the deadline passed without a result. The fee can be taken back.';
    case 'cancelled':
      return 'Cancelled by its requester.';
    case 'refunded':
      return 'The money went back.';
    case 'final':
      return 'Final: nobody can challenge it any more.';
  }
}

function nextAfter(stage: JobStage | undefined): string {
  if (!stage) return 'Looking for it …';
  if (stage.stage === 'accepted') return 'The provider computes …';
  if (stage.stage === 'submitted') return 'Fetching the result …';
  return 'Waiting for a provider …';
}

const TITLES: Record<string, string> = {
  JOB_REJECTED: 'Its result was proven wrong',
  JOB_LATE: 'Nobody answered in time',
  JOB_CANCELLED: 'It was cancelled',
  JOB_REFUNDED: 'Its money went back already',
  JOB_UNKNOWN: 'There is no such job',
  RESULT_MISMATCH: 'What was served is not what was committed to',
};
