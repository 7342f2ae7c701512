import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** A custom error of our contracts as it stands in the sources. */
export interface ContractError {
  name: string;
  /** With its arguments, as in Solidity. */
  signature: string;
  /** Its `@notice`; empty where there is none. */
  notice: string;
  /** The contract or library whose source declares it. */
  home: string;
}

const root = new URL('../../', import.meta.url);

/** Every custom error declared below contracts/, tests left out, by name. */
export function contractErrors(): ContractError[] {
  return globSync('contracts/**/*.sol', { cwd: root })
    .filter((file) => !file.includes('/test/'))
    .flatMap((file) => {
      const source = readFileSync(new URL(file, root), 'utf8');
      return [...source.matchAll(/((?:^[ \t]*\/\/\/.*\n)*)^[ \t]*error (\w+)(\([^)]*\));/gm)].map(
        ([, comment, name, args]) => ({
          name,
          signature: `${name}${args.replace(/\s+/g, ' ')}`,
          notice: noticeOf(comment),
          home: basename(file, '.sol').replace(/^I(?=[A-Z])/, ''),
        }),
      );
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function noticeOf(comment: string): string {
  const text = comment
    .split('\n')
    .map((line) => line.replace(/^\s*\/\/\/\s?/, '').trim())
    .join(' ');
  return (text.match(/@notice (.*?)(?= @\w|$)/)?.[1] ?? '').trim();
}

/** Errors that our contracts inherit and that an account can run into; the others show a fault of ours. */
export const INHERITED: Readonly<Record<string, string>> = {
  ERC20InsufficientAllowance: 'Approve more of the token: the allowance is below the amount.',
  ERC20InsufficientBalance: 'Send the account more of the token: its balance is below the amount.',
  ERC20InvalidReceiver: 'Give a receiver that is not the zero address.',
  ERC20InvalidSpender: 'Approve an address that is not zero.',
  ERC2612ExpiredSignature: 'Sign the permit again: its deadline has passed.',
  ERC2612InvalidSigner: 'Have the permit signed by the owner of the tokens.',
  ERC5805FutureLookup: 'Ask for votes at a time that has passed.',
  ERC721InsufficientApproval: 'Be the owner of the model, or let the owner approve.',
  ERC721InvalidReceiver: 'Give a receiver that is not zero and, if it is a contract, takes ERC-721 tokens.',
  ERC721NonexistentToken: 'Check the id: there is no such model.',
  FailedCall: 'Look at the call: its target refused without saying why, or has no such function.',
  GovernorAlreadyCastVote: 'Leave it: votes cannot be changed.',
  GovernorInsufficientProposerVotes: 'Have others delegate to you, or give the draft to who has the votes.',
  GovernorInvalidSignature: 'Sign the vote again: with the voter’s key, its next nonce and nothing changed.',
  GovernorNonexistentProposal: 'Check the id: there is no such proposal.',
  GovernorOnlyExecutor: 'Propose it: the governor’s own numbers are set by what passed.',
  GovernorRestrictedProposer: 'Let the account propose that the end of the description names.',
  GovernorUnableToCancel: 'Vote against it: only who made it takes it back, and only before its vote.',
  GovernorUnexpectedProposalState: 'Look at the proposal: it is not in the state that this needs.',
  InvalidAccountNonce: 'Sign again: the nonce was used.',
  ReentrancyGuardReentrantCall: 'Do not call the market from within its own transfer.',
  SafeCastOverflowedUintDowncast: 'Use a smaller number: it does not fit where it is stored.',
  SafeERC20FailedOperation: 'Check allowance and balance: the token refused the transfer.',
  TimelockInsufficientDelay: 'Schedule with at least the minimum delay.',
  TimelockUnauthorizedCaller: 'Let the timelock itself call it.',
  TimelockUnexecutedPredecessor: 'Execute the predecessor first.',
  TimelockUnexpectedOperationState: 'Look at the operation: it is not in the state that this needs.',
  AccessControlUnauthorizedAccount: 'Use an account that has the role.',
  VotesExpiredSignature: 'Sign the delegation again: its expiry has passed.',
};

const BUILD_ANEW = 'Build the proof anew from the batch, its receipt and its program.';

/** What an account does about an error, by the contract that declares it. */
export const REMEDIES: Readonly<Record<string, string>> = {
  Accusations: 'Accuse first, wait for the next block, and prove before the accusation is too old.',
  AuditPool:
    'Read the assignment, the seat and the clock of the audit again: another may be drawn, or its time be over.',
  Availability: 'Read the demand and its clock again, then ask or answer within it.',
  Bn254: 'Give points of the curve’s groups, on a chain with the precompiles of BN254.',
  BootstrapGrants:
    'Read the grant again: an account has one offer, takes it as stake in ninety days, and it unlocks in time.',
  Claim: BUILD_ANEW,
  Claims: 'Read the batch and its state again: it has another one, or another caller may.',
  DatasetRegistry: 'Check the data set’s id, its versions, its rows and its owner.',
  Delegation:
    'Read the pool and your shares of it again: delegate less, or wait until they have thawed and no lock needs them.',
  DrandRandomness: 'Give drand’s own signature of that round, from its time on and before it is expired.',
  EmissionReserve: 'Let the emissions contract ask, and for no more than remains.',
  Emissions:
    'Read the work and its day again: record once, when it is final and paid in MIEL, and claim from the next day on.',
  EssaimGovernor: 'Propose a setting within its bounds.',
  FeeBurn: 'Wait until a fee in MIEL was paid: there is nothing to burn.',
  IdentityRegistry: 'Manage the agent, and have its new wallet sign within five minutes.',
  JobMarket: 'Read the job again and do what its state, its deadline and your role allow.',
  Judge: BUILD_ANEW,
  JudgeRegistry: 'Propose a judge that has code and is not there yet, through the timelock.',
  Launchpad: 'Launch what is next, from the account that created the launchpad.',
  Malformed: 'Show the fault that the header commits to, by its kind; without one there is nothing to do.',
  Merkle: BUILD_ANEW,
  MielToken: 'Deploy with as many amounts as holders.',
  ModelRegistry: 'Check the model’s id, its programs and its owner.',
  Openings: BUILD_ANEW,
  Outcomes: 'Read the job or batch and the links of its account again: an outcome is recorded once, when it is there.',
  Parameters: 'Name an epoch that has begun.',
  Penalties: 'Wait until the batch is rejected, give the terms of its job, and collect once.',
  PoolFees: 'Read the pool’s tokens, terms and earnings again: its operator admits tokens and announces its cut.',
  Program: BUILD_ANEW,
  ProtocolParameters: 'Read the table and its bounds, and propose a change within one step of what holds now.',
  Randomness: 'Give the header of the round’s own block while its hash can be had; an expired round is never drawn.',
  Referee: 'Examine the proof before sending it; where the judge permits the element there is no fault.',
  ReputationRegistry: 'Give feedback about an agent that you do not manage, and name the clients that you believe.',
  Royalties: 'Read the asset, its lineage and what it earned again; holders of shares claim from the shares.',
  RunEscrow: 'Read the run, its deadlines and what is owed again; the registry says where it stands.',
  RunRules: 'Look at the rule that the terms or the program break, and create the run with others.',
  ScoredRounds:
    'Read the turn again: who committed, whether its rows are drawn and known, and how long it takes scores.',
  Segment: BUILD_ANEW,
  Shares: 'Read the shares again: their revenue tokens, their issuer and what is claimable.',
  StakeManager: 'Read the stake and the provision again: stake more, or wait until it has thawed.',
  StakeVotes: 'Ask for votes at a time that has passed, and sign the delegation again if it has expired.',
  StepFaults: 'Look at the claim and its place in the run again; without a fault there is nothing to prove.',
  TrainingRegistry: 'Read the run, its round and your seat again, and do what their state allows.',
  Vouchers: 'Read the escrow again: what it holds, what of it is claimed, and how long it stands.',
  ValidationRegistry: 'Read the request again: its agent’s manager asks once, its validator answers.',
};
