import type { JobRow, JobRowState } from '@essaim/sdk';

/** A job's state as a person reads it, and how good that is. */
export interface StateWords {
  readonly badge: string;
  readonly tone: '' | 'good' | 'warn' | 'bad';
  readonly words: string;
}

const WORDS: Record<JobRowState, StateWords> = {
  posted: { badge: 'open', tone: '', words: 'It waits for a provider to accept it.' },
  accepted: { badge: 'running', tone: 'warn', words: 'A provider has locked stake for it and runs it.' },
  submitted: {
    badge: 'submitted',
    tone: 'warn',
    words: 'The result is in. Until its window ends anyone may show a fault.',
  },
  released: {
    badge: 'paid early',
    tone: 'good',
    words: 'The requester paid without waiting; the stake stays locked until the window ends.',
  },
  paid: {
    badge: 'paid',
    tone: 'good',
    words: 'Nobody showed a fault in time: the result stands, and the provider was paid.',
  },
  unlocked: { badge: 'done', tone: 'good', words: 'Paid early, its window over, the stake given back.' },
  cancelled: { badge: 'cancelled', tone: '', words: 'The requester took it back before anyone accepted it.' },
  refunded: { badge: 'refunded', tone: 'bad', words: 'The money went back to the requester.' },
};

const REASONS: Record<NonNullable<JobRow['reason']>, string> = {
  late: 'No result came by the deadline: the money went back.',
  rejected: 'The result was convicted, and the money went back.',
  'input-fault': 'An input of the job lay outside what its model declares: it ended at the requester’s cost.',
};

/** What a job's state means now; `now` in seconds of the chain's clock. */
export function stateWords(job: Pick<JobRow, 'state' | 'isRejected' | 'reason' | 'deadline'>, now: number): StateWords {
  const words = WORDS[job.state];
  if (job.state === 'refunded' && job.reason) return { ...words, words: REASONS[job.reason] };
  if (job.isRejected && job.state === 'submitted')
    return {
      badge: 'convicted',
      tone: 'bad',
      words: 'The result was convicted. The requester’s money can be taken back.',
    };
  if (job.state === 'accepted' && now > job.deadline)
    return {
      badge: 'late',
      tone: 'bad',
      words: 'No result came by the deadline. The requester’s money can be taken back.',
    };
  if (job.state === 'posted' && now > job.deadline)
    return { badge: 'expired', tone: '', words: 'Nobody accepted it in time. The requester can take it back.' };
  return words;
}

/** What the list can be narrowed to. */
export const FILTERS: readonly { readonly key: string; readonly label: string; readonly state?: JobRowState[] }[] = [
  { key: '', label: 'All' },
  { key: 'open', label: 'Open', state: ['posted'] },
  { key: 'running', label: 'Running', state: ['accepted'] },
  { key: 'submitted', label: 'In their window', state: ['submitted', 'released'] },
  { key: 'paid', label: 'Paid', state: ['paid', 'unlocked'] },
  { key: 'ended', label: 'Refunded or cancelled', state: ['refunded', 'cancelled'] },
];
