import type { Happened } from '@essaim/sdk';
import { State } from '../../../parts/state.tsx';
import { Text } from '../../../parts/text.tsx';
import { useAsk } from '../../../reading/use-ask.ts';

const KINDS: readonly (readonly [keyof Happened, string])[] = [
  ['events', 'What happened'],
  ['moved', 'What moved'],
  ['roles', 'Roles'],
  ['judges', 'Judges'],
];

/** What came of a proposal that was carried out, as the events of its transaction say. */
export function Outcome({ id }: { id: bigint }) {
  const outcome = useAsk(async ({ governance }) => (await governance.outcome(id)) ?? null, [id]);
  return (
    <section className="card" aria-labelledby="outcome">
      <h2 id="outcome">What came of it</h2>
      <State
        of={outcome}
        what="what came of it"
        empty="This endpoint does not find the transaction that carried it out."
      >
        {(it) => (
          <>
            {KINDS.filter(([kind]) => it[kind].length > 0).map(([kind, name]) => (
              <section key={kind}>
                <h3>{name}</h3>
                <ul>
                  {it[kind].map((line) => (
                    <li key={line}>
                      <Text of={line} limit={600} />
                    </li>
                  ))}
                </ul>
              </section>
            ))}
          </>
        )}
      </State>
    </section>
  );
}
