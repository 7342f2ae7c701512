import { EssaimError } from '@essaim/protocol';
import { Wallet } from 'ethers';
import { chainFailure } from '../../chain/reverts.ts';
import { contractsOf } from '../../contracts/contracts.ts';
import type { Deployment } from '../../contracts/deployment.ts';
import type { Action } from '../../governance/actions.ts';
import type { HolderContext } from '../../governance/context.ts';
import { type Happened, readLogs } from '../../governance/events.ts';
import { type ProposalView, proposalArguments, viewProposal } from '../../governance/proposals.ts';
import { type Difference, differences, readState } from '../../governance/state.ts';
import { showTime } from '../../governance/units.ts';
import { describeFailure, type Failure } from '../failure.ts';
import { Fork } from './fork.ts';

/** What would come of a proposal if it passed now. */
export interface Simulation {
  /** When it was carried out on the copy, after its vote and its wait. */
  at: string;
  /** Of what governance governs, all that is other afterwards. */
  changes: Difference[];
  happened: Happened;
  gas: bigint;
}

/** A proposal that cannot be carried out, and why. */
export interface FailedSimulation {
  at: string;
  reverted: Failure;
}

/**
 * Carries a proposal out on a copy of the chain as it is now, by the governor and its timelock as they are: proposed,
 * voted for, queued and executed after all its waits, unless it is that far already. Nothing happens on the chain
 * itself. SIMULATION_UNAVAILABLE, SIMULATION_FORK, SIMULATION_VOTES
 */
export async function simulate(
  rpc: string,
  deployment: Deployment,
  proposal: { actions: readonly Action[] } | ProposalView,
): Promise<Simulation | FailedSimulation> {
  const { chainId, startBlock } = deployment;
  const fork = await Fork.of(rpc, chainId);
  try {
    const { provider } = fork;
    const context = { chainId, startBlock, provider, contracts: contractsOf(deployment, provider) };
    const isPassed = 'state' in proposal && (proposal.state === 'succeeded' || proposal.state === 'queued');
    const passed = isPassed ? proposal : await pass(fork, context, [...proposal.actions]);
    return await carryOut(fork, context, passed);
  } finally {
    await fork.close();
  }
}

/** Queues, waits and executes; what the chain holds before and after the execution is compared. */
async function carryOut(fork: Fork, context: HolderContext, proposal: ProposalView) {
  const { EssaimGovernor, TimelockController } = context.contracts;
  const anyone = Wallet.createRandom().address;
  const call = proposalArguments(proposal);
  if (proposal.state !== 'queued') await fork.act(anyone, await EssaimGovernor.queue.populateTransaction(...call));
  const eta = await EssaimGovernor.proposalEta(proposal.id);
  await fork.passTo(eta + 1n);
  const before = await readState(context);
  const at = showTime(eta > proposal.now ? eta + 1n : proposal.now);
  try {
    const receipt = await fork.act(anyone, await EssaimGovernor.execute.populateTransaction(...call));
    const happened = await readLogs(context, receipt.logs);
    return { at, changes: differences(before, await readState(context)), happened, gas: receipt.gasUsed };
  } catch (cause) {
    const timelock = await TimelockController.getAddress();
    return { at, reverted: describeFailure(await chainFailure(cause, `the proposal, as ${timelock} carries it out,`)) };
  }
}

/** Proposes these actions on the copy and lets them pass, by MIEL that is borrowed for the vote and given back. */
async function pass(fork: Fork, context: HolderContext, actions: Action[]): Promise<ProposalView> {
  const { EssaimGovernor, MielToken } = context.contracts;
  const voter = Wallet.createRandom().address;
  const miel = await MielToken.getAddress();
  const { lender, amount } = await lenderOf(context);
  await fork.act(lender, await MielToken.transfer.populateTransaction(voter, amount));
  await fork.act(voter, await MielToken.delegate.populateTransaction(voter));
  const latest = await fork.provider.getBlock('latest');
  await fork.passTo(BigInt(latest!.timestamp) + 1n);
  const description = `# Simulation by ${voter}`;
  const [targets, values, data, hash] = proposalArguments({ actions, description });
  await fork.act(voter, await EssaimGovernor.propose.populateTransaction(targets, values, data, description));
  const id = await EssaimGovernor.hashProposal(targets, values, data, hash);
  const proposal = { id, proposer: voter, actions, description, title: '', text: '' };
  await fork.passTo((await EssaimGovernor.proposalSnapshot(id)) + 1n);
  await fork.act(voter, await EssaimGovernor.castVote.populateTransaction(id, 1));
  await fork.act(voter, { to: miel, data: MielToken.interface.encodeFunctionData('transfer', [lender, amount]) });
  await fork.passTo((await EssaimGovernor.proposalDeadline(id)) + 1n);
  return viewProposal(context, proposal);
}

/** A contract that holds enough MIEL for a vote to pass, and how much that is. */
async function lenderOf(context: HolderContext): Promise<{ lender: string; amount: bigint }> {
  const { contracts } = context;
  const { EssaimGovernor, MielToken } = contracts;
  const [threshold, supply, percent] = await Promise.all([
    EssaimGovernor.proposalThreshold(),
    MielToken.totalSupply(),
    EssaimGovernor['quorumNumerator()'](),
  ]);
  const quorum = (supply * percent) / 100n;
  const amount = quorum > threshold ? quorum : threshold;
  const lenders = await Promise.all(
    [contracts.EmissionReserve, contracts.TimelockController, contracts.StakeManager].map((it) => it.getAddress()),
  );
  for (const lender of lenders) if ((await MielToken.balanceOf(lender)) >= amount) return { lender, amount };
  throw new EssaimError('SIMULATION_VOTES', 'no contract holds enough MIEL for a vote to pass on the copy', {
    help: 'simulate it once it has passed: then no votes are needed',
    details: { amount },
  });
}
