import type { ProposalRow, ProposalState } from '@essaim/sdk';
import { Address } from '../../../parts/address.tsx';
import { Certainty } from '../../../parts/certainty.tsx';
import { Text } from '../../../parts/text.tsx';
import { to } from '../../../route/route.ts';
import { StateBadge } from '../state-badge.tsx';
import { TallyView } from '../tally-view.tsx';
import { When } from '../when.tsx';

/** Where the chain does not say more: what events tell. */
const STAGES: Readonly<Record<ProposalRow['stage'], ProposalState | undefined>> = {
  open: undefined,
  queued: 'queued',
  executed: 'executed',
  cancelled: 'cancelled',
};

/** A proposal in one look. */
export function ProposalCard({ row, quorum, now }: { row: ProposalRow; quorum?: bigint; now: number }) {
  const state = row.state ?? STAGES[row.stage];
  return (
    <article className="card proposal-card">
      <h3>
        <a href={to('governance', row.id)}>
          <Text of={row.title} limit={120} empty="(no title)" />
        </a>
        {state && <StateBadge state={state} eta={row.eta} now={now} />}
        <Certainty of={row.certainty} />
      </h3>
      {quorum !== undefined && <TallyView votes={row.votes} quorum={quorum} isOpen={state === 'active'} />}
      <p className="muted">
        By <Address of={row.proposer} />. <Next row={row} state={state} now={now} />
      </p>
    </article>
  );
}

function Next({ row, state, now }: { row: ProposalRow; state?: ProposalState; now: number }) {
  if (state === 'pending') return <>Voting begins {<When at={row.voteStart} now={now} />}.</>;
  if (state === 'active') return <>Voting ends {<When at={row.voteEnd} now={now} />}.</>;
  if (state === 'queued' && row.eta !== null && row.eta > now)
    return <>It can be executed from {<When at={row.eta} now={now} />} on.</>;
  return <>Proposed {<When at={row.createdAt} now={now} />}.</>;
}
