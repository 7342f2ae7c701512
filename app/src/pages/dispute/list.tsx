import type { BatchRow } from '@essaim/sdk';
import { Address, Hash } from '../../parts/address.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Certainty, SourceNote } from '../../parts/certainty.tsx';
import { PageHeading } from '../../parts/page-heading.tsx';
import { State } from '../../parts/state.tsx';
import { Time } from '../../parts/time.tsx';
import { useReading } from '../../reading/use-reading.ts';
import { to } from '../../route/route.ts';

/** Convicted batches, newest first. */
export function DisputeList() {
  const batches = useReading((reading) => reading.batches({ isRejected: true }).page(50), []);
  const rows = batches.value?.rows;
  return (
    <>
      <PageHeading
        title="Disputes"
        lead="Every result can be run again by anyone. These did not stand: a contract saw why, by arithmetic alone."
      />
      <State
        of={{ ...batches, value: rows }}
        what="the disputes"
        empty="No result was ever convicted here. That is what honest work looks like."
      >
        {(all) => (
          <ul className="grid disputes">
            {all.map((row) => (
              <li key={row.id}>
                <Card of={row} />
              </li>
            ))}
          </ul>
        )}
      </State>
      {batches.value?.next && <p className="muted">Older ones are not shown here.</p>}
      <SourceNote of={batches.answer} reorganised={batches.reorganised} />
    </>
  );
}

function Card({ of: row }: { of: BatchRow }) {
  return (
    <article className="card">
      <h2>
        <a href={to('disputes', row.id)}>
          Batch <Hash of={row.id} />
        </a>
      </h2>
      <p>
        <span className="badge bad">convicted</span> <Certainty of={row.certainty} />
      </p>
      <p>
        <Address of={row.executor} /> lost what it had at stake, <Amount of={row.lock} />
        {row.challenger && (
          <>
            , on the word of <Address of={row.challenger} />
          </>
        )}
        .
      </p>
      <p className="muted">
        <Time at={row.rejectedAt ?? row.submittedAt} />
      </p>
    </article>
  );
}
