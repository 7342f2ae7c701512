import { showMiel } from '@essaim/sdk';

/** Votes of a proposal, in wei of MIEL. */
export interface Votes {
  for: bigint;
  against: bigint;
  abstain: bigint;
}

/** How a vote stands, in parts between 0 and 1 and in words. */
export interface Tally {
  /** Of all votes cast. */
  parts: { for: number; against: number; abstain: number };
  quorum: { part: number; isReached: boolean; words: string };
  isAhead: boolean;
  /** What would come of it if it ended now. */
  verdict: string;
}

const part = (some: bigint, all: bigint): number => (all === 0n ? 0 : Number((some * 1_000_000n) / all) / 1_000_000);

/** For and abstentions count for the quorum; more for than against is a majority. */
export function tallyOf(votes: Votes, quorum: bigint): Tally {
  const cast = votes.for + votes.against + votes.abstain;
  const counted = votes.for + votes.abstain;
  const isReached = counted >= quorum;
  const isAhead = votes.for > votes.against;
  return {
    parts: { for: part(votes.for, cast), against: part(votes.against, cast), abstain: part(votes.abstain, cast) },
    quorum: {
      part: Math.min(1, quorum === 0n ? 1 : part(counted, quorum)),
      isReached,
      words: isReached
        ? `Quorum reached: ${showMiel(counted)} for or abstaining, ${showMiel(quorum)} needed`
        : `${showMiel(counted)} of ${showMiel(quorum)} needed for a quorum, ${showMiel(quorum - counted)} missing`,
    },
    isAhead,
    verdict: verdictOf(isReached, isAhead, cast),
  };
}

function verdictOf(isReached: boolean, isAhead: boolean, cast: bigint): string {
  if (cast === 0n) return 'nobody has voted';
  if (!isReached) return isAhead ? 'more are for it than against, and the quorum is missing' : 'it would not pass';
  return isAhead ? 'it would pass' : 'it would not pass: not more are for it than against';
}

/** A part as per cent, at most one decimal. */
export const percent = (value: number): string => `${Math.round(value * 1_000) / 10} %`;
