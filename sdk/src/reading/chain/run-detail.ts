import { placeOf } from '@essaim/protocol';
import { inOrderOfBackers } from '../states.ts';
import type { BackingRow, RoundRow, RunDetail, RunRow, SubmissionRow, TrainerRow, UpdateRow } from '../types/index.ts';
import type { Dated } from './list.ts';
import { by, type Event, newest, type View } from './view.ts';

const REGISTRY = ['Joined', 'Left', 'Submitted', 'Aggregated', 'Repeated', 'Dropped', 'Unlocked'];
const MONEY = ['Backed', 'Refunded', 'Compensated', 'Withdrawn', 'SharesClaimed'];
const SCORES = ['Committed', 'Drawing', 'Scored', 'Missed'];

/** What a run's row does not say: backers, trainers, rounds with their losses, and submissions. */
export async function runDetail(
  view: View,
  { fact, newest: of }: Dated<RunRow>,
  from: number,
): Promise<Dated<RunDetail>> {
  const [steps, money, scores] = await Promise.all([
    view.events('TrainingRegistry', REGISTRY, [fact.id], from),
    view.events('RunEscrow', MONEY, [fact.id], from),
    view.events('ScoredRounds', SCORES, [fact.id], from),
  ]);
  const time = await view.times([...steps, ...money, ...scores]);
  const submitted = steps.filter(({ name }) => name === 'Submitted' || name === 'Aggregated');
  const { submissions, newest: judged } = await submissionsIn(view, submitted, time);
  return {
    fact: {
      ...fact,
      backings: backingsIn(money),
      trainers: trainersIn([...steps, ...money].sort(inOrder), time),
      history: roundsIn([...steps, ...scores].sort(inOrder), time),
      submissions,
    },
    newest: Math.max(of, judged, newest(steps, money, scores)),
  };
}

const inOrder = (a: Event, b: Event) => a.block - b.block || a.index - b.index;

function backingsIn(events: readonly Event[]): BackingRow[] {
  const rows = new Map<string, BackingRow>();
  const fields = { Backed: 'amount', Refunded: 'refunded', Compensated: 'compensated' } as const;
  for (const { name, args } of events) {
    const field = fields[name as keyof typeof fields];
    if (!field) continue;
    const row = rows.get(args.backer) ?? { backer: args.backer, amount: 0n, refunded: 0n, compensated: 0n };
    row[field] += args.amount;
    rows.set(args.backer, row);
  }
  return inOrderOfBackers([...rows.values()]);
}

function trainersIn(events: readonly Event[], time: (event: Event) => number): TrainerRow[] {
  const rows = new Map<string, TrainerRow>();
  for (const event of events) {
    const { name, args } = event;
    if (!['Joined', 'Left', 'Submitted', 'Withdrawn', 'SharesClaimed'].includes(name)) continue;
    const trainer: string = args.trainer ?? args.account;
    const row = rows.get(trainer) ?? newcomer(trainer, time(event));
    if (name === 'Joined') Object.assign(row, { seat: Number(args.seat), joinedAt: time(event), leftAt: null });
    else if (name === 'Left') Object.assign(row, { seat: null, leftAt: time(event), burned: row.burned + args.burned });
    else if (name === 'Submitted') row.submissions++;
    else if (name === 'SharesClaimed') row.sharesClaimed += args.amount;
    else {
      row.earned += args.amount;
      row.compensation += args.compensation;
    }
    rows.set(trainer, row);
  }
  return [...rows.values()].sort((a, b) => a.joinedAt - b.joinedAt);
}

const newcomer = (trainer: string, joinedAt: number): TrainerRow => ({
  ...{ trainer, seat: null, submissions: 0, earned: 0n, compensation: 0n, sharesClaimed: 0n, burned: 0n },
  ...{ joinedAt, leftAt: null },
});

function roundsIn(events: readonly Event[], time: (event: Event) => number): RoundRow[] {
  const rounds = new Map<number, RoundRow>();
  const at = (turn: number): RoundRow => {
    const known = rounds.get(turn);
    if (known) return known;
    const made: RoundRow = { turn, round: null, isRepeated: false, before: null, after: null, updates: [] };
    rounds.set(turn, made);
    return made;
  };
  for (const event of events) {
    const { name, args } = event;
    if (name === 'Submitted' || name === 'Aggregated') {
      const { turn, round } = placeOf(args.place);
      at(turn).round = round;
    } else if (name === 'Repeated')
      Object.assign(at(Number(args.turn)), { round: Number(args.round), isRepeated: true });
    else if (name === 'Drawing') at(Number(args.turn));
    else if (name === 'Committed' || name === 'Scored' || name === 'Missed')
      scored(at(Number(args.turn)), event, time(event));
  }
  for (const { updates } of rounds.values()) updates.sort((a, b) => a.seat - b.seat);
  return [...rounds.values()].sort((a, b) => a.turn - b.turn);
}

function scored(round: RoundRow, { name, args }: Event, time: number): void {
  const seat = Number(args.seat);
  let update = round.updates.find((it) => it.seat === seat);
  if (!update) {
    update = { seat, trainer: null, before: null, after: null, gain: null, missed: null, time } satisfies UpdateRow;
    round.updates.push(update);
  }
  if (name === 'Committed') Object.assign(update, { trainer: args.trainer, missed: null });
  else if (name === 'Missed') Object.assign(update, { trainer: args.trainer, missed: args.late ? 'late' : 'excused' });
  else {
    const [before, after] = [float32(args.before), float32(args.later)];
    Object.assign(update, { before, after, gain: args.gain });
    if (round.after === null || after < round.after) Object.assign(round, { before, after });
  }
}

/** The value of a float32 with these bits. */
const float32 = (bits: bigint): number => new Float32Array(Uint32Array.of(Number(bits)).buffer)[0];

async function submissionsIn(view: View, submitted: readonly Event[], time: (event: Event) => number) {
  if (submitted.length === 0) return { submissions: [], newest: 0 };
  const from = submitted[0].block;
  const registry = `0x${view.addresses.TrainingRegistry.slice(2).toLowerCase().padStart(64, '0')}`;
  const batches = await view.events('Claims', ['Submitted'], [null, registry], from);
  /** Claims says the batch right after the registry said the submission. */
  const batchOf = ({ transaction, index }: Event): string | null =>
    batches.find((batch) => batch.transaction === transaction && batch.index > index)?.args.batchId ?? null;
  const ids = submitted.map(batchOf).filter((id) => id !== null);
  const rejections = await view.events('Claims', ['Rejected'], [ids], from);
  const rejected = by(rejections, 'batchId');
  const submissions = submitted.map((event): SubmissionRow => {
    const { args, name, transaction } = event;
    const { round, turn, seat, count } = placeOf(args.place);
    const batch = batchOf(event);
    return {
      ...{ trainer: args.trainer, isAggregation: name === 'Aggregated', round, turn, seat, count },
      ...{ checkpoint: args.checkpoint, receipt: args.receipt, batch, transaction, time: time(event) },
      isRejected: batch !== null && rejected(batch).length > 0,
    };
  });
  return { submissions, newest: newest(rejections) };
}
