import { batchIdOf } from '../../jobs/terms.ts';
import type { Fact, JobRow } from '../types/index.ts';
import { type ChainList, type Dated, isOne, isSame, orNull, topic } from './list.ts';
import { by, type Event, newest, type View } from './view.ts';

const LATER = ['Accepted', 'Exited', 'Submitted', 'Paid', 'Unlocked', 'Cancelled', 'Refunded'];
const REASONS = ['late', 'rejected', 'input-fault'] as const;
const MILLI = 10n ** 15n;

/** Jobs out of their postings and what came after. */
export async function jobRows(view: View, born: readonly Event[]): Promise<Dated<JobRow>[]> {
  const ids = born.map(({ args }) => args.jobId as string);
  const from = Math.min(...born.map(({ block }) => block));
  const batchOf = (id: string) => batchIdOf(view.addresses.JobMarket, id);
  const [later, claims] = await Promise.all([
    view.events('JobMarket', LATER, [ids], from),
    view.events('Claims', ['Rejected'], [ids.map(batchOf)], from),
  ]);
  const time = await view.times([...born, ...later]);
  const [ofJob, ofBatch] = [by(later, 'jobId'), by(claims, 'batchId')];
  return born.map((posted) => {
    const { jobId } = posted.args;
    const events = ofJob(jobId);
    const rejections = ofBatch(batchOf(jobId));
    const fact = begun(posted, time(posted));
    for (const event of events) happen(fact, event, time(event), batchOf(jobId));
    fact.isRejected = rejections.length > 0;
    return { fact, newest: newest([posted], events, rejections) };
  });
}

function begun({ args, transaction, block }: Event, postedAt: number): Fact<JobRow> {
  return {
    id: args.jobId,
    state: 'posted',
    requester: args.requester,
    wanted: orNull(args.provider),
    provider: null,
    token: args.token,
    model: args.model,
    program: args.programId,
    count: Number(args.count),
    deadline: Number(args.deadline),
    fee: args.fee,
    royalty: args.royalty,
    inputsRoot: args.inputsRoot,
    inputs: args.inputs,
    collateral: args.collateral,
    isSealed: args.isSealed,
    lock: null,
    exits: 0,
    batch: null,
    isRejected: false,
    receipt: null,
    paid: null,
    paidRoyalty: null,
    refunded: null,
    burned: null,
    reason: null,
    postedAt,
    acceptedAt: null,
    submittedAt: null,
    endedAt: null,
    transaction,
    block,
  };
}

function happen(job: Fact<JobRow>, { name, args }: Event, time: number, batch: string): void {
  if (name === 'Accepted')
    Object.assign(job, { state: 'accepted', provider: args.provider, lock: args.lock * MILLI, acceptedAt: time });
  else if (name === 'Exited')
    Object.assign(job, { state: 'posted', provider: null, lock: null, acceptedAt: null, exits: (job.exits ?? 0) + 1 });
  else if (name === 'Submitted')
    Object.assign(job, { state: 'submitted', receipt: args.receipt, batch, submittedAt: time });
  else if (name === 'Paid') {
    const state = args.released ? 'released' : 'paid';
    Object.assign(job, { state, paid: args.amount, paidRoyalty: args.royalty, endedAt: time });
  } else if (name === 'Unlocked') job.state = 'unlocked';
  else if (name === 'Cancelled') Object.assign(job, { state: 'cancelled', endedAt: time });
  else {
    const { amount: refunded, burned, reason } = args;
    Object.assign(job, { state: 'refunded', refunded, burned, reason: REASONS[Number(reason)], endedAt: time });
  }
}

export const jobs: ChainList<'jobs'> = {
  missing: [],
  contract: ({ requester }) => ({ contract: 'JobMarket', names: ['Posted'], args: [null, topic(requester)] }),
  rows: jobRows,
  matches: (row, { provider, model, program, state }) =>
    isSame(row.provider, provider) &&
    isSame(row.program, program) &&
    isOne(row.model, model) &&
    isOne(row.state, state),
};
