import type { ProposalState } from '@essaim/sdk';
import { type Tone, wordsOf } from './state-words.ts';

const CLASSES: Readonly<Record<Tone, string>> = { neutral: '', active: 'warn', good: 'good', bad: 'bad' };

/** What a proposal's state is called. */
export function StateBadge({ state, eta, now }: { state: ProposalState; eta?: number | null; now: number }) {
  const { word, tone } = wordsOf(state, eta, now);
  return <span className={`badge ${CLASSES[tone]}`}>{word}</span>;
}
