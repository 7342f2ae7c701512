import { concat, toBeHex } from 'ethers';
import type { Fact, FaultRow } from '../types/index.ts';
import type { Dated } from './list.ts';
import type { Event, View } from './view.ts';

/** Faults that were found in these batches, oldest first. */
export async function faultsOf(view: View, batches: readonly string[] | undefined, from?: number): Promise<Event[]> {
  const [elements, forms] = await Promise.all([
    view.events('Referee', ['Convicted'], [batches], from),
    view.events('Malformed', ['FormFault'], [batches], from),
  ]);
  return [...elements, ...forms].sort((a, b) => a.block - b.block || a.index - b.index);
}

/** Faults out of the events of referees. */
export async function faultRows(view: View, events: readonly Event[]): Promise<Dated<FaultRow>[]> {
  const time = await view.times(events);
  return events.map((event) => {
    const { args, transaction, block, index, name } = event;
    const isElement = name === 'Convicted';
    const fact: Fact<FaultRow> = {
      id: concat([transaction, toLittleEndian(index)]),
      batch: args.batchId,
      leaf: Number(args.leaf),
      kind: isElement ? 'element' : 'form',
      operator: isElement ? Number(args.operator) : null,
      output: isElement ? Number(args.output) : null,
      element: isElement ? Number(args.element) : null,
      opcode: isElement ? args.opcode : null,
      claimed: isElement ? args.claimed : null,
      reason: isElement ? null : args.reason,
      value: isElement ? null : args.value,
      time: time(event),
      transaction,
    };
    return { fact, newest: block };
  });
}

/** As the subgraph joins numbers to ids. */
const toLittleEndian = (index: number): string => `0x${toBeHex(index, 4).slice(2).match(/../g)!.reverse().join('')}`;
