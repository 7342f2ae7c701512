import { useState } from 'react';
import { PageHeading } from '../../../parts/page-heading.tsx';
import { State } from '../../../parts/state.tsx';
import { useAsk } from '../../../reading/use-ask.ts';
import { AddPart } from './add-part.tsx';
import { type Now, type Part, type Writing, whyNotYet } from './draft.ts';
import { readNow } from './now.ts';
import { PartForm } from './part-form.tsx';
import { Review } from './review.tsx';
import { Threshold } from './threshold.tsx';
import { WordsForm } from './words-form.tsx';

/** Writes a proposal of typed parts, checked while one types, tries it out, and sends it. */
export default function ProposePage() {
  const now = useAsk(readNow, []);
  return (
    <>
      <PageHeading
        title="Propose a change"
        lead="All parts of one proposal pass or fail together. Judges and other calls are proposed with the command line."
      />
      <State of={now} what="what holds now">
        {(it) => <Editor now={it} />}
      </State>
    </>
  );
}

function Editor({ now }: { now: Now }) {
  const [writing, setWriting] = useState<Writing>({ title: '', text: '', link: '', parts: [] });
  const [reviewed, setReviewed] = useState<Writing>();
  const { parts } = writing;
  const setParts = (next: readonly Part[]) => setWriting({ ...writing, parts: next });
  const why = whyNotYet(writing, now);
  return (
    <div className="columns wide-left">
      <div className="stack">
        <section className="card form" aria-labelledby="words">
          <h2 id="words">In words</h2>
          <WordsForm writing={writing} change={setWriting} />
        </section>
        <section className="card form" aria-labelledby="parts">
          <h2 id="parts">What it changes</h2>
          {parts.map((part, i) => (
            <PartForm
              // biome-ignore lint/suspicious/noArrayIndexKey: parts are only added at the end, or taken out by hand
              key={`${part.kind}${i}`}
              part={part}
              now={now}
              change={(next) => setParts(parts.map((it, j) => (i === j ? next : it)))}
              remove={() => setParts(parts.filter((_, j) => i !== j))}
            />
          ))}
          <AddPart now={now} parts={parts} add={(part) => setParts([...parts, part])} />
        </section>
        <section className="card" aria-labelledby="review">
          <h2 id="review">Look at it, then propose it</h2>
          <div className="buttons">
            <button
              type="button"
              aria-disabled={why !== undefined}
              onClick={() => why === undefined && setReviewed(writing)}
            >
              Check it against the chain
            </button>
          </div>
          {why && <p className="why">{why}</p>}
          {reviewed && !why && reviewed !== writing && (
            <p className="why">It was changed since it was checked: check it again.</p>
          )}
          {reviewed === writing && <Review writing={writing} now={now} />}
        </section>
      </div>
      <Threshold />
    </div>
  );
}
