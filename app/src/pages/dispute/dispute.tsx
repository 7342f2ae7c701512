import type { Conviction } from '@essaim/sdk';
import { isHexString } from 'ethers';
import { useRef } from 'react';
import { Certainty, SourceNote } from '../../parts/certainty.tsx';
import { PageHeading } from '../../parts/page-heading.tsx';
import { State } from '../../parts/state.tsx';
import { useAsk } from '../../reading/use-ask.ts';
import { useReading } from '../../reading/use-reading.ts';
import { to } from '../../route/route.ts';
import { Collect } from './collect.tsx';
import { Evidence } from './evidence.tsx';
import { NotConvicted } from './not-convicted.tsx';
import { OtherFault } from './other-fault.tsx';
import { Picture } from './picture/picture.tsx';
import { Story } from './story.tsx';
import { TITLES } from './titles.ts';
import { useProgram } from './use-program.ts';

/** How often the chain is asked whether the batch was convicted, and once it is, what became of that. */
const EVERY = 3_000;

const NOWHERE = 'There is no batch of this id in the chain.';

/** One batch and what is said against it, followed live. */
export function Dispute({ batchId }: { batchId: string }) {
  return isHexString(batchId, 32) ? (
    <Known batchId={batchId} />
  ) : (
    <PageHeading title="No such batch" lead="A batch’s id is 0x and 64 digits of hex." />
  );
}

function Known({ batchId }: { batchId: string }) {
  const batch = useReading((reading) => reading.batch(batchId), [batchId], { interval: EVERY });
  const asked = useAsk(({ disputes }) => disputes.conviction(batchId), [batchId], { every: EVERY });
  const conviction = asked.value ?? undefined;
  const wasConvicted = useRef(false);
  if (conviction) wasConvicted.current = true;
  const takenBack = wasConvicted.current && asked.value === null;
  const shown = asked.value === undefined ? undefined : batch.answer ? (batch.value ?? null) : undefined;
  if (conviction) return <Convicted conviction={conviction} error={asked.error} />;
  return (
    <>
      <PageHeading
        title="A result under watch"
        lead="Anyone may run it again. One wrong number is enough to convict it."
      />
      {takenBack && (
        <p className="old" role="status">
          The chain took back the block in which this batch was convicted. It may be convicted again.
        </p>
      )}
      <State of={{ ...batch, value: shown, error: batch.error ?? asked.error }} what="the batch" empty={NOWHERE}>
        {(row) => <NotConvicted batch={row} />}
      </State>
      <SourceNote of={batch.answer} reorganised={batch.reorganised} />
    </>
  );
}

function Convicted({ conviction, error }: { conviction: Conviction; error?: { message: string } }) {
  const jobId = conviction.client === 'JobMarket' ? conviction.subject : null;
  const { kind, element, certainty, sentences, claims, leaf } = conviction;
  const program = useProgram(jobId, element?.programId);
  const { title, lead } = TITLES[kind];
  return (
    <>
      <PageHeading title={title} lead={lead}>
        <p role="status">
          <span className="badge bad">convicted</span> <Certainty of={certainty} />{' '}
          {claims > 1 && `Claim ${leaf + 1} of ${claims}. `}
          {jobId && <a href={to('jobs', jobId)}>The job</a>}
        </p>
      </PageHeading>
      {error && (
        <p className="old" role="status">
          This is what was last known; no newer answer comes: {error.message}.
        </p>
      )}
      {element ? (
        <Picture conviction={conviction} fault={element} program={program.value ?? null} />
      ) : (
        <OtherFault conviction={conviction} />
      )}
      {!conviction.penalty && jobId && <Collect batchId={conviction.batchId} jobId={jobId} />}
      <div className="columns">
        <Story conviction={conviction} />
        {element ? <Evidence conviction={conviction} fault={element} /> : <InSentences of={sentences} />}
      </div>
    </>
  );
}

function InSentences({ of }: { of: readonly string[] }) {
  return (
    <section className="stack">
      <h2>In words</h2>
      {of.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </section>
  );
}
