import { type PoolView, showValue } from '@essaim/sdk';
import { Amount } from '../../../parts/amount.tsx';
import { State } from '../../../parts/state.tsx';
import { Time } from '../../../parts/time.tsx';
import { useAsk } from '../../../reading/use-ask.ts';
import { OwnBacking } from './own-backing.tsx';
import { Yields } from './yields.tsx';

/** One pool: whose stake backs the operator's work, what it brought, and what the connected account has in it. */
export function PoolCard({ operator, what }: { operator: string; what: 'jobs' | 'training' }) {
  const pool = useAsk(({ pools }) => pools.of(operator, what), [operator, what], { every: 15_000 });
  return (
    <section className="card pool" aria-labelledby={`pool-${what}`}>
      <h2 id={`pool-${what}`}>Pool for {what}</h2>
      <State of={pool} what="the pool">
        {(it) => (
          <div className="columns">
            <div className="stack">
              <PoolFacts pool={it} />
              <Yields pool={it} />
            </div>
            <div className="stack">
              <OwnBacking pool={it} />
            </div>
          </div>
        )}
      </State>
    </section>
  );
}

function PoolFacts({ pool }: { pool: PoolView }) {
  const { own, ownThawing, delegated, thawing, locked, room, rate, cut, announced } = pool;
  const lost = Number(((10n ** 18n - rate) * 10_000n) / 10n ** 18n) / 100;
  return (
    <dl className="facts">
      <dt>The operator’s own</dt>
      <dd>
        <Amount of={own} />
        {ownThawing > 0n && (
          <small>
            , <Amount of={ownThawing} /> leave
          </small>
        )}
      </dd>
      <dt>Delegated</dt>
      <dd>
        <Amount of={delegated} />
        {thawing > 0n && (
          <small>
            , <Amount of={thawing} /> leave
          </small>
        )}
      </dd>
      <dt>Backs work now</dt>
      <dd>
        <Amount of={locked} />
      </dd>
      <dt>Room for more</dt>
      <dd>
        <Amount of={room} />
      </dd>
      <dt>Operator’s cut</dt>
      <dd>
        {showValue(cut, 'bp of the fees')}
        {announced && (
          <>
            , {showValue(announced.cut, 'bp')} from <Time at={announced.from} />
          </>
        )}
      </dd>
      <dt>Lost to slashes</dt>
      <dd>{lost === 0 ? 'nothing' : `${lost} % of each share`}</dd>
    </dl>
  );
}
