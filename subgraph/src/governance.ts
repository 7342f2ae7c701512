import { BigInt, Bytes, ethereum } from '@graphprotocol/graph-ts';
import {
  LateQuorumVoteExtensionSet,
  ProposalCanceled,
  ProposalCreated,
  ProposalExecuted,
  ProposalExtended,
  ProposalQueued,
  ProposalThresholdSet,
  QuorumNumeratorUpdated,
  TimelockChange,
  VoteCast,
  VoteCastWithParams,
  VotingDelaySet,
  VotingPeriodSet,
} from '../generated/EssaimGovernor/EssaimGovernor';
import { Proposal, Setting, Vote } from '../generated/schema';
import { agent } from './agents';
import { happened, numberId, protocol, ZERO } from './protocol';

const SUPPORT = ['Against', 'For', 'Abstain'];

export function essaimGovernorProposalCreated(event: ProposalCreated): void {
  const at = event.params;
  const proposal = new Proposal(numberId(at.proposalId));
  proposal.number = at.proposalId;
  proposal.proposer = agent(at.proposer).id;
  proposal.state = 'Open';
  const targets: Bytes[] = [];
  for (let i = 0; i < at.targets.length; i++) targets.push(at.targets[i]);
  proposal.targets = targets;
  proposal.values = at.values;
  proposal.calldatas = at.calldatas;
  proposal.description = at.description;
  proposal.voteStart = at.voteStart;
  proposal.voteEnd = at.voteEnd;
  proposal.against = ZERO;
  proposal.for = ZERO;
  proposal.abstain = ZERO;
  proposal.createdAt = event.block.timestamp;
  proposal.transaction = event.transaction.hash;
  proposal.save();
  const sums = protocol();
  sums.proposals += 1;
  sums.save();
}

export function essaimGovernorProposalQueued(event: ProposalQueued): void {
  const proposal = Proposal.load(numberId(event.params.proposalId))!;
  proposal.state = 'Queued';
  proposal.eta = event.params.etaSeconds;
  proposal.save();
}

export function essaimGovernorProposalExecuted(event: ProposalExecuted): void {
  const proposal = Proposal.load(numberId(event.params.proposalId))!;
  proposal.state = 'Executed';
  proposal.save();
}

export function essaimGovernorProposalCanceled(event: ProposalCanceled): void {
  const proposal = Proposal.load(numberId(event.params.proposalId))!;
  proposal.state = 'Canceled';
  proposal.save();
}

export function essaimGovernorProposalExtended(event: ProposalExtended): void {
  const proposal = Proposal.load(numberId(event.params.proposalId))!;
  proposal.voteEnd = event.params.extendedDeadline;
  proposal.save();
}

function cast(event: ethereum.Event, number: BigInt, voter: Bytes, support: i32, weight: BigInt, reason: string): Vote {
  const proposal = Proposal.load(numberId(number))!;
  if (support == 0) proposal.against = proposal.against.plus(weight);
  else if (support == 1) proposal.for = proposal.for.plus(weight);
  else proposal.abstain = proposal.abstain.plus(weight);
  proposal.save();
  const vote = new Vote(proposal.id.concat(voter));
  vote.proposal = proposal.id;
  vote.voter = agent(voter).id;
  vote.support = SUPPORT[support];
  vote.weight = weight;
  vote.reason = reason;
  vote.time = event.block.timestamp;
  happened('Voted');
  return vote;
}

export function essaimGovernorVoteCast(event: VoteCast): void {
  const at = event.params;
  cast(event, at.proposalId, at.voter, at.support, at.weight, at.reason).save();
}

export function essaimGovernorVoteCastWithParams(event: VoteCastWithParams): void {
  const at = event.params;
  const vote = cast(event, at.proposalId, at.voter, at.support, at.weight, at.reason);
  vote.params = at.params;
  vote.save();
}

/** Keeps a setting of the contract that emitted the event, as it is now. */
export function set(event: ethereum.Event, name: string, before: BigInt, value: BigInt): void {
  const setting = new Setting(event.address.concat(Bytes.fromUTF8(name)));
  setting.contract = event.address;
  setting.name = name;
  setting.before = before;
  setting.value = value;
  setting.time = event.block.timestamp;
  setting.save();
}

export function essaimGovernorVotingDelaySet(event: VotingDelaySet): void {
  set(event, 'votingDelay', event.params.oldVotingDelay, event.params.newVotingDelay);
}

export function essaimGovernorVotingPeriodSet(event: VotingPeriodSet): void {
  set(event, 'votingPeriod', event.params.oldVotingPeriod, event.params.newVotingPeriod);
}

export function essaimGovernorProposalThresholdSet(event: ProposalThresholdSet): void {
  set(event, 'proposalThreshold', event.params.oldProposalThreshold, event.params.newProposalThreshold);
}

export function essaimGovernorQuorumNumeratorUpdated(event: QuorumNumeratorUpdated): void {
  set(event, 'quorumNumerator', event.params.oldQuorumNumerator, event.params.newQuorumNumerator);
}

export function essaimGovernorLateQuorumVoteExtensionSet(event: LateQuorumVoteExtensionSet): void {
  set(event, 'lateQuorumVoteExtension', event.params.oldVoteExtension, event.params.newVoteExtension);
}

export function essaimGovernorTimelockChange(event: TimelockChange): void {
  set(event, 'timelock', number(event.params.oldTimelock), number(event.params.newTimelock));
}

/** An address as the number that it is. */
function number(address: Bytes): BigInt {
  return BigInt.fromUnsignedBytes(Bytes.fromUint8Array(address.slice(0).reverse()));
}
