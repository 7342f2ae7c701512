import type { Lending, Progress } from '@essaim/provider/browser';
import { useState } from 'react';
import { Failure } from '../../parts/failure.tsx';
import { Figure } from '../../parts/figure.tsx';
import { Time } from '../../parts/time.tsx';
import { showEnergy, showSeconds, stateOf, titleOf } from './words.ts';

/** What the tab does now, and what it did. */
export function RunningCard({
  lending,
  progress,
  onAgain,
}: {
  lending: Lending;
  progress: Progress;
  onAgain: () => void;
}) {
  const [isAsked, setAsked] = useState(false);
  const { badge, tone, words } = stateOf(progress);
  const isStopped = progress.state === 'stopped';
  return (
    <section className="card">
      <h2>This tab</h2>
      <p role="status">
        <span className={`badge ${tone}`}>{badge}</span> {words}
      </p>
      {progress.notice && (progress.state === 'away' || isStopped) && (
        <Failure error={progress.notice} title={titleOf(progress.notice.code)} />
      )}
      <dl className="figures">
        <Figure of={progress.jobs} what="executions for jobs" />
        <Figure of={progress.checks} what="claims checked" />
        <Figure of={progress.earned} token={lending.about.token} what="earned in this session" />
        <div>
          <dt>of work</dt>
          <dd>{showSeconds(progress.seconds)}</dd>
        </div>
        <div>
          <dt>used, as estimated</dt>
          <dd>{showEnergy(progress.wattHours)}</dd>
        </div>
      </dl>
      {progress.lost > 0 && (
        <p className="note">
          {progress.lost} went to others, because they were interrupted or took too long. That costs nobody anything.
        </p>
      )}
      {!isStopped && progress.until !== null && (
        <p>
          It ends by itself <Time at={progress.until} />, or when the amount is earned. You may close the tab at any
          moment: somebody else does what it was doing.
        </p>
      )}
      <p className="buttons">
        {isStopped ? (
          <button type="button" className="primary" onClick={onAgain}>
            Set new limits
          </button>
        ) : (
          <button
            type="button"
            className="secondary"
            aria-disabled={isAsked}
            onClick={() => {
              if (isAsked) return;
              setAsked(true);
              void lending.stop();
            }}
          >
            Stop
          </button>
        )}
      </p>
    </section>
  );
}
