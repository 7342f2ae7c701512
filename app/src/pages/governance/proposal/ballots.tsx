import { Address } from '../../../parts/address.tsx';
import { Amount } from '../../../parts/amount.tsx';
import { Certainty, SourceNote } from '../../../parts/certainty.tsx';
import { State } from '../../../parts/state.tsx';
import { Text } from '../../../parts/text.tsx';
import { useReading } from '../../../reading/use-reading.ts';
import { When } from '../when.tsx';

const WORDS = { for: 'For', against: 'Against', abstain: 'Abstained' } as const;
const CLASSES = { for: 'good', against: 'bad', abstain: '' } as const;

/** Who voted, with what, and why. */
export function Ballots({ id }: { id: bigint }) {
  const read = useReading((reading) => reading.proposal(id), [id]);
  const ballots = { ...read, value: read.answer ? (read.value?.ballots ?? []) : undefined };
  return (
    <section className="card" aria-labelledby="ballots">
      <h2 id="ballots">Who voted</h2>
      <State of={ballots} what="votes" empty="Nobody yet.">
        {(rows) => (
          <ul className="stack ballots">
            {rows.map(({ voter, support, weight, reason, time }) => (
              <li key={voter}>
                <span className={`badge ${CLASSES[support]}`}>{WORDS[support]}</span> <Address of={voter} /> with{' '}
                <Amount of={weight} />, <When at={time} now={read.answer?.asOf.time ?? time} />
                <br />
                {reason !== '' && <Text of={reason} limit={600} />}
              </li>
            ))}
          </ul>
        )}
      </State>
      {read.value && <Certainty of={read.value.certainty} />}
      <SourceNote of={read.answer} reorganised={read.reorganised} />
    </section>
  );
}
