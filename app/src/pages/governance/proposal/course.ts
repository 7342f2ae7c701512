import type { ProposalView } from '@essaim/sdk';

/** One step of a proposal's way, with the second of the chain's clock in which it comes or came. */
export interface Stop {
  what: string;
  at?: number;
  /** What is reached, what is next, what may come after. */
  is: 'done' | 'next' | 'later';
  note?: string;
}

const ENDED = ['cancelled', 'defeated', 'expired'] as const;

/** Where a proposal is on its way from being made to being carried out. `delay` is the timelock's, in seconds. */
export function courseOf(
  view: Pick<ProposalView, 'state' | 'snapshot' | 'deadline' | 'eta' | 'now'>,
  delay: bigint,
): Stop[] {
  const { state } = view;
  const [now, begins, ends] = [view.now, view.snapshot, view.deadline].map(Number);
  const eta = view.eta === undefined ? undefined : Number(view.eta);
  if (state === 'cancelled')
    return [
      { what: 'Proposed', is: 'done' },
      { what: 'Taken back before the vote', is: 'done' },
    ];
  const vote: Stop[] = [
    { what: 'Proposed', is: 'done' },
    { what: 'Voting begins', at: begins, is: begins < now ? 'done' : 'next', note: 'votes count as they are then' },
    { what: 'Voting ends', at: ends, is: ends < now ? 'done' : begins < now ? 'next' : 'later' },
  ];
  if ((ENDED as readonly string[]).includes(state))
    return [...vote, { what: state === 'defeated' ? 'Did not pass' : 'Lapsed', is: 'done' }];
  const isQueued = eta !== undefined;
  const soonest = eta ?? (state === 'succeeded' ? now : ends) + Number(delay);
  const isDue = isQueued && eta <= now;
  return [
    ...vote,
    {
      what: 'Put into the timelock',
      is: isQueued ? 'done' : state === 'succeeded' ? 'next' : 'later',
      note: 'by anyone',
    },
    {
      what: isQueued ? 'Can be executed' : 'Can be executed, at the earliest',
      at: soonest,
      is: isDue ? 'done' : isQueued ? 'next' : 'later',
    },
    { what: 'Carried out', is: state === 'executed' ? 'done' : isDue ? 'next' : 'later', note: 'by anyone' },
  ];
}
