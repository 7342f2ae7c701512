import { EssaimError } from '@essaim/protocol';
import { id as hashOf, type Log, type TransactionReceipt, toBigInt } from 'ethers';
import { allLogs, pastLogs } from '../chain/logs.ts';
import type { Action } from './actions.ts';
import { blockAt } from './blocks.ts';
import { chainTime, type HolderContext, reading } from './context.ts';
import { textOf, titleOf } from './description.ts';
import { SETTINGS } from './settings.ts';

/** States of a proposal, as the governor numbers them. */
export const PROPOSAL_STATES = [
  ...(['pending', 'active', 'cancelled', 'defeated', 'succeeded', 'queued', 'expired', 'executed'] as const),
] as const;

export type ProposalState = (typeof PROPOSAL_STATES)[number];

/** A proposal as it was made. */
export interface Proposal {
  id: bigint;
  proposer: string;
  actions: Action[];
  /** As it stands on the chain: its hash is part of the id. */
  description: string;
  title: string;
  text: string;
}

/** A proposal and where it stands. Times in seconds of the chain's clock, votes in wei of MIEL. */
export interface ProposalView extends Proposal {
  state: ProposalState;
  votes: { for: bigint; against: bigint; abstain: bigint };
  /** What votes for and abstentions have to reach together. */
  quorum: bigint;
  /** Votes are counted as they were at the end of this second; voting begins after it. */
  snapshot: bigint;
  /** The last second in which votes are taken. */
  deadline: bigint;
  /** From when on it can be executed; none until it is queued. */
  eta?: bigint;
  now: bigint;
}

/** The four arguments by which the governor knows a proposal that it has seen. */
export function proposalArguments({ actions, description }: Pick<Proposal, 'actions' | 'description'>) {
  const targets = actions.map(({ target }) => target);
  const values = actions.map(({ value }) => value);
  const data = actions.map((action) => action.data);
  return [targets, values, data, hashOf(description)] as const;
}

/** Every proposal that was made, oldest first. */
export async function readProposals(context: HolderContext): Promise<Proposal[]> {
  const filter = { ...(await eventsOf(context, 'ProposalCreated')), fromBlock: context.startBlock };
  const logs = await reading('looking for proposals', () => allLogs(context.provider, filter));
  return logs.map((log) => proposalIn(context, log));
}

/** The proposal of an id. PROPOSAL_UNKNOWN */
export async function findProposal(context: HolderContext, id: bigint): Promise<Proposal> {
  const { contracts, provider } = context;
  const snapshot = await reading('asking for the proposal', () => contracts.EssaimGovernor.proposalSnapshot(id));
  const found = await reading('looking for the proposal', async () => {
    if (snapshot === 0n) return undefined;
    const fromBlock = await blockAt(context, snapshot - LONGEST_DELAY);
    const filter = { ...(await eventsOf(context, 'ProposalCreated')), fromBlock };
    for await (const log of pastLogs(provider, filter, await blockAt(context, snapshot))) {
      const proposal = proposalIn(context, log);
      if (proposal.id === id) return proposal;
    }
    return undefined;
  });
  if (found) return found;
  throw new EssaimError('PROPOSAL_UNKNOWN', `the governor has no proposal ${id}`, {
    help: 'list the proposals; the id is the long number of one of them',
    details: { id },
  });
}

/** The longest that a vote can be away from its proposal, in seconds. */
const LONGEST_DELAY = SETTINGS.votingDelay.most;

async function eventsOf({ contracts }: HolderContext, name: 'ProposalCreated' | 'ProposalExecuted') {
  const { EssaimGovernor } = contracts;
  const { topicHash } = EssaimGovernor.interface.getEvent(name as 'ProposalCreated');
  return { address: await EssaimGovernor.getAddress(), topics: [topicHash] };
}

function proposalIn({ contracts }: HolderContext, log: Log): Proposal {
  const [id, proposer, targets, values, , data, , , description] = [
    ...contracts.EssaimGovernor.interface.decodeEventLog('ProposalCreated', log.data, log.topics),
  ];
  const actions = targets.map((target: string, i: number) => ({ target, value: values[i], data: data[i] }));
  return { id, proposer, actions, description, title: titleOf(description), text: textOf(description) };
}

/** Where a proposal stands now. */
export function viewProposal(context: HolderContext, proposal: Proposal): Promise<ProposalView> {
  const { EssaimGovernor } = context.contracts;
  const { id } = proposal;
  return reading('asking for the proposal', async () => {
    const [state, [against, inFavour, abstain], snapshot, deadline, eta, now] = await Promise.all([
      EssaimGovernor.state(id),
      EssaimGovernor.proposalVotes(id),
      EssaimGovernor.proposalSnapshot(id),
      EssaimGovernor.proposalDeadline(id),
      EssaimGovernor.proposalEta(id),
      chainTime(context),
    ]);
    const quorum = await EssaimGovernor.quorum(snapshot < now ? snapshot : now - 1n);
    const votes = { for: inFavour, against, abstain };
    const times = { snapshot, deadline, eta: eta === 0n ? undefined : eta, now };
    return { ...proposal, state: PROPOSAL_STATES[Number(state)], votes, quorum, ...times };
  });
}

/** The transaction that carried a proposal out; none if none did. */
export function findExecution(context: HolderContext, id: bigint): Promise<TransactionReceipt | undefined> {
  const { provider, contracts } = context;
  const { EssaimGovernor } = contracts;
  return reading('looking for the execution', async () => {
    const eta = await EssaimGovernor.proposalEta(id);
    if (eta === 0n) return undefined;
    const filter = { ...(await eventsOf(context, 'ProposalExecuted')), fromBlock: await blockAt(context, eta) };
    for await (const log of pastLogs(provider, filter, await provider.getBlockNumber())) {
      const { proposalId } = EssaimGovernor.interface.decodeEventLog('ProposalExecuted', log.data, log.topics);
      if (proposalId === id) return (await provider.getTransactionReceipt(log.transactionHash)) ?? undefined;
    }
    return undefined;
  });
}

/** What the proposal waits for and until when; none where nothing more comes by itself. */
export function nextOf(view: ProposalView): { what: string; at: bigint } | undefined {
  const { state, snapshot, deadline, eta, now } = view;
  if (state === 'pending') return { what: 'voting begins', at: snapshot };
  if (state === 'active') return { what: 'voting ends', at: deadline };
  if (state === 'queued' && eta !== undefined && eta > now) return { what: 'it can be executed', at: eta };
  return undefined;
}

/** A proposal's id out of a text: decimal, or hex with 0x. PROPOSAL_UNKNOWN */
export function proposalId(text: string): bigint {
  if (/^(\d+|0x[0-9a-fA-F]+)$/.test(text)) return toBigInt(text);
  throw new EssaimError('PROPOSAL_UNKNOWN', `"${text}" is no id of a proposal`, {
    help: 'list the proposals; the id is the long number of one of them',
    details: { id: text },
  });
}
