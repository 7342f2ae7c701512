import { accusationHash, EssaimError, fromHex } from '@essaim/protocol';
import { decodeBytes32String, type Log, type LogDescription, type TransactionReceipt } from 'ethers';
import { newestLog } from '../chain/logs.ts';
import { type ConvictingCall, contractAt, readCall } from './call.ts';
import type { DisputeContext } from './context.ts';
import { explainElement } from './element.ts';
import { explainForm } from './form.ts';
import { explainPenalty, MILLI } from './penalty.ts';
import { sentencesOf } from './sentences.ts';
import { explainSilence } from './silence.ts';
import type { Conviction, ElementFault, FaultKind, FormFault, SilenceFault } from './types.ts';

const KINDS: Readonly<Record<string, FaultKind>> = {
  Referee: 'element',
  Availability: 'silence',
  JobMarket: 'context',
  AuditPool: 'audit',
  TrainingRegistry: 'run',
};
const FORMS: Readonly<Record<string, FaultKind>> = { missing: 'missing', header: 'type', encoding: 'encoding' };

/**
 * Explains why a batch was rejected, from the chain alone: the transaction that convicted it holds the proof, and the
 * judges' twins find here again what the contract found. Null where the batch is not rejected.
 * FAULT_PROOF_INVALID where the transaction's bytes do not open the batch: the endpoint shows something else than the chain.
 */
export async function explainConviction(context: DisputeContext, batchId: string): Promise<Conviction | null> {
  const { contracts, provider, deployment, startBlock } = context;
  const { Claims } = contracts;
  const filter = { address: await Claims.getAddress(), fromBlock: startBlock };
  const topics = [Claims.getEvent('Rejected').fragment.topicHash, batchId];
  const log = await newestLog(provider, { ...filter, topics });
  const rejected = log && Claims.interface.parseLog(log);
  if (!log || !rejected) return null;
  const [batch, transaction, receipt, block, final] = await Promise.all([
    Claims.batch(batchId),
    provider.getTransaction(log.transactionHash),
    provider.getTransactionReceipt(log.transactionHash),
    provider.getBlock(log.blockNumber),
    provider.getBlock('finalized').catch(() => null),
  ]);
  if (!transaction || !receipt || !block) throw gone(batchId);
  const { challenger, adjudicator: judge, leaf } = rejected.args;
  const adjudicator = contractAt(deployment, judge);
  const called = contractAt(deployment, transaction.to ?? '');
  const call = readCall(contracts, called, transaction);
  const lock = batch.lock * MILLI;
  const submission = { ...filter, topics: [Claims.getEvent('Submitted').fragment.topicHash, batchId] };
  const [found, penalty, accused, submitted] = await Promise.all([
    faultOf(context, adjudicator, { batchId, root: batch.root, count: Number(batch.count) }, call, receipt),
    explainPenalty(context, batchId, lock),
    accusationOf(context, batchId, challenger, call),
    newestLog(provider, submission),
  ]);
  const told: Omit<Conviction, 'sentences'> = {
    batchId,
    ...found,
    leaf: Number(leaf),
    claims: Number(batch.count),
    executor: batch.executor,
    client: contractAt(deployment, batch.client),
    subject: (submitted && Claims.interface.parseLog(submitted)?.args.subject) ?? null,
    challenger,
    adjudicator,
    transaction: log.transactionHash,
    block: log.blockNumber,
    time: block.timestamp,
    gas: Number(receipt.gasUsed),
    certainty: final && final.number >= log.blockNumber ? 'final' : 'provisional',
    submitted: { time: Number(batch.time), block: Number(batch.blockNumber) },
    accused,
    penalty,
    lock,
  };
  return { ...told, sentences: sentencesOf(told) };
}

interface Found {
  kind: FaultKind;
  element: ElementFault | null;
  form: FormFault | null;
  silence: SilenceFault | null;
  missing: string[];
}

interface BatchView {
  readonly batchId: string;
  readonly root: string;
  readonly count: number;
}

async function faultOf(
  context: DisputeContext,
  adjudicator: string,
  batch: BatchView,
  call: ConvictingCall,
  receipt: TransactionReceipt,
): Promise<Found> {
  const nothing = { element: null, form: null, silence: null, missing: [] };
  if (adjudicator === 'Referee') {
    if (call.proof === null) return { ...nothing, kind: 'element', missing: [HIDDEN] };
    const { fault, segmentRoot } = explainElement(call.proof, batch);
    if (segmentRoot !== null) await requireSegment(context, batch.batchId, receipt, fault, segmentRoot);
    return { ...nothing, kind: 'element', element: fault };
  }
  if (adjudicator === 'Malformed') {
    const event = eventIn(context.contracts.Malformed, receipt, 'FormFault', batch.batchId);
    const reason = event ? decodeBytes32String(event.args.reason) : '';
    const form = event && explainForm(reason, Number(event.args.value), call.proof, batch.count);
    return { ...nothing, kind: FORMS[reason] ?? 'unknown', form: form ?? null, missing: call.proof ? [] : [HIDDEN] };
  }
  if (adjudicator === 'Availability') {
    const { Availability } = context.contracts;
    const event = logsOf(Availability, receipt, 'Expired').find(({ args }) => args.batchId === batch.batchId);
    const silence = event ? await explainSilence(context, event.args.demandId, call.question) : null;
    return { ...nothing, kind: 'silence', silence };
  }
  return { ...nothing, kind: KINDS[adjudicator] ?? 'unknown' };
}

const HIDDEN = 'the proof: the transaction went through another contract, so its bytes are not to be read here';

type Parses = { interface: { parseLog(log: Log): LogDescription | null } };

/** Events of this name in a receipt; those of other contracts with the same signature do not occur in one conviction. */
function logsOf(contract: unknown, { logs }: TransactionReceipt, name: string) {
  return logs
    .map((log) => (contract as Parses).interface.parseLog(log))
    .filter((event) => event !== null && event.name === name)
    .map((event) => event!);
}

const eventIn = (contract: unknown, receipt: TransactionReceipt, name: string, batchId: string) =>
  logsOf(contract, receipt, name).find(({ args }) => args.batchId === batchId);

/** The list that the proof opens has to be the one that the executor answered on chain. */
async function requireSegment(
  { contracts }: DisputeContext,
  batchId: string,
  receipt: TransactionReceipt,
  { segment }: ElementFault,
  root: string,
): Promise<void> {
  const event = eventIn(contracts.Referee, receipt, 'Convicted', batchId);
  const known = await contracts.Availability.segmentRoot(batchId, event?.args.leaf ?? 0n, segment);
  if (known === root) return;
  throw new EssaimError(
    'FAULT_PROOF_INVALID',
    `the proof opens another list than was answered for segment ${segment}`,
    {
      help: 'ask another endpoint: this one shows something else than the chain',
      details: { batchId, segment },
    },
  );
}

async function accusationOf(
  { contracts }: DisputeContext,
  batchId: string,
  challenger: string,
  { proof, salt }: ConvictingCall,
): Promise<Conviction['accused']> {
  if (proof === null || salt === null) return null;
  const accusation = accusationHash(batchId, fromHex(proof), challenger, salt);
  const { time, blockNumber } = await contracts.Accusations.madeAt(accusation);
  return time === 0n ? null : { time: Number(time), block: Number(blockNumber) };
}

const gone = (batchId: string): EssaimError =>
  new EssaimError('CHAIN_FAILED', `the transaction that rejected batch ${batchId} is not to be found`, {
    help: 'its block may just have been replaced: ask again, or ask another endpoint',
    details: { batchId },
  });
