import { useState } from 'react';
import { SourceNote } from '../../../parts/certainty.tsx';
import { State } from '../../../parts/state.tsx';
import { useAsk } from '../../../reading/use-ask.ts';
import { useReading } from '../../../reading/use-reading.ts';
import { ProposalCard } from './proposal-card.tsx';

const SIZE = 10;

/** Proposals, newest first, as many as were asked for. */
export function ProposalList() {
  const [count, setCount] = useState(SIZE);
  const read = useReading((reading) => reading.proposals().page(count), [count]);
  const now = read.answer?.asOf.time ?? 0;
  const ids = read.value?.rows.map(({ id }) => id) ?? [];
  const quorums = useAsk(
    async ({ contracts: { EssaimGovernor } }) => {
      const quorumOf = async (begins: number) => EssaimGovernor.quorum(begins < now ? begins : now - 1);
      return Promise.all((read.value?.rows ?? []).map(({ voteStart }) => quorumOf(voteStart)));
    },
    [ids.join()],
  );
  return (
    <State
      of={read}
      what="proposals"
      isEmpty={({ rows }) => rows.length === 0}
      empty="Nothing was proposed yet. Who has 100,000 votes can propose a change."
    >
      {({ rows, next }) => (
        <>
          {rows.map((row, i) => (
            <ProposalCard key={`${row.id}`} row={row} quorum={quorums.value?.[i]} now={now} />
          ))}
          {next !== undefined && (
            <button type="button" onClick={() => setCount(count + SIZE)}>
              Show older ones
            </button>
          )}
          <SourceNote of={read.answer} reorganised={read.reorganised} />
        </>
      )}
    </State>
  );
}
