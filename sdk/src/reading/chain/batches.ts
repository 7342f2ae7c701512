import { ClaimState } from '../../contracts/states.ts';
import type { BatchDetail, BatchRow, Fact } from '../types/index.ts';
import { auditRows } from './audits.ts';
import { demandRows } from './demands.ts';
import { faultRows, faultsOf } from './faults.ts';
import { type ChainList, type Dated, isOne, orNull, topic } from './list.ts';
import { steadily } from './steady.ts';
import { by, type Event, newest, type View } from './view.ts';

const MILLI = 10n ** 15n;

export const CLAIM_STATES: Record<string, NonNullable<BatchRow['state']>> = {
  [String(ClaimState.Pending)]: 'pending',
  [String(ClaimState.Final)]: 'final',
  [String(ClaimState.Rejected)]: 'rejected',
};

/** Batches out of their submissions and what came after. */
export async function batchRows(view: View, born: readonly Event[]): Promise<Dated<BatchRow>[]> {
  const ids = born.map(({ args }) => args.batchId as string);
  const from = Math.min(...born.map(({ block }) => block));
  const [later, demands, runs, states] = await Promise.all([
    view.events('Claims', ['Rejected', 'Voided'], [ids], from),
    view.events('Availability', ['Demanded', 'Answered', 'Expired'], [null, ids], from),
    runsOf(view, born),
    Promise.all(ids.map((id) => steadily('asking for a batch', () => view.contracts.Claims.state(id, view.at)))),
  ]);
  const time = await view.times([...born, ...later]);
  const [ofBatch, asked] = [by(later, 'batchId'), by(demands, 'batchId')];
  return born.map((submitted, i) => {
    const { args, block, transaction } = submitted;
    const [events, questions] = [ofBatch(args.batchId), asked(args.batchId)];
    const rejected = events.find(({ name }) => name === 'Rejected');
    const open = questions.filter(({ name }) => name === 'Demanded').length;
    const fact: Fact<BatchRow> = {
      id: args.batchId,
      client: args.client,
      executor: args.executor,
      subject: args.subject,
      root: args.root,
      count: Number(args.getValue('count')),
      lock: args.lock * MILLI,
      epoch: Number(args.epoch),
      job: args.client === view.addresses.JobMarket ? args.subject : null,
      run: runs(submitted),
      isRejected: rejected !== undefined,
      state: CLAIM_STATES[String(states[i])],
      challenger: rejected ? orNull(rejected.args.challenger) : null,
      adjudicator: rejected?.args.adjudicator ?? null,
      rejectedLeaf: rejected ? Number(rejected.args.leaf) : null,
      rejectedAt: rejected ? time(rejected) : null,
      voids: events.filter(({ name }) => name === 'Voided').map((event) => Number(event.args.leaf)),
      openDemands: 2 * open - questions.length,
      submittedAt: time(submitted),
      block,
      transaction,
    };
    return { fact, newest: newest([submitted], events, questions) };
  });
}

/** The run of a batch: the registry says it right before Claims says the batch. */
async function runsOf(view: View, born: readonly Event[]): Promise<(batch: Event) => string | null> {
  const trained = born.filter(({ args }) => args.client === view.addresses.TrainingRegistry);
  if (trained.length === 0) return () => null;
  const from = Math.min(...trained.map(({ block }) => block));
  const events = await view.events('TrainingRegistry', ['Submitted', 'Aggregated'], [], from);
  return ({ transaction, index }) => {
    const before = events.filter((event) => event.transaction === transaction && event.index < index);
    return before.at(-1)?.args.runId ?? null;
  };
}

/** What a batch's row does not say. */
export async function batchDetail(view: View, { fact, newest: of }: Dated<BatchRow>): Promise<Dated<BatchDetail>> {
  const { id, block: from } = fact;
  const [collected, faults, asked, shown, audited] = await Promise.all([
    view.events('Penalties', ['Collected'], [id], from),
    faultsOf(view, [id], from),
    view.events('Availability', ['Demanded'], [null, id], from),
    view.events('Availability', ['SegmentShown'], [id], from),
    view.events('AuditPool', ['Audited'], [id], from),
  ]);
  const [faultsFound, demands, audits, time] = await Promise.all([
    faultRows(view, faults),
    demandRows(view, asked),
    auditRows(view, audited),
    view.times([...collected, ...shown]),
  ]);
  const [penalty] = collected.map((event) => {
    const { amount, bounty, compensation } = event.args;
    return {
      ...{ amount: amount * MILLI, bounty: bounty * MILLI, compensation: compensation * MILLI },
      time: time(event),
    };
  });
  const segments = shown.map((event) => ({
    leaf: Number(event.args.leaf),
    segment: Number(event.args.segment),
    root: event.args.root as string,
    time: time(event),
  }));
  const parts = [...faultsFound, ...demands, ...audits];
  return {
    fact: {
      ...fact,
      penalty: penalty ?? null,
      faults: inOrder(faultsFound, ({ time }) => time),
      demands: inOrder(demands, ({ askedAt }) => askedAt),
      segments,
      audits: inOrder(audits, ({ submittedAt }) => submittedAt),
    },
    newest: Math.max(of, newest(collected, shown), ...parts.map((it) => it.newest)),
  };
}

/** Oldest first, and of the same second by id. */
function inOrder<T extends { id: string }>(rows: readonly { fact: T }[], time: (fact: T) => number): T[] {
  return rows.map(({ fact }) => fact).sort((a, b) => time(a) - time(b) || (a.id < b.id ? -1 : 1));
}

export const batches: ChainList<'batches'> = {
  missing: [],
  contract: ({ client, executor }) => ({
    contract: 'Claims',
    names: ['Submitted'],
    args: [null, topic(client), topic(executor)],
  }),
  rows: batchRows,
  matches: (row, { isRejected }) => isOne(row.isRejected, isRejected),
};
