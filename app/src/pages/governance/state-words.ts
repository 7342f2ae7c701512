import type { ProposalState } from '@essaim/sdk';

export type Tone = 'neutral' | 'active' | 'good' | 'bad';

export interface StateWords {
  /** What it is called. */
  word: string;
  /** What that means for a voter. */
  means: string;
  tone: Tone;
}

const WORDS: Readonly<Record<ProposalState, StateWords>> = {
  pending: {
    word: 'Before the vote',
    means: 'Voting has not begun. Until then one can still delegate, and who proposed it can take it back.',
    tone: 'neutral',
  },
  active: {
    word: 'Voting',
    means: 'Votes are taken now, as many as each account had when voting began.',
    tone: 'active',
  },
  cancelled: { word: 'Taken back', means: 'Who proposed it took it back before the vote.', tone: 'neutral' },
  defeated: { word: 'Did not pass', means: 'Too few took part, or not more were for it than against.', tone: 'bad' },
  succeeded: { word: 'Passed', means: 'It passed. Anyone can put it into the timelock now.', tone: 'good' },
  queued: {
    word: 'In the timelock',
    means: 'It passed and waits, so that who disagrees has time to leave.',
    tone: 'active',
  },
  expired: { word: 'Lapsed', means: 'It passed, and its time to be carried out went by.', tone: 'bad' },
  executed: { word: 'Carried out', means: 'It passed and its calls were made.', tone: 'good' },
};

const READY: StateWords = {
  word: 'Ready to execute',
  means: 'It passed and waited its time. Anyone can carry it out now.',
  tone: 'good',
};

/** The words of a proposal's state; `now` and `eta` are seconds of the chain's clock. */
export function wordsOf(state: ProposalState, eta: number | null | undefined, now: number): StateWords {
  return state === 'queued' && eta !== null && eta !== undefined && eta <= now ? READY : WORDS[state];
}
