import { EssaimError } from '@essaim/protocol';
import { ZeroAddress } from 'ethers';
import { ClaimState } from '../contracts/states.ts';
import { PROPOSAL_STATES } from '../governance/proposals.ts';
import { CLAIM_STATES } from './chain/batches.ts';
import type { Heads } from './chain/heads.ts';
import type { ReadingContext } from './context.ts';
import type { IdOf, OneKinds } from './kinds.ts';
import { JOB_STATES, RUN_STATES } from './states.ts';
import type { Answer, Page, ProposalRow } from './types/index.ts';

/** What the contracts say at one block: to compare, and what only they know. Nothing: it is not there. */
interface Said<T> {
  same: Partial<T>;
  more?: Partial<T>;
}

interface At {
  blockTag: number;
}

type Ask<T, Id> = (context: ReadingContext, id: Id, at: At) => Promise<Said<T> | undefined>;

const orNull = (address: string) => (address === ZeroAddress ? null : address);

/** What an id that is not there answers with, where that is a revert. */
async function unlessUnknown<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch((cause: { code?: string; data?: unknown }) => {
    if (cause.code === 'CALL_EXCEPTION' && typeof cause.data === 'string' && cause.data.length > 2) return undefined;
    throw cause;
  });
}

const asks: { [K in keyof OneKinds]: Ask<OneKinds[K], IdOf<K>> } = {
  async model({ contracts: { ModelRegistry } }, id, at) {
    const owner = await unlessUnknown(ModelRegistry.ownerOf(id, at));
    if (owner === undefined) return undefined;
    const { token, price } = await ModelRegistry.priceOf(id, at);
    return { same: { owner, token, price } };
  },
  async dataset({ contracts: { DatasetRegistry } }, id, at) {
    const owner = await unlessUnknown(DatasetRegistry.ownerOf(id, at));
    if (owner === undefined) return undefined;
    const { token, price } = await DatasetRegistry.priceOf(id, at);
    return { same: { owner, token, price } };
  },
  async job({ contracts: { JobMarket } }, id, at) {
    const { state, provider } = await JobMarket.job(id, at);
    if (state === 0n) return undefined;
    return { same: { state: JOB_STATES[Number(state) - 1], provider: orNull(provider) } };
  },
  async batch({ contracts: { Claims } }, id, at) {
    const [state, { root, executor }] = await Promise.all([Claims.state(id, at), Claims.batch(id, at)]);
    if (state === ClaimState.None) return undefined;
    return {
      same: { root, executor, isRejected: state === ClaimState.Rejected },
      more: { state: CLAIM_STATES[String(state)] },
    };
  },
  async run({ contracts: { TrainingRegistry } }, id, at) {
    const { state, settled } = await TrainingRegistry.run(id, at);
    if (state === 0n) return undefined;
    return { same: { state: RUN_STATES[Number(state) - 1], settled: Number(settled) } };
  },
  async agent({ contracts: { MielToken, StakeManager } }, id, at) {
    const [balance, { free }, credit] = await Promise.all([
      MielToken.balanceOf(id, at),
      StakeManager.account(id, at),
      StakeManager.credit(id, at),
    ]);
    return { same: { balance, free, credit } };
  },
  async proposal({ contracts: { EssaimGovernor } }, id, at) {
    const state = await unlessUnknown(EssaimGovernor.state(id, at));
    if (state === undefined) return undefined;
    const [[against, inFavour, abstain], deadline] = await Promise.all([
      EssaimGovernor.proposalVotes(id, at),
      EssaimGovernor.proposalDeadline(id, at),
    ]);
    const votes = { for: inFavour, against, abstain };
    return { same: { votes, voteEnd: Number(deadline) }, more: { state: PROPOSAL_STATES[Number(state)] } };
  },
};

/**
 * Compares what a person may act upon with the contracts at the block of the answer, and adds what only they know. Where the
 * chain cannot say it of that block, the answer stays unconfirmed. INDEXER_DISAGREES, INDEXER_NO_BLOCK
 */
export async function confirm<K extends keyof OneKinds>(
  context: ReadingContext & { heads: Heads },
  kind: K,
  id: IdOf<K>,
  answer: Answer<OneKinds[K] | undefined>,
): Promise<Answer<OneKinds[K] | undefined>> {
  const { block, hash } = answer.asOf;
  const only = kind === 'batch' || kind === 'proposal' ? ['state'] : [];
  const unconfirmed = { ...answer, missing: [...answer.missing, ...only], confirmed: false };
  let said: Said<OneKinds[K]> | undefined;
  try {
    said = await asks[kind](context, id, { blockTag: block });
    if ((await context.heads.hashOf(block)) !== hash) throw takenBack(block);
  } catch (cause) {
    if (cause instanceof EssaimError && cause.code === 'INDEXER_NO_BLOCK') throw cause;
    return unconfirmed;
  }
  const { value } = answer;
  const differ = Object.entries(said?.same ?? {}).filter(([name, is]) => !equal(value?.[name as never], is));
  // An account that nobody heard of has nothing.
  const isNothing = kind === 'agent' && !value && differ.every(([, is]) => is === 0n);
  if (isNothing) return { ...answer, confirmed: true };
  if (!said !== !value || differ.length > 0) throw disagrees(kind, id, block, differ, value);
  return { ...answer, value: value && { ...value, ...said?.more }, confirmed: true };
}

/** Adds the governor's own states to proposals that an indexer told, as of the same block. */
export async function withStates<T>(
  { contracts: { EssaimGovernor } }: ReadingContext,
  answer: Answer<Page<T>>,
): Promise<Answer<Page<T>>> {
  const { value, missing, asOf } = answer;
  const ids = (value.rows as Pick<ProposalRow, 'id'>[]).map(({ id }) => id);
  try {
    const states = await Promise.all(ids.map((id) => EssaimGovernor.state(id, { blockTag: asOf.block })));
    const rows = value.rows.map((row, i) => ({ ...row, state: PROPOSAL_STATES[Number(states[i])] }));
    return { ...answer, value: { ...value, rows }, missing: missing.filter((name) => name !== 'state') };
  } catch {
    return answer;
  }
}

const equal = (a: unknown, b: unknown): boolean => shown(a) === shown(b);
const shown = (value: unknown): string =>
  JSON.stringify(value, (_, it) => (typeof it === 'bigint' ? `${it}` : it)) ?? 'nothing';

const takenBack = (block: number) =>
  new EssaimError('INDEXER_NO_BLOCK', `block ${block} was taken back while it was read`, { help: 'ask again' });

function disagrees(kind: string, id: unknown, block: number, differ: [string, unknown][], value: unknown): EssaimError {
  const named = differ.map(([name, is]) => `${name} is ${shown((value as never)?.[name])}, on the chain ${shown(is)}`);
  const why = named.join('; ') || (value ? 'the chain has none' : 'the indexer has none');
  return new EssaimError('INDEXER_DISAGREES', `the indexer is wrong about ${kind} ${id} at block ${block}: ${why}`, {
    help: 'do not rely on it: the chain is asked instead',
    details: { kind, id: String(id), fields: differ.map(([name]) => name) },
  });
}
