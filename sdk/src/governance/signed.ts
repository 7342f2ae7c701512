import { EssaimError } from '@essaim/protocol';
import { isAddress, isHexString, Transaction, type TypedDataField, verifyTypedData } from 'ethers';
import { chainTime, type HolderContext, reading } from './context.ts';

/** Whose votes a delegation moves: those of liquid MIEL, or those of staked MIEL. */
export type VotesOf = 'token' | 'stake';

export const SUPPORT = { against: 0, for: 1, abstain: 2 } as const;
export type Support = keyof typeof SUPPORT;

interface SignedBase {
  chainId: number;
  /** The contract for which it was signed. */
  contract: string;
  nonce: string;
  signature: string;
}

/** Lets another vote, until `expiry` for anybody to send. */
export interface SignedDelegation extends SignedBase {
  kind: 'delegation';
  of: VotesOf;
  delegator: string;
  delegatee: string;
  /** Seconds of the chain's clock. */
  expiry: string;
}

/** A vote, for anybody to send while voting goes on. */
export interface SignedVote extends SignedBase {
  kind: 'vote';
  proposal: string;
  support: Support;
  voter: string;
  reason: string;
}

/** A transaction of the signer's own, for anybody to hand to the chain; the signer pays its gas. */
export interface SignedTransaction {
  kind: 'transaction';
  chainId: number;
  what: string;
  from: string;
  transaction: string;
}

/** What one account signed and another may send: plain JSON. */
export type Signed = SignedDelegation | SignedVote | SignedTransaction;

type Types = Record<string, TypedDataField[]>;

const field = (name: string, type: string): TypedDataField => ({ name, type });

const DELEGATION: Types = {
  Delegation: [field('delegatee', 'address'), field('nonce', 'uint256'), field('expiry', 'uint256')],
};

const ballot = [field('proposalId', 'uint256'), field('support', 'uint8'), field('voter', 'address')];
const BALLOT: Types = { Ballot: [...ballot, field('nonce', 'uint256')] };
const REASONED: Types = {
  ExtendedBallot: [...ballot, field('nonce', 'uint256'), field('reason', 'string'), field('params', 'bytes')],
};

/** Names under which each contract checks signatures (EIP-712). */
const DOMAINS = { token: 'MIEL', stake: 'StakeManager', governor: 'Essaim' } as const;

/** Domain, types and message of what is signed, as a wallet's `signTypedData` takes them. */
export function typedData(signed: Omit<SignedDelegation, 'signature'> | Omit<SignedVote, 'signature'>) {
  const name = DOMAINS[signed.kind === 'vote' ? 'governor' : signed.of];
  const domain = { name, version: '1', chainId: signed.chainId, verifyingContract: signed.contract };
  if (signed.kind === 'delegation') {
    const { delegatee, nonce, expiry } = signed;
    return { domain, types: DELEGATION, message: { delegatee, nonce, expiry } };
  }
  const { proposal: proposalId, support, voter, nonce, reason } = signed;
  const message = { proposalId, support: SUPPORT[support], voter, nonce };
  if (reason === '') return { domain, types: BALLOT, message };
  return { domain, types: REASONED, message: { ...message, reason, params: '0x' } };
}

const isCount = (value: unknown): boolean => typeof value === 'string' && /^\d{1,78}$/.test(value);
const isText = (value: unknown): boolean => typeof value === 'string';

/** What each kind has to hold. */
const SHAPES: Readonly<Record<string, Readonly<Record<string, (value: unknown) => boolean>>>> = {
  delegation: {
    ...{ contract: isAddress, delegator: isAddress, delegatee: isAddress, nonce: isCount, expiry: isCount },
    ...{ signature: isHexString, of: (it) => it === 'token' || it === 'stake' },
  },
  vote: {
    ...{ contract: isAddress, voter: isAddress, proposal: isCount, nonce: isCount, reason: isText },
    ...{ signature: isHexString, support: (it) => Object.hasOwn(SUPPORT, String(it)) },
  },
  transaction: { what: isText, from: isAddress, transaction: isHexString },
};

/** Checks the shape of what somebody handed over. SIGNED_INVALID */
export function readSigned(value: unknown): Signed {
  const given = (value ?? {}) as Record<string, unknown>;
  const shape = Object.hasOwn(SHAPES, String(given.kind)) ? SHAPES[String(given.kind)] : undefined;
  const wrong = Object.entries(shape ?? {}).find(([name, isRight]) => !isRight(given[name]));
  if (shape && !wrong && Number.isSafeInteger(given.chainId)) return value as Signed;
  throw invalid(shape ? `its ${wrong?.[0] ?? 'chainId'} is not right` : 'it is no delegation, vote or transaction');
}

const invalid = (why: string): EssaimError =>
  new EssaimError('SIGNED_INVALID', `this is nothing that was signed here: ${why}`, {
    help: 'ask who signed it for the JSON again, as it was printed',
  });

/**
 * Checks that what was signed is for this deployment, by whom it says, and can still be used. SIGNED_ELSEWHERE,
 * SIGNED_INVALID, SIGNED_USED, SIGNED_EXPIRED
 */
export async function requireUsable(context: HolderContext, signed: Signed): Promise<void> {
  if (signed.chainId !== context.chainId) throw elsewhere(`chain ${signed.chainId}, not ${context.chainId}`);
  if (signed.kind === 'transaction') return requireTransaction(signed);
  const { contract } = signed;
  const expected = await verifierOf(context, signed).getAddress();
  if (contract.toLowerCase() !== expected.toLowerCase()) throw elsewhere(`the contract ${contract}, not ${expected}`);
  const signer = signed.kind === 'vote' ? signed.voter : signed.delegator;
  const code = await reading('looking at the signer', () => context.provider.getCode(signer));
  if (code === '0x' && recovered(signed) !== signer.toLowerCase()) {
    throw invalid(`the signature is not ${signer}’s, or something in it was changed`);
  }
  const next = await reading('asking for the nonce', () => verifierOf(context, signed).nonces(signer));
  if (next !== BigInt(signed.nonce)) {
    throw new EssaimError('SIGNED_USED', `${signer} signed with nonce ${signed.nonce}, the chain is at ${next}`, {
      help:
        next > BigInt(signed.nonce) ? 'it was sent already, or another took its place' : 'send the earlier ones first',
      details: { nonce: signed.nonce, next },
    });
  }
  if (signed.kind !== 'delegation' || BigInt(signed.expiry) >= (await chainTime(context))) return;
  throw new EssaimError('SIGNED_EXPIRED', `this delegation could be sent until second ${signed.expiry}`, {
    help: 'ask for another one',
    details: { expiry: signed.expiry },
  });
}

/** The contract that counts liquid or staked MIEL, and checks delegations of it. */
export function ledgerOf({ contracts }: HolderContext, of: VotesOf) {
  return of === 'token' ? contracts.MielToken : contracts.StakeManager;
}

const verifierOf = (context: HolderContext, signed: SignedDelegation | SignedVote) =>
  signed.kind === 'vote' ? context.contracts.EssaimGovernor : ledgerOf(context, signed.of);

function recovered(signed: SignedDelegation | SignedVote): string | undefined {
  const { domain, types, message } = typedData(signed);
  try {
    return verifyTypedData(domain, types, message, signed.signature).toLowerCase();
  } catch {
    return undefined;
  }
}

function requireTransaction({ transaction, chainId, from }: SignedTransaction): void {
  let read: Transaction;
  try {
    read = Transaction.from(transaction);
  } catch {
    throw invalid('its transaction cannot be read');
  }
  if (Number(read.chainId) !== chainId) throw elsewhere(`chain ${read.chainId}, not ${chainId}`);
  if (read.from?.toLowerCase() !== from.toLowerCase()) throw invalid(`the transaction is not ${from}’s`);
}

const elsewhere = (where: string): EssaimError =>
  new EssaimError('SIGNED_ELSEWHERE', `this was signed for ${where}`, {
    help: 'send it where it belongs, with that chain’s endpoint and deployment',
  });
