import type { RunRow, RunRowState } from '@essaim/sdk';

export interface RunWords {
  word: string;
  means: string;
  tone: '' | 'good' | 'bad' | 'warn';
}

const WORDS: Readonly<Record<RunRowState, RunWords>> = {
  funding: { word: 'Looking for backers', means: 'It begins once its whole budget is backed.', tone: 'warn' },
  funded: {
    word: 'Backed',
    means: 'Its budget is there. Its seed is drawn next, from a block that nobody chose.',
    tone: 'warn',
  },
  running: {
    word: 'Training',
    means: 'Trainers work on its rounds; each is paid once its window for challenges is over.',
    tone: 'warn',
  },
  stopped: {
    word: 'Stopped',
    means: 'Its deadline passed. What is pending is settled, nothing is added.',
    tone: 'bad',
  },
  completed: { word: 'Completed', means: 'Every round is trained and settled.', tone: 'good' },
  ended: {
    word: 'Ended',
    means: 'It was closed before all its rounds were trained. What was not spent went back.',
    tone: 'bad',
  },
  void: {
    word: 'Void',
    means: 'Nobody recorded its draw in time, so that it never began. Its backers are refunded.',
    tone: 'bad',
  },
};

const LAPSED: RunWords = {
  word: 'Not backed',
  means: 'Too little was backed in time. Backers are refunded.',
  tone: 'bad',
};

/** The words of a run's state; `now` in seconds of the chain's clock. */
export function runWords({ state, fundingDeadline }: Pick<RunRow, 'state' | 'fundingDeadline'>, now: number): RunWords {
  return state === 'funding' && fundingDeadline < now ? LAPSED : WORDS[state];
}

/** How far a run is, between 0 and 1, and in words. */
export function progressOf({ settled, rounds }: Pick<RunRow, 'settled' | 'rounds'>): { part: number; words: string } {
  return {
    part: rounds === 0 ? 0 : settled / rounds,
    words: `${settled} of ${rounds} ${rounds === 1 ? 'round' : 'rounds'} settled`,
  };
}
