import { type ChainQuestion, demandId, type Question, questionArgument, questionFrom } from '@essaim/protocol';
import { newestLog } from '../chain/logs.ts';
import type { DisputeContext } from './context.ts';
import type { SilenceFault } from './types.ts';

const bytes = ({ first, count }: Question): string => `bytes ${first} to ${first + count - 1}`;
const places = ({ first, count }: Question): string => (count === 1 ? `${first}` : `${first} to ${first + count - 1}`);

/** What a question asks for, in words. */
export function describeQuestion(question: Question): string {
  const { kind, index } = question;
  switch (kind) {
    case 'inputs':
    case 'weights':
    case 'values':
    case 'operators':
      return `the claim, and the roots of its ${kind} ${places(question)}`;
    case 'operator':
      return `operator ${index} of the program`;
    case 'segment':
      return `what lies inside segment ${index}`;
    case 'inner':
      return `${bytes(question)} of a value inside segment ${Math.floor(index / 1_024)}`;
    default:
      return `${bytes(question)} of ${kind} ${index}`;
  }
}

/** The question of an expired demand: from the call that ended it, or from the event that asked it. */
export async function explainSilence(
  { contracts, provider, startBlock }: DisputeContext,
  id: string,
  argument: ChainQuestion | null,
): Promise<SilenceFault> {
  const { Availability } = contracts;
  const topics = [Availability.getEvent('Demanded').fragment.topicHash, id];
  const log = await newestLog(provider, { address: await Availability.getAddress(), topics, fromBlock: startBlock });
  const asked = log && Availability.interface.parseLog(log);
  const question = asked ? questionFrom(asked.args as unknown as ChainQuestion) : argument && questionFrom(argument);
  const known = question && demandId(question) === id ? question : null;
  const state = known && (await Availability.demand(questionArgument(known)));
  return {
    demandId: id,
    what: known ? describeQuestion(known) : 'what it committed to',
    demander: known?.demander ?? '',
    bond: (asked?.args.bond as bigint | undefined) ?? 0n,
    endsAt: Number(state?.endsAt ?? asked?.args.endsAt ?? 0),
    endsAtBlock: Number(state?.endsAtBlock ?? asked?.args.endsAtBlock ?? 0),
    askedIn: log?.transactionHash ?? null,
  };
}
