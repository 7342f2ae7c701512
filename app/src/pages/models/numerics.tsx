import type { ModelManifest } from '@essaim/sdk';
import { Text } from '../../parts/text.tsx';

/** How much of a model's arithmetic leaves a choice, as its publisher says; nothing enforces these words. */
export function Numerics({ of: manifest }: { of: ModelManifest | undefined }) {
  const numerics = manifest?.numerics;
  const convicted = numerics?.products.filter(({ outcomes }) =>
    Object.values(outcomes).every((it) => it === 'convicted'),
  );
  return (
    <section className="card">
      <h2>Numerics</h2>
      {!manifest && <p className="muted">…</p>}
      {manifest && !numerics && <p>Its publisher says nothing of its arithmetic.</p>}
      {numerics?.products.length === 0 && (
        <p>
          It has no sums of products in float32 that a provider could make cheaper: integers, or integers carried in
          floats, give the same bits on every device.
        </p>
      )}
      {numerics && numerics.products.length > 0 && (
        <p>
          Of {numerics.products.length} sums of products, {convicted?.length ?? 0} convict a provider who computes them
          with cheaper weights in every precision that was tried.
        </p>
      )}
      {numerics?.drift && (
        <>
          <p>How far a provider can move an output within what judges permit, on the publisher’s reference inputs:</p>
          <dl className="facts">
            {Object.entries(numerics.drift.outputs)
              .slice(0, 12)
              .map(([name, { sharp, contract }]) => (
                <div key={name} className="fact">
                  <dt>
                    <Text of={name} limit={40} />
                  </dt>
                  <dd>
                    {sharp.toPrecision(2)}, and {contract.toPrecision(2)} under the kernel contract
                  </dd>
                </div>
              ))}
          </dl>
        </>
      )}
    </section>
  );
}
