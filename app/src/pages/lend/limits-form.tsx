import { type About, batteryOf, Lending } from '@essaim/provider/browser';
import { useEffect, useState } from 'react';
import { Action } from '../../parts/action.tsx';
import { useToken } from '../../parts/use-token.ts';
import { Field, Tick } from './field.tsx';
import { setRunning } from './lending-store.ts';
import { amountOf, FIRST, type Wishes, whyNot } from './limits.ts';

/** The limits that a person sets, and the one signature that starts it. */
export function LimitsForm({ sponsor, about }: { sponsor: string; about: About | undefined }) {
  const [wishes, setWishes] = useState<Wishes>(FIRST);
  const [hasBattery, setHasBattery] = useState(true);
  const { symbol, decimals } = useToken(about?.token);
  useEffect(() => void batteryOf().then((battery) => setHasBattery(battery !== null)), []);
  const set = (changed: Partial<Wishes>) => setWishes({ ...wishes, ...changed });
  return (
    <section className="card form">
      <h2>Your limits</h2>
      <div className="pair">
        <Field
          id="hours"
          type="number"
          min="0.1"
          step="any"
          label="Hours"
          help="Then it stops, and what you signed counts no more."
          value={wishes.hours}
          onChange={({ target }) => set({ hours: target.value })}
        />
        <Field
          id="amount"
          type="text"
          inputMode="decimal"
          label={`Most to earn (${symbol})`}
          help="It stops when this is earned."
          value={wishes.amount}
          onChange={({ target }) => set({ amount: target.value })}
        />
      </div>
      <Tick
        id="hidden"
        label="Rest while this tab is not seen"
        checked={wishes.whenHidden}
        onChange={({ target }) => set({ whenHidden: target.checked })}
      />
      {hasBattery ? (
        <div className="pair">
          <Tick
            id="battery"
            label="Rest while the battery is low and not charging"
            checked={wishes.onBattery}
            onChange={({ target }) => set({ onBattery: target.checked })}
          />
          <Field
            id="percent"
            type="number"
            min="1"
            max="99"
            label="Low is below (percent)"
            help="Of a full charge."
            value={wishes.belowBattery}
            disabled={!wishes.onBattery}
            onChange={({ target }) => set({ belowBattery: target.value })}
          />
        </div>
      ) : (
        <p className="note">This browser does not tell pages of the battery, so it cannot rest by it.</p>
      )}
      <Field
        id="watts"
        type="number"
        min="1"
        step="any"
        label="Power of one busy core (watts)"
        help="For the estimate of what this takes: some 5 for a phone, 8 for a laptop, 15 for a desktop. A browser cannot measure it."
        value={wishes.watts}
        onChange={({ target }) => set({ watts: target.value })}
      />
      <Action
        label="Sign and start"
        why={whyNot(wishes, about, decimals)}
        done="Signed: it has begun."
        run={async (essaim) => {
          const lending = await Lending.start({
            ...{ sponsor, essaim, watts: Number(wishes.watts) },
            limits: {
              hours: Number(wishes.hours),
              amount: amountOf(wishes.amount, decimals)!,
              whenHidden: wishes.whenHidden,
              belowBattery: hasBattery && wishes.onBattery ? Number(wishes.belowBattery) : null,
            },
            onProgress: (progress) => setRunning({ progress }),
          });
          setRunning({ lending });
        }}
      />
      <p className="note">
        The wallet shows the sponsor, your account, the token, this tab’s key, the most it may earn and when it ends.
        Nothing is sent and nothing costs gas. Who steals the key can only work for you.
      </p>
    </section>
  );
}
