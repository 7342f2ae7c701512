import type { Answer } from '@essaim/sdk';

/** Whether a row can still be taken back by a reorganisation of the chain. */
export function Certainty({ of }: { of: 'final' | 'provisional' }) {
  if (of === 'final') return null;
  return (
    <span className="badge provisional" title="Its newest block is young: the chain can still take it back.">
      provisional
    </span>
  );
}

/** Where an answer comes from, how far behind it is, and what it cannot tell. */
export function SourceNote({ of, reorganised }: { of: Answer<unknown> | undefined; reorganised?: boolean }) {
  if (!of) return null;
  const { source, asOf, behind, missing } = of;
  return (
    <p className="source-note">
      From {source === 'indexer' ? 'the indexer' : 'the chain alone'}, as of block {asOf.block.toLocaleString('en')}
      {behind > 0 && `, ${behind} behind the chain`}.{missing.length > 0 && ` It cannot tell: ${missing.join(', ')}.`}
      {reorganised && <strong> The chain took back what was shown here before.</strong>}
    </p>
  );
}
