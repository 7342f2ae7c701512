import type { Overview } from '@essaim/sdk';
import { formatEther } from 'ethers';
import { useMemo } from 'react';
import { Plot } from '../../parts/plot.tsx';
import { series, spanOf } from './spans.ts';

const JOBS = { posted: 'Posted', submitted: 'Submitted', paid: 'Paid' };
const CHECKS = { convicted: 'Rejected', demanded: 'Demanded', audited: 'Audited' };
const FEES = { fees: 'Fee', royalties: 'Royalty', refunds: 'Refund' };
const STAKE = { staked: 'Staked', 'taken out': 'Unstaked', slashed: 'Slashed', burned: 'Burned' };

/** What happened lately; only an indexer knows. */
export function Activity({ of: { activity, flows, miel } }: { of: Overview }) {
  const plots = useMemo(() => {
    if (!activity || !flows) return undefined;
    const counts = activity.map(({ time, kind, count }) => ({ time, kind, value: count }));
    const amounts = flows
      .filter(({ token }) => token.toLowerCase() === miel.toLowerCase())
      .map(({ time, kind, amount }) => ({ time, kind, value: Number(formatEther(amount)) }));
    const { words, seconds } = spanOf([...counts, ...amounts].map(({ time }) => time));
    return {
      words,
      jobs: series(JOBS, counts, seconds),
      checks: series(CHECKS, counts, seconds),
      fees: series(FEES, amounts, seconds),
      stake: series(STAKE, amounts, seconds),
    };
  }, [activity, flows, miel]);
  if (!plots) {
    return (
      <p className="empty">
        What happened hour by hour an indexer tells, and none answers now. The figures above are the chain’s own.
      </p>
    );
  }
  const { words, jobs, checks, fees, stake } = plots;
  return (
    <section className="plots" aria-label={`What happened, by the ${words}`}>
      <Plot title={`Jobs in each ${words}`} {...jobs} />
      <Plot title={`Convictions, demands and audits in each ${words}`} {...checks} />
      <Plot title={`Fees and royalties in each ${words}, MIEL`} {...fees} />
      <Plot title={`Stake in each ${words}, MIEL`} {...stake} />
    </section>
  );
}
