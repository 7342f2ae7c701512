import { type BatchDetail, findTerms, type JobRow, send, settleDemands } from '@essaim/sdk';
import { useEssaim } from '../../connection/connection.ts';
import { Action } from '../../parts/action.tsx';
import type { Work } from '../../parts/use-action.ts';

interface Deed {
  readonly key: string;
  readonly label: string;
  readonly words: string;
  readonly done: string;
  readonly run: Work<unknown>;
}

/** What the connected account, or anyone, may do with a job now. */
export function JobActions({ job, batch, now }: { job: JobRow; batch: BatchDetail | undefined; now: number }) {
  const { wallet } = useEssaim();
  const deeds = deedsOf(job, batch, now, wallet.account);
  if (deeds.length === 0) return null;
  return (
    <section className="card">
      <h2>What can be done now</h2>
      {deeds.map(({ key, label, words, done, run }) => (
        <div key={key} className="stack">
          <p>{words}</p>
          <Action label={label} run={run} done={done} kind="secondary" />
        </div>
      ))}
    </section>
  );
}

/** The deeds that the contracts would not refuse, as far as a row tells. */
export function deedsOf(job: JobRow, batch: BatchDetail | undefined, now: number, account: string | undefined): Deed[] {
  const isRequester = job.requester.toLowerCase() === account?.toLowerCase();
  const isRejected = job.isRejected || (batch?.isRejected ?? false);
  const deeds: Deed[] = [];
  if (job.state === 'posted' && isRequester)
    deeds.push(refund(job, 'Take the job back', 'Nobody has accepted it: all of the money comes back.'));
  if (job.state === 'accepted' && now > job.deadline) deeds.push(refund(job, 'Take the money back', LATE));
  if (job.state === 'submitted' && isRejected) deeds.push(refund(job, 'Take the money back', REJECTED));
  if (job.state === 'submitted' && !isRejected && batch?.state !== 'final' && isRequester) deeds.push(release(job));
  if ((job.state === 'submitted' || job.state === 'released') && batch?.state === 'final') deeds.push(withdraw(job));
  const hasEnded = batch && (batch.isRejected || batch.state === 'final');
  const own = batch?.demands.filter(({ demander, answerer, state }) => {
    const isOwn = [demander, answerer].some((who) => who?.toLowerCase() === account?.toLowerCase());
    return isOwn && (state === 'answered' || state === 'open');
  });
  if (hasEnded && account && own && own.length > 0) deeds.push(settle(batch, account));
  return deeds;
}

const LATE = 'The deadline has passed without a result. Anyone may send the money back to the requester.';
const REJECTED = 'The result was convicted. Anyone may send the money back to the requester.';

const refund = (job: JobRow, label: string, words: string): Deed => ({
  ...{ key: 'refund', label, words, done: 'The money is back with the requester.' },
  run: ({ jobs }, signal) => jobs.refund(job.id, signal),
});

const release = (job: JobRow): Deed => ({
  key: 'release',
  label: 'Pay now',
  words:
    'You may pay before the window ends. The provider’s stake stays locked, so a fault can still be shown; your money is then gone.',
  done: 'The provider is paid.',
  run: ({ jobs }, signal) => jobs.release(job.id, signal),
});

const withdraw = (job: JobRow): Deed => ({
  key: 'withdraw',
  label: 'Have the provider paid',
  words: 'Nobody showed a fault in time. Anyone may have the provider paid and its stake given back.',
  done: 'The provider is paid, and its stake is free.',
  run: async ({ contracts, deployment, signer }, signal) => {
    const terms = await findTerms(contracts, job.id, deployment.startBlock);
    const call = await contracts.JobMarket.withdraw.populateTransaction(terms);
    return send(signer!, call, `paying for job ${job.id}`, { signal });
  },
});

const settle = (batch: BatchDetail, account: string): Deed => ({
  key: 'settle',
  label: 'Settle your demands',
  words: 'The batch has ended: bonds of what you asked, and shares of what you answered, can be fetched.',
  done: 'Settled, and your coins are fetched.',
  run: (essaim, signal) => settleDemands(essaim, batch.id, essaim.deployment.startBlock, account, signal),
});
