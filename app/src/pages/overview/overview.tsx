import './overview.css';
import { SourceNote } from '../../parts/certainty.tsx';
import { Figure } from '../../parts/figure.tsx';
import { PageHeading } from '../../parts/page-heading.tsx';
import { State } from '../../parts/state.tsx';
import { useReading } from '../../reading/use-reading.ts';
import { to } from '../../route/route.ts';
import { Activity } from './activity.tsx';
import { HowItWorks } from './how-it-works.tsx';
import { Paused } from './paused.tsx';

/** What the protocol is, and the network in numbers. */
export default function Overview() {
  const overview = useReading((reading) => reading.overview({ interval: 'hour', spans: 72 }), []);
  return (
    <>
      <div className="hero">
        <PageHeading
          title="One wrong number is enough."
          lead="Essaim is an open market for AI work. Whoever runs a model stakes on every value it computes; if a single one is not what its operator permits, a contract recomputes that number and the stake is gone."
        >
          <p className="buttons">
            <a className="button primary" href={to('models')}>
              Try a model
            </a>
            <a className="button" href={to('jobs')}>
              See the jobs
            </a>
          </p>
        </PageHeading>
        <HowItWorks />
      </div>
      <State of={overview} what="the network’s figures">
        {(figures) => (
          <>
            <Paused until={figures.pausedUntil} guardian={figures.guardian} />
            <dl className="figures">
              <Figure of={figures.jobs} what="jobs posted" />
              <Figure of={figures.models} what="models" />
              <Figure of={figures.runs} what="training runs" />
              <Figure of={figures.rejected} what="results convicted" />
              <Figure of={figures.staked} what="at stake" />
              <Figure of={figures.slashed} what="slashed" />
              <Figure of={burnedIn(figures)} what="burned" />
            </dl>
            <Activity of={figures} />
          </>
        )}
      </State>
      <SourceNote of={overview.answer} reorganised={overview.reorganised} />
    </>
  );
}

/** What was slashed and burned, and the protocol's fees that were. */
function burnedIn({ burned, feesBurned }: { burned?: bigint; feesBurned?: bigint }): bigint | undefined {
  return burned === undefined && feesBurned === undefined ? undefined : (burned ?? 0n) + (feesBurned ?? 0n);
}
