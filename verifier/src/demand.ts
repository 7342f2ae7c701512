import {
  demandId,
  EssaimError,
  encodeClaim,
  fromHex,
  type Question,
  questionArgument,
  SEGMENT_VALUES,
  type ShownClaim,
  toHex,
} from '@essaim/protocol';
import { ClaimState, DemandStatus, newestLog, pause, unlessDone } from '@essaim/sdk';
import { atOneBlock } from '@essaim/sdk/node';
import { accountOf, act, type Desk, windowEnd } from './case.ts';
import type { Docket } from './docket.ts';

/** What is asked of a claim: a list from a position on, a segment's, or bytes of a tensor. */
export type Ask = Pick<Question, 'leaf' | 'kind' | 'index' | 'first' | 'count'>;

/** Bytes that a demand for a segment's list is bonded for. */
const SEGMENT_BOND = 32 * SEGMENT_VALUES + 1_024;
/** Bytes that a demand for an operator is bonded for. */
const OPERATOR_BOND = 1_024;
/** Bonds are posted for this multiple of the base fee of now: it may rise before the demand is included. */
const FEE_MARGIN = 2n;
/** Milliseconds for which what is read of the chain may be of a moment before. */
const LAG = 1_000;

/** The claim was convicted by its executor's silence. */
export class Unanswered extends EssaimError {
  readonly question: Question;

  constructor(question: Question) {
    super('DEMAND_UNANSWERED', `nobody answered demand ${demandId(question)} in time`, {
      help: 'the claim is convicted: collect the penalty',
    });
    this.question = question;
  }
}

/**
 * Asks on chain, unless it was asked before, and waits for the answer's bytes. `claim` is what a list's answer showed,
 * for bytes below it. Once the clock has passed in silence the claim is convicted and `Unanswered` thrown. WALLET_BUDGET
 * if the bond is more than the purse holds.
 */
export async function demand(
  desk: Desk,
  submission: Pick<Docket, 'told' | 'batchId'>,
  ask: Ask,
  claim: ShownClaim | null,
  signal?: AbortSignal,
): Promise<{ question: Question; answer: Uint8Array }> {
  const { essaim, say } = desk;
  const { Availability } = essaim.contracts;
  const { batchId } = submission;
  const agreed = () => {
    const place = `${ask.leaf} ${ask.kind} ${ask.index} ${ask.first} ${ask.count}`;
    const why = `batch ${batchId}, leaf ${ask.leaf}: what is withheld of ${ask.kind} ${ask.index}`;
    return desk.consent?.({ kind: 'demand', subject: batchId, place, why }, signal);
  };
  if (!essaim.signer) await agreed();
  const question: Question = { batchId, ...ask, demander: await accountOf(desk).getAddress() };
  const told = { ...submission.told, leaf: ask.leaf, kind: ask.kind, index: ask.index };
  const argument = questionArgument(question);
  const { status } = await Availability.demand(argument);
  if (status === DemandStatus.None) {
    await agreed();
    await post(desk, submission.told, question, claim, signal);
    say({ event: 'demanded', ...told });
  }
  for (;;) {
    const [{ status: now, endsAt, endsAtBlock }, head] = await atOneBlock(essaim.provider, () =>
      Promise.all([Availability.demand(argument), essaim.provider.getBlock('latest')]),
    );
    if (now === DemandStatus.Answered || now === DemandStatus.Settled) break;
    // none: the endpoint does not have it yet
    const isOpen = now === DemandStatus.Open;
    if (isOpen && head && BigInt(head.timestamp) > endsAt && BigInt(head.number) > endsAtBlock) {
      const call = await Availability.expire.populateTransaction(argument);
      const isOver = async () => (await essaim.contracts.Claims.state(batchId)) === ClaimState.Rejected;
      const sent = await act(desk, call, `convicting a silent executor of batch ${batchId}`, signal).catch(
        unlessDone(['Availability_Status'], isOver),
      );
      // anybody may have ended its clock at the same moment, or its executor answered at the last
      if (!sent) await pause(LAG, signal);
      if (sent || (await isOver())) throw new Unanswered(question);
      continue;
    }
    const wait = () => pause(essaim.pollingInterval, signal);
    await (desk.rest ? desk.rest(wait) : wait());
  }
  const answer = await answerOf(desk, question);
  say({ event: 'answered', ...told });
  return { question, answer };
}

async function post(
  desk: Desk,
  told: Docket['told'],
  question: Question,
  claim: ShownClaim | null,
  signal?: AbortSignal,
): Promise<void> {
  const { contracts, provider } = desk.essaim;
  const { batchId } = question;
  const head = await provider.getBlock('latest');
  const fee = (head?.baseFeePerGas ?? 0n) * FEE_MARGIN;
  const value = await contracts.Availability.bondFor(batchId, bondedBytes(question), fee);
  const call = await asking(desk, question, claim, value);
  const end = await windowEnd(desk, batchId);
  const send = () => act(desk, call, `demanding ${question.kind} of batch ${batchId}`, signal, end);
  const bonded = () => (desk.purse ? desk.purse.spend(value, send) : send());
  await (desk.budget ? desk.budget.spend(batchId, told, call, bonded) : bonded());
}

/** Bytes that the contract counts for an answer. */
function bondedBytes({ kind, count }: Question): number {
  if (kind === 'segment') return SEGMENT_BOND;
  if (kind === 'operator') return OPERATOR_BOND;
  return kind === 'inputs' || kind === 'values' || kind === 'weights' || kind === 'operators' ? 32 * count : count;
}

function asking({ essaim }: Desk, question: Question, claim: ShownClaim | null, value: bigint) {
  const { Availability } = essaim.contracts;
  const { batchId, leaf, index, first, count } = question;
  const { kind } = questionArgument(question);
  const shown = claim ? toHex(encodeClaim(claim)) : '0x';
  const [segment, number] = [Math.floor(index / SEGMENT_VALUES), index % SEGMENT_VALUES];
  switch (question.kind) {
    case 'segment':
      return Availability.demandSegment.populateTransaction(batchId, leaf, index, { value });
    case 'inner':
      return Availability.demandInner.populateTransaction(batchId, leaf, segment, number, first, count, { value });
    case 'operator':
      return Availability.demandOperator.populateTransaction(batchId, leaf, index, shown, { value });
    case 'input':
    case 'weight':
    case 'value':
      return Availability.demandBytes.populateTransaction(
        ...([batchId, leaf, kind, index, first, count, shown, { value }] as const),
      );
    default:
      return Availability.demandClaim.populateTransaction(batchId, leaf, kind, first, count, { value });
  }
}

/** The bytes that answered, from the calldata of whoever answered, however deep a contract of its own wrapped them. */
async function answerOf({ essaim }: Desk, question: Question): Promise<Uint8Array> {
  const { Availability } = essaim.contracts;
  const id = demandId(question);
  const log = await newestLog(essaim.provider, {
    address: await Availability.getAddress(),
    topics: [Availability.getEvent('Answered').fragment.topicHash, id],
    fromBlock: essaim.deployment.startBlock,
  });
  const sent = log && (await essaim.provider.getTransaction(log.transactionHash));
  const { selector } = Availability.getFunction('answer').fragment;
  const data = sent?.data ?? '0x';
  for (let at = data.indexOf(selector.slice(2)); at >= 0; at = data.indexOf(selector.slice(2), at + 2)) {
    try {
      const [asked, blob] = Availability.interface.decodeFunctionData('answer', `0x${data.slice(at)}`);
      if (demandId({ ...question, batchId: asked.batchId, leaf: Number(asked.leaf) }) === id) return fromHex(blob);
    } catch {
      // the same four bytes by chance
    }
  }
  throw new EssaimError('CHAIN_FAILED', `the answer to demand ${id} cannot be read from the chain`, {
    help: 'use an endpoint that serves old transactions',
  });
}
