import type { ModelRow } from '@essaim/sdk';
import { Address } from '../../parts/address.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Certainty } from '../../parts/certainty.tsx';
import { inertText } from '../../parts/inert-text.ts';
import { Text } from '../../parts/text.tsx';
import { Time } from '../../parts/time.tsx';
import { useAsk } from '../../reading/use-ask.ts';
import { to } from '../../route/route.ts';
import { fetchManifest } from './manifest.ts';

/** One model among others; not drawn where `words` are neither in its name nor in who or what it is. */
export function ModelCard({ of: row, words }: { of: ModelRow; words: string }) {
  const { id, owner, price, token, run, parents, createdAt, certainty, programs } = row;
  const digest = programs[0]?.manifest;
  const { value: manifest, error } = useAsk(
    (essaim, signal) => (digest ? fetchManifest(essaim, digest, signal) : Promise.resolve(undefined)),
    [digest],
  );
  const all = `${inertText(manifest?.name)} ${inertText(manifest?.description)} ${owner} ${id} ${id.toString(16)}`;
  if (words && !all.toLowerCase().includes(words.trim().toLowerCase())) return null;
  return (
    <li className="card model-card">
      <h2>
        <a href={to('models', id)}>
          {manifest ? <Text of={manifest.name} limit={60} empty="(no name)" /> : error ? 'A model without words' : '…'}
        </a>
      </h2>
      <p className="model-says">
        {manifest && <Text of={manifest.description} limit={140} />}
        {error && <span className="muted">What it says of itself is not served: {error.code}</span>}
      </p>
      <p className="model-tags">
        {run !== null && <span className="badge good">trained here</span>}
        {parents.length > 0 && (
          <span className="badge">
            from {parents.length} other{parents.length > 1 && 's'}
          </span>
        )}
        {programs.some(({ barred }) => barred !== null) && <span className="badge bad">barred</span>}
        <Certainty of={certainty} />
      </p>
      <p className="model-foot">
        <span>{price === 0n ? 'no royalty' : <Amount of={price} token={token} />}</span>
        <span className="muted">
          by <Address of={owner} />, <Time at={createdAt} />
        </span>
      </p>
    </li>
  );
}
