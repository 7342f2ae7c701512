import type { JobQuery, JobRow } from '@essaim/sdk';
import { useState } from 'react';
import { useEssaim } from '../../connection/connection.ts';
import { Address, Hash } from '../../parts/address.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Certainty, SourceNote } from '../../parts/certainty.tsx';
import { PageHeading } from '../../parts/page-heading.tsx';
import { State } from '../../parts/state.tsx';
import { Time } from '../../parts/time.tsx';
import { useReading } from '../../reading/use-reading.ts';
import { to } from '../../route/route.ts';
import { go } from '../../route/use-route.ts';
import { FILTERS, stateWords } from './job-states.ts';

const PAGE = 20;
const WHOSE = [
  { key: '', label: 'Everybody’s' },
  { key: 'requester', label: 'That I posted' },
  { key: 'provider', label: 'That I run' },
] as const;

/** Jobs, newest first, narrowed by state and by whose they are; the address keeps the choice. */
export function JobList({ query }: { query: URLSearchParams }) {
  const { wallet } = useEssaim();
  const filter = FILTERS.find(({ key }) => key === (query.get('state') ?? '')) ?? FILTERS[0];
  const whose = WHOSE.find(({ key }) => key === (query.get('whose') ?? '')) ?? WHOSE[0];
  const choose = (changes: Record<string, string>) =>
    go(to('jobs', present({ state: filter.key, whose: whose.key, ...changes })));
  return (
    <>
      <PageHeading
        title="Jobs"
        lead="Every inference that was asked for, what came of it, and whether it still can be challenged."
      />
      <div className="filters">
        <Choice
          legend="Which"
          name="state"
          options={FILTERS}
          chosen={filter.key}
          choose={(state) => choose({ state })}
        />
        <Choice legend="Whose" name="whose" options={WHOSE} chosen={whose.key} choose={(it) => choose({ whose: it })} />
      </div>
      {whose.key && !wallet.account ? (
        <p className="empty">Connect a wallet to see your own.</p>
      ) : (
        <Pages
          key={`${filter.key}/${whose.key}/${wallet.account}`}
          query={{ state: filter.state, ...(whose.key && { [whose.key]: wallet.account }) }}
        />
      )}
    </>
  );
}

const present = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value));

function Choice({
  legend,
  name,
  options,
  chosen,
  choose,
}: {
  legend: string;
  name: string;
  options: readonly { key: string; label: string }[];
  chosen: string;
  choose: (key: string) => void;
}) {
  return (
    <fieldset className="segments">
      <legend>{legend}</legend>
      {options.map(({ key, label }) => (
        <label key={key}>
          <input type="radio" name={name} checked={key === chosen} onChange={() => choose(key)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** One page of the list after another; going on keeps the block that the first was of. */
function Pages({ query }: { query: JobQuery }) {
  const [cursors, setCursors] = useState<(string | undefined)[]>([undefined]);
  const cursor = cursors.at(-1);
  const jobs = useReading((reading) => reading.jobs(query).page(PAGE, cursor), [cursor]);
  const next = jobs.value?.next;
  return (
    <>
      <State of={{ ...jobs, value: jobs.value?.rows }} what="the jobs" empty="There are none of these.">
        {(rows) => (
          <ul className="job-list">
            {rows.map((row) => (
              <li key={row.id}>
                <Row of={row} now={jobs.answer!.asOf.time} />
              </li>
            ))}
          </ul>
        )}
      </State>
      <p className="buttons">
        {cursors.length > 1 && (
          <button type="button" onClick={() => setCursors(cursors.slice(0, -1))}>
            Newer
          </button>
        )}
        {next && (
          <button type="button" onClick={() => setCursors([...cursors, next])}>
            Older
          </button>
        )}
      </p>
      <SourceNote of={jobs.answer} reorganised={jobs.reorganised} />
    </>
  );
}

function Row({ of: job, now }: { of: JobRow; now: number }) {
  const { badge, tone } = stateWords(job, now);
  return (
    <article>
      <h2>
        <a href={to('jobs', job.id)}>
          Job <Hash of={job.id} />
        </a>
      </h2>
      <p className="badges">
        <span className={`badge ${tone}`}>{badge}</span> <Certainty of={job.certainty} />
      </p>
      <p>
        <Address of={job.requester} /> asks {job.provider ? <Address of={job.provider} /> : 'anyone'} for{' '}
        {job.count === 1 ? 'one input' : `${job.count} inputs`}
      </p>
      <p className="price">
        <Amount of={(job.fee + job.royalty) * BigInt(job.count)} token={job.token} />
      </p>
      <p className="muted">
        <Time at={job.postedAt} />
      </p>
    </article>
  );
}
