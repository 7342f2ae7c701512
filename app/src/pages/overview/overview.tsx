import { SourceNote } from '../../parts/certainty.tsx';
import { Figure } from '../../parts/figure.tsx';
import { PageHeading } from '../../parts/page-heading.tsx';
import { State } from '../../parts/state.tsx';
import { useReading } from '../../reading/use-reading.ts';

/** What the protocol is, and the network in numbers. */
export default function Overview() {
  const overview = useReading((reading) => reading.overview({ interval: 'hour', spans: 48 }), []);
  return (
    <>
      <PageHeading
        title="Essaim"
        lead="An open market for AI work in which a contract convicts a single wrong number by arithmetic alone."
      />
      <State of={overview} what="the network’s figures">
        {({ jobs, models, runs, rejected, staked }) => (
          <dl className="figures">
            <Figure of={jobs} what="jobs posted" />
            <Figure of={models} what="models" />
            <Figure of={runs} what="training runs" />
            <Figure of={rejected} what="batches convicted" />
            <Figure of={staked} what="at stake" />
          </dl>
        )}
      </State>
      <SourceNote of={overview.answer} reorganised={overview.reorganised} />
    </>
  );
}
