import type { DemandKind, DemandRow, Fact } from '../types/index.ts';
import { type ChainList, type Dated, isOne, topic } from './list.ts';
import { by, type Event, newest, type View } from './view.ts';

const KINDS: readonly DemandKind[] = [
  ...([
    'Inputs',
    'Weights',
    'Values',
    'Operators',
    'Input',
    'Weight',
    'Value',
    'Operator',
    'Output',
    'Segment',
  ] as const),
  'Inner',
];

/** Demands out of their events and what came after. */
export async function demandRows(view: View, born: readonly Event[]): Promise<Dated<DemandRow>[]> {
  if (born.length === 0) return [];
  const ids = born.map(({ args }) => args.demandId as string);
  const from = Math.min(...born.map(({ block }) => block));
  const later = await view.events('Availability', ['Answered', 'Extended', 'Expired', 'Settled'], [ids], from);
  const time = await view.times([...born, ...later]);
  const ofDemand = by(later, 'demandId');
  return born.map((asked) => {
    const { args } = asked;
    const fact: Fact<DemandRow> = {
      id: args.demandId,
      batch: args.batchId,
      demander: args.demander,
      state: 'open',
      leaf: Number(args.leaf),
      kind: KINDS[Number(args.kind)],
      index: args.index,
      first: args.first,
      count: args.getValue('count'),
      bond: args.bond,
      fee: args.fee,
      endsAt: Number(args.endsAt),
      endsAtBlock: Number(args.endsAtBlock),
      extensions: 0,
      answerer: null,
      answer: null,
      askedAt: time(asked),
      answeredAt: null,
    };
    const events = ofDemand(args.demandId);
    for (const event of events) happen(fact, event, time(event));
    return { fact, newest: newest([asked], events) };
  });
}

function happen(demand: Fact<DemandRow>, { name, args, transaction }: Event, time: number): void {
  if (name === 'Answered')
    Object.assign(demand, { state: 'answered', answerer: args.answerer, answer: transaction, answeredAt: time });
  else if (name === 'Expired') demand.state = 'expired';
  else if (name === 'Settled') demand.state = 'settled';
  else {
    const { extensions, endsAt, endsAtBlock } = args;
    const [count, until, untilBlock] = [extensions, endsAt, endsAtBlock].map(Number);
    Object.assign(demand, { extensions: count, endsAt: until, endsAtBlock: untilBlock });
  }
}

export const demands: ChainList<'demands'> = {
  missing: [],
  contract: ({ batch, demander }) => ({
    contract: 'Availability',
    names: ['Demanded'],
    args: [null, batch?.toLowerCase(), topic(demander)],
  }),
  rows: demandRows,
  matches: (row, { state }) => isOne(row.state, state),
};
