import type { ModelRow } from '@essaim/sdk';
import { useState } from 'react';
import { Address, Hash } from '../../parts/address.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Certainty, SourceNote } from '../../parts/certainty.tsx';
import { Failure } from '../../parts/failure.tsx';
import { inertText } from '../../parts/inert-text.ts';
import { PageHeading } from '../../parts/page-heading.tsx';
import { State } from '../../parts/state.tsx';
import { Text } from '../../parts/text.tsx';
import { Time } from '../../parts/time.tsx';
import { useAsk } from '../../reading/use-ask.ts';
import { useReading } from '../../reading/use-reading.ts';
import { to } from '../../route/route.ts';
import { Lineage } from './lineage.tsx';
import { fetchManifest } from './manifest.ts';
import { ModelRecord } from './model-record.tsx';
import { Numerics } from './numerics.tsx';
import { Programs } from './programs.tsx';
import { Shares } from './shares.tsx';
import { TryIt } from './try/try-it.tsx';

/** One model: what it says, what the chain knows of it, and trying it. */
export function ModelPage({ id, job }: { id: bigint; job?: string }) {
  const read = useReading((reading) => reading.model(id), [id]);
  if (read.answer && read.value === undefined)
    return (
      <PageHeading title="No such model" lead="The registry knows no model of this number on this chain.">
        <p>
          <a href={to('models')}>All models</a>
        </p>
      </PageHeading>
    );
  return (
    <State of={read} what="this model">
      {(row) => (
        <>
          <Model key={row.id.toString()} of={row} job={job} />
          <SourceNote of={read.answer} reorganised={read.reorganised} />
        </>
      )}
    </State>
  );
}

function Model({ of: row, job }: { of: ModelRow; job?: string }) {
  const [chosen, choose] = useState(0);
  const program = row.programs[Math.min(chosen, row.programs.length - 1)];
  const { value: manifest, error } = useAsk(
    (essaim, signal) => fetchManifest(essaim, program.manifest, signal),
    [program.manifest],
  );
  return (
    <>
      <PageHeading
        title={manifest ? inertText(manifest.name, 80) || 'A model without a name' : 'A model'}
        lead={manifest && <Text of={manifest.description} limit={600} />}
      >
        <p className="model-tags">
          {row.run !== null && <span className="badge good">trained here, provably</span>}
          {program.barred && <span className="badge bad">barred from new jobs</span>}
          <Certainty of={row.certainty} />
        </p>
        {error && <Failure error={error} title="What this model says of itself is not to be had" />}
      </PageHeading>
      <TryIt row={row} program={program} job={job} />
      <div className="columns">
        <section className="card">
          <h2>What the chain knows</h2>
          <dl className="facts">
            <dt>Price of an inference</dt>
            <dd>{row.price === 0n ? 'none beyond the provider’s fee' : <Amount of={row.price} token={row.token} />}</dd>
            <dt>Owner</dt>
            <dd>
              <Address of={row.owner} copy />
            </dd>
            <dt>Registered</dt>
            <dd>
              <Time at={row.createdAt} />
            </dd>
            <dt>Number</dt>
            <dd>
              <Hash of={row.id} copy />
            </dd>
            {row.run && (
              <>
                <dt>Made by</dt>
                <dd>
                  run <Hash of={row.run} href={to('training', row.run)} />
                </dd>
              </>
            )}
            <dt>Licence</dt>
            <dd>{manifest ? <Text of={manifest.licence} limit={80} /> : '…'}</dd>
          </dl>
        </section>
        <Lineage of={row} name={manifest?.name} />
        <Programs of={row.programs} chosen={program} choose={choose} onnx={manifest?.onnx} />
        <Numerics of={manifest} />
        <Shares of={row} />
      </div>
      <ModelRecord id={row.id} />
    </>
  );
}
