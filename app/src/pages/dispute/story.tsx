import type { Conviction } from '@essaim/sdk';
import type { ReactNode } from 'react';
import { Address, Hash } from '../../parts/address.tsx';
import { Amount } from '../../parts/amount.tsx';
import { showSpan, Time } from '../../parts/time.tsx';

/** What happened, in order. */
export function Story({ conviction }: { conviction: Conviction }) {
  const { executor, challenger, submitted, accused, silence, penalty, gas, adjudicator, transaction, time } =
    conviction;
  const after = (at: number) => `${showSpan(at - submitted.time)} later`;
  return (
    <section className="stack">
      <h2>How it went</h2>
      <ol className="story">
        <Event when={<Time at={submitted.time} />}>
          <Address of={executor} /> committed to the result.
        </Event>
        {silence && (
          <Event when="then">
            <Address of={silence.demander} /> asked for {silence.what}, with a bond of {showCoin(silence.bond)}.
          </Event>
        )}
        {silence && <Event when={after(silence.endsAt)}>The clock ran out in silence.</Event>}
        {accused && (
          <Event when={after(accused.time)}>
            <Address of={challenger} /> committed to a proof, without showing it: nobody could take it from the queue.
          </Event>
        )}
        <Event when={after(time)} isMain>
          {adjudicator} convicted it in one transaction, <Hash of={transaction} copy />, for {gas.toLocaleString('en')}{' '}
          gas.
        </Event>
        {penalty && (
          <Event when="then">
            The lock was collected: <Amount of={penalty.lock - penalty.returned} /> taken.
          </Event>
        )}
      </ol>
    </section>
  );
}

const showCoin = (wei: bigint) => `${(Number(wei) / 1e18).toPrecision(3).replace(/\.?0+$/, '')} of the chain’s coin`;

function Event({ when, isMain, children }: { when: ReactNode; isMain?: boolean; children: ReactNode }) {
  return (
    <li className={isMain ? 'main' : undefined}>
      <span className="when">{when}</span>
      <span>{children}</span>
    </li>
  );
}
