import { EssaimError } from '@essaim/protocol';
import { type ContractTransaction, Signature, type TransactionReceipt } from 'ethers';
import { type Action, actionsFor, type Wanted } from './actions.ts';
import { chainTime, type HolderContext, reading, transact, walletOf } from './context.ts';
import { type DecodedAction, decodeActions } from './decode.ts';
import { describeProposal, type Said, titleOf } from './description.ts';
import { type Happened, readLogs } from './events.ts';
import { type ParameterView, readParameters } from './parameters.ts';
import { type Power, readPower } from './power.ts';
import {
  findExecution,
  findProposal,
  type Proposal,
  type ProposalView,
  proposalArguments,
  readProposals,
  viewProposal,
} from './proposals.ts';
import {
  ledgerOf,
  readSigned,
  requireUsable,
  type SignedDelegation,
  type SignedTransaction,
  type SignedVote,
  SUPPORT,
  type Support,
  typedData,
  type VotesOf,
} from './signed.ts';
import { requireState, requireThreshold, STEPS, type Step } from './steps.ts';
import { type Trial, tryOut } from './trial/trial.ts';
import { showTime } from './units.ts';

/** What a proposal does and says. */
export type Draft = Wanted & Said;

/** A proposal that was checked and is not sent yet. */
export interface PreparedProposal extends Pick<Proposal, 'id' | 'proposer' | 'actions' | 'description' | 'title'> {}

/**
 * What holders of MIEL do together: delegate, propose, vote, and carry out what passed; by signature too.
 *
 * @example
 * ```ts
 * const draft = await essaim.governance.prepare({
 *   title: 'A protocol fee of 2.5 %',
 *   parameters: { 'feeRules.protocolFee': 250n }, // checked: name, bounds, step
 * });
 * const [{ changes }] = await essaim.governance.decode(draft.actions); // in names and units, against what holds now
 * console.log(changes.map(({ what }) => what).join()); // feeRules.protocolFee
 * ```
 */
export class Governance {
  readonly #context: HolderContext;

  constructor(context: HolderContext) {
    this.#context = context;
  }

  /** What this connection's tools need of it. */
  get context(): HolderContext {
    return this.#context;
  }

  /** Voting power of an account at the end of a past second (default: now), and where it comes from. POWER_FUTURE */
  power(account: string, at?: bigint): Promise<Power> {
    return readPower(this.#context, account, at);
  }

  /** Every number that governance may set: what it is now, its bounds and what one change may make of it. */
  parameters(): Promise<ParameterView[]> {
    return readParameters(this.#context.contracts);
  }

  /** Lets `to` vote with one's liquid or staked MIEL; oneself takes it back. What backs a pool stays one's own vote. */
  async delegate(to: string, of: VotesOf, signal?: AbortSignal): Promise<void> {
    await transact(this.#context, ledgerOf(this.#context, of).delegate.populateTransaction(to), 'delegating', signal);
  }

  /**
   * Signs a delegation that anybody may send until `expiry` (default: a week from now). `nonce` is for several signed in
   * a row. WALLET_MISSING
   */
  async signDelegation(
    to: string,
    of: VotesOf,
    { expiry, nonce }: { expiry?: bigint; nonce?: bigint } = {},
  ): Promise<SignedDelegation> {
    const delegator = await walletOf(this.#context, 'signing a delegation').getAddress();
    const contract = ledgerOf(this.#context, of);
    const next = nonce ?? (await reading('asking for the nonce', () => contract.nonces(delegator)));
    const until = expiry ?? (await chainTime(this.#context)) + 7n * 86_400n;
    return this.#sign({
      ...{ kind: 'delegation', of, chainId: this.#context.chainId, contract: await contract.getAddress() },
      ...{ delegator, delegatee: to, nonce: String(next), expiry: String(until) },
    });
  }

  /**
   * Checks a draft against the chain as it is now, and makes a proposal of the signer's (or `proposer`'s) out of it. What
   * {@link actionsFor} refuses, and texts that no proposal can hold; WALLET_MISSING
   */
  async prepare(draft: Draft, proposer?: string): Promise<PreparedProposal> {
    const by = proposer ?? (await walletOf(this.#context, 'proposing').getAddress());
    const description = describeProposal(draft, by);
    const actions = await actionsFor(this.#context, draft);
    const call = proposalArguments({ actions, description });
    const id = await reading('naming the proposal', () => this.#context.contracts.EssaimGovernor.hashProposal(...call));
    return { id, proposer: by, actions, description, title: titleOf(description) };
  }

  /** Sends a proposal. PROPOSAL_THRESHOLD, PROPOSAL_EXISTS */
  async propose(proposal: PreparedProposal, signal?: AbortSignal): Promise<void> {
    await transact(this.#context, this.#proposing(proposal), 'proposing', signal);
  }

  /** Signs the transaction that sends a proposal. PROPOSAL_THRESHOLD, PROPOSAL_EXISTS */
  signProposal(proposal: PreparedProposal): Promise<SignedTransaction> {
    return this.#signTransaction(this.#proposing(proposal), `proposing "${proposal.title}"`);
  }

  /** Every proposal and where it stands, oldest first. */
  async proposals(): Promise<ProposalView[]> {
    const all = await readProposals(this.#context);
    return Promise.all(all.map((proposal) => viewProposal(this.#context, proposal)));
  }

  /** A proposal and where it stands. PROPOSAL_UNKNOWN */
  async proposal(id: bigint): Promise<ProposalView> {
    return viewProposal(this.#context, await findProposal(this.#context, id));
  }

  /** What calls of a proposal would do, in names and units, against what holds now. */
  decode(actions: readonly Action[]): Promise<DecodedAction[]> {
    return decodeActions(this.#context, actions);
  }

  /**
   * Tries calls of a proposal out, as the timelock on the newest block (as if it were second `time`): what would be other
   * afterwards, or which call is refused. Needs an endpoint with state overrides, nothing else. TRIAL_UNAVAILABLE
   */
  tryOut(actions: readonly Action[], time?: bigint): Promise<Trial> {
    return tryOut(this.#context, actions, time);
  }

  /** What came of a proposal, in names and units; none while it was not carried out. */
  async outcome(id: bigint): Promise<Happened | undefined> {
    const receipt = await findExecution(this.#context, id);
    return receipt && readLogs(this.#context, receipt.logs);
  }

  /** Votes with all of the signer's power. PROPOSAL_UNKNOWN, PROPOSAL_STATE, PROPOSAL_VOTED, VOTES_NONE */
  async vote(id: bigint, support: Support, reason = '', signal?: AbortSignal): Promise<void> {
    const { EssaimGovernor } = this.#context.contracts;
    await this.#requireVote(id, await walletOf(this.#context, 'voting').getAddress());
    const call = EssaimGovernor.castVoteWithReason.populateTransaction(id, SUPPORT[support], reason);
    await transact(this.#context, call, 'voting', signal);
  }

  /**
   * Signs a vote that anybody may send while voting goes on; it can be signed before that. `nonce` is for several votes
   * signed in a row. PROPOSAL_UNKNOWN, PROPOSAL_STATE, PROPOSAL_VOTED, VOTES_NONE
   */
  async signVote(
    id: bigint,
    support: Support,
    { reason = '', nonce }: { reason?: string; nonce?: bigint } = {},
  ): Promise<SignedVote> {
    const { EssaimGovernor } = this.#context.contracts;
    const voter = await walletOf(this.#context, 'signing a vote').getAddress();
    await this.#requireVote(id, voter, true);
    const next = nonce ?? (await reading('asking for the nonce', () => EssaimGovernor.nonces(voter)));
    return this.#sign({
      ...{ kind: 'vote', chainId: this.#context.chainId, contract: await EssaimGovernor.getAddress() },
      ...{ proposal: String(id), support, voter, nonce: String(next), reason },
    });
  }

  /** Puts a proposal that passed into the timelock. For anyone. PROPOSAL_UNKNOWN, PROPOSAL_STATE */
  async queue(id: bigint, signal?: AbortSignal): Promise<void> {
    await transact(this.#context, this.#step(id, 'queue'), 'queuing', signal);
  }

  /** Carries out what waited its time. For anyone. PROPOSAL_UNKNOWN, PROPOSAL_STATE, PROPOSAL_EARLY */
  async execute(id: bigint, signal?: AbortSignal): Promise<TransactionReceipt> {
    return transact(this.#context, this.#step(id, 'execute'), 'executing', signal);
  }

  /** Takes a proposal back before its vote begins. For who made it. PROPOSAL_UNKNOWN, PROPOSAL_STATE, PROPOSAL_PROPOSER */
  async cancel(id: bigint, signal?: AbortSignal): Promise<void> {
    await transact(this.#context, this.#step(id, 'cancel'), 'cancelling', signal);
  }

  /** Signs the transaction of a step, with the errors of that step. */
  signStep(id: bigint, step: Step): Promise<SignedTransaction> {
    return this.#signTransaction(this.#step(id, step), `${STEPS[step].doing} proposal ${id}`);
  }

  /**
   * Sends what another signed; returns the transaction's hash. The signer of this connection pays for delegations and
   * votes. SIGNED_INVALID, SIGNED_ELSEWHERE, SIGNED_USED, SIGNED_EXPIRED; for votes what {@link vote} throws
   */
  async relay(given: unknown, signal?: AbortSignal): Promise<string> {
    const signed = readSigned(given);
    await requireUsable(this.#context, signed);
    if (signed.kind === 'transaction') {
      const { provider } = this.#context;
      const sent = await reading(signed.what, () => provider.broadcastTransaction(signed.transaction));
      await reading(signed.what, () => sent.wait());
      return sent.hash;
    }
    if (signed.kind === 'vote') await this.#requireVote(BigInt(signed.proposal), signed.voter);
    const call = signed.kind === 'vote' ? this.#voteCall(signed) : this.#delegationCall(signed);
    return (await transact(this.#context, call, `sending a signed ${signed.kind}`, signal)).hash;
  }

  #voteCall({ proposal, support, voter, reason, signature }: SignedVote): Promise<ContractTransaction> {
    const { EssaimGovernor } = this.#context.contracts;
    const [id, choice] = [BigInt(proposal), SUPPORT[support]];
    if (reason === '') return EssaimGovernor.castVoteBySig.populateTransaction(id, choice, voter, signature);
    const by = EssaimGovernor.castVoteWithReasonAndParamsBySig;
    return by.populateTransaction(id, choice, voter, reason, '0x', signature);
  }

  #delegationCall(signed: SignedDelegation): Promise<ContractTransaction> {
    const contract = ledgerOf(this.#context, signed.of);
    const { v, r, s } = Signature.from(signed.signature);
    return contract.delegateBySig.populateTransaction(signed.delegatee, signed.nonce, signed.expiry, v, r, s);
  }

  async #proposing({ id, proposer, actions, description }: PreparedProposal): Promise<ContractTransaction> {
    const { EssaimGovernor } = this.#context.contracts;
    await requireThreshold(this.#context, proposer);
    if ((await reading('looking for the proposal', () => EssaimGovernor.proposalSnapshot(id))) !== 0n) {
      throw new EssaimError('PROPOSAL_EXISTS', 'this very proposal was made already', {
        help: 'vote on it, or give yours another title or text',
        details: { id },
      });
    }
    const [targets, values, data] = proposalArguments({ actions, description });
    return EssaimGovernor.propose.populateTransaction(targets, values, data, description);
  }

  async #step(id: bigint, step: Step): Promise<ContractTransaction> {
    const { EssaimGovernor } = this.#context.contracts;
    const view = await this.proposal(id);
    const { from, doing } = STEPS[step];
    requireState(view, from, doing);
    const by = step === 'cancel' ? await walletOf(this.#context, doing).getAddress() : view.proposer;
    if (by !== view.proposer) {
      throw new EssaimError('PROPOSAL_PROPOSER', `only ${view.proposer}, who made the proposal, takes it back`, {
        help: 'vote against it when voting begins',
        details: { proposer: view.proposer },
      });
    }
    if (step === 'execute' && view.eta !== undefined && view.eta > view.now) {
      throw new EssaimError('PROPOSAL_EARLY', `the proposal waits in the timelock until ${showTime(view.eta)}`, {
        help: 'execute it then',
        details: { eta: view.eta, now: view.now },
      });
    }
    return EssaimGovernor[step].populateTransaction(...proposalArguments(view));
  }

  async #requireVote(id: bigint, voter: string, early = false): Promise<void> {
    const { EssaimGovernor } = this.#context.contracts;
    const view = await this.proposal(id);
    requireState(view, early ? ['pending', 'active'] : ['active'], 'voting');
    if (await reading('asking for the vote', () => EssaimGovernor.hasVoted(id, voter))) {
      throw new EssaimError('PROPOSAL_VOTED', `${voter} voted on this proposal already`, {
        help: 'votes cannot be changed',
        details: { id, voter },
      });
    }
    if (view.snapshot >= view.now) return;
    const votes = await reading('asking for voting power', () => EssaimGovernor.getVotes(voter, view.snapshot));
    if (votes > 0n) return;
    throw new EssaimError('VOTES_NONE', `${voter} had no votes at ${showTime(view.snapshot)}, when this vote began`, {
      help: 'votes count as they were then; delegate to yourself now to have some in the next one',
      details: { voter, snapshot: view.snapshot },
    });
  }

  async #sign<T extends Omit<SignedDelegation, 'signature'> | Omit<SignedVote, 'signature'>>(
    unsigned: T,
  ): Promise<T & { signature: string }> {
    const { domain, types, message } = typedData(unsigned);
    const wallet = walletOf(this.#context, 'signing');
    return { ...unsigned, signature: await reading('signing', () => wallet.signTypedData(domain, types, message)) };
  }

  async #signTransaction(call: Promise<ContractTransaction>, what: string): Promise<SignedTransaction> {
    const wallet = walletOf(this.#context, what);
    const made = await call;
    const transaction = await reading(what, async () => {
      const { from: _, ...whole } = await wallet.populateTransaction(made);
      return wallet.signTransaction(whole);
    });
    return { kind: 'transaction', chainId: this.#context.chainId, what, from: await wallet.getAddress(), transaction };
  }
}
