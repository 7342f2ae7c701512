import type { RunDetail } from '@essaim/sdk';
import { Hash } from '../../../parts/address.tsx';
import { Certainty, SourceNote } from '../../../parts/certainty.tsx';
import { inertText } from '../../../parts/inert-text.ts';
import { PageHeading } from '../../../parts/page-heading.tsx';
import { State } from '../../../parts/state.tsx';
import { Text } from '../../../parts/text.tsx';
import { useReading } from '../../../reading/use-reading.ts';
import { ProgressBar } from '../progress-bar.tsx';
import { useRunWords } from '../run-name.tsx';
import { runWords } from '../run-words.ts';
import { RunBadge } from '../state-badge.tsx';
import { Backers } from './backers.tsx';
import { Contributors } from './contributors-view.tsx';
import { LossCurve } from './loss-curve.tsx';
import { Money } from './money.tsx';
import { Rounds } from './rounds-view.tsx';
import { Terms } from './terms.tsx';

/** One run: its loss, its rounds, who trained and backed it, and the model that it made. */
export default function RunPage({ id }: { id: string }) {
  const read = useReading((reading) => reading.run(id), [id]);
  const run = { ...read, value: read.answer ? (read.value ?? null) : undefined };
  const now = read.answer?.asOf.time ?? 0;
  return (
    <>
      {!run.value && <PageHeading title="Run" />}
      <State of={run} what="the run" empty={`There is no run ${inertText(id, 80)}.`}>
        {(it) => (
          <>
            <Head run={it} now={now} />
            <div className="columns wide-left">
              <div className="stack">
                <LossCurve run={it} />
                <Contributors run={it} />
                <Backers run={it} />
              </div>
              <div className="stack">
                <Money run={it} />
                <Rounds run={it} />
                <Terms run={it} />
              </div>
            </div>
            <SourceNote of={read.answer} reorganised={read.reorganised} />
          </>
        )}
      </State>
    </>
  );
}

function Head({ run, now }: { run: RunDetail; now: number }) {
  const { name, description, licence } = useRunWords(run.manifest);
  return (
    <PageHeading
      title={name ? inertText(name, 80) : `Run ${run.id.slice(0, 10)}…`}
      lead={description && <Text of={description} limit={300} />}
    >
      <p>
        <RunBadge run={run} now={now} /> {runWords(run, now).means} <Certainty of={run.certainty} />
      </p>
      <ProgressBar run={run} />
      <p className="muted">
        Run <Hash of={run.id} copy />
        {licence && (
          <>
            , licence <Text of={licence} limit={40} />
          </>
        )}
      </p>
    </PageHeading>
  );
}
