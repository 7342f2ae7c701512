import type { AuditRow, Fact } from '../types/index.ts';
import { type ChainList, type Dated, isOne, topic } from './list.ts';
import { by, type Event, newest, type View } from './view.ts';

/** Audits out of their submissions and what came after. */
export async function auditRows(view: View, born: readonly Event[]): Promise<Dated<AuditRow>[]> {
  if (born.length === 0) return [];
  const ids = born.map(({ args }) => args.auditBatchId as string);
  const from = Math.min(...born.map(({ block }) => block));
  const [ends, rejections] = await Promise.all([
    view.events('AuditPool', ['Settled', 'Struck'], [ids], from),
    view.events('Claims', ['Rejected'], [ids], from),
  ]);
  const time = await view.times([...born, ...ends, ...rejections]);
  const [ending, rejecting] = [by(ends, 'auditBatchId'), by(rejections, 'batchId')];
  return born.map((audited) => {
    const { args, transaction } = audited;
    const fact: Fact<AuditRow> = {
      id: args.auditBatchId,
      batch: args.batchId,
      leaf: Number(args.leaf),
      auditor: args.auditor,
      seat: Number(args.seat),
      state: 'submitted',
      index: Number(args.index),
      audits: Number(args.audits),
      odds: Number(args.odds),
      passed: args.passed,
      segment: Number(args.segment),
      token: null,
      pay: null,
      submittedAt: time(audited),
      endedAt: null,
      transaction,
    };
    const [ended, rejected] = [ending(args.auditBatchId), rejecting(args.auditBatchId)];
    for (const event of inOrder([...ended, ...rejected])) happen(fact, event, time(event));
    return { fact, newest: newest([audited], ended, rejected) };
  });
}

const inOrder = (events: Event[]): Event[] => events.sort((a, b) => a.block - b.block || a.index - b.index);

function happen(audit: Fact<AuditRow>, { name, args }: Event, endedAt: number): void {
  if (name === 'Settled') Object.assign(audit, { state: 'settled', token: args.token, pay: args.pay, endedAt });
  else if (name === 'Struck') Object.assign(audit, { state: 'struck', endedAt });
  else if (audit.state === 'submitted') Object.assign(audit, { state: 'convicted', endedAt });
}

export const audits: ChainList<'audits'> = {
  missing: [],
  contract: ({ batch, auditor }) => ({
    contract: 'AuditPool',
    names: ['Audited'],
    args: [batch?.toLowerCase(), null, topic(auditor)],
  }),
  rows: auditRows,
  matches: (row, { state, passed }) => isOne(row.state, state) && isOne(row.passed, passed),
};
