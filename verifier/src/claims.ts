import {
  CLAIM_BYTES,
  claimHash,
  depthOf,
  EssaimError,
  type Hash,
  ListTree,
  listRoot,
  MAX_RANGE,
  programId,
  type Question,
  readRoots,
  type ShownClaim,
  ZERO_HASH,
} from '@essaim/protocol';
import { type ClaimReceipt, fetchReceipt, jobContext, valueRoots } from '@essaim/sdk';
import type { Case, Desk } from './case.ts';
import { demand } from './demand.ts';
import type { Docket } from './docket.ts';
import { listPaddingOf } from './padding.ts';
import { served } from './served.ts';

/** A claim as its executor showed it: in its receipt, or in an answer on chain. */
export interface ClaimView {
  readonly leaf: number;
  readonly programId: Hash;
  readonly shown: ShownClaim;
  /** The leaves of the trace's tree: the values' roots, and whatever follows them. */
  readonly roots: readonly Hash[];
  /** CID under which all values' bytes are said to be. */
  readonly trace: string | null;
  /** Nodes right of the last value, level by level, where an answer on chain showed them. */
  readonly padding?: readonly Uint8Array[];
}

/** The claims of a batch: from the receipt if it is served and is what was committed to, else demanded on chain. */
export async function claimsOf(desk: Desk, submission: Case, signal?: AbortSignal): Promise<ClaimView[]> {
  const { essaim, say } = desk;
  const { jobId, provider, terms, client, batch, receipt } = submission;
  const { chainId } = essaim.deployment;
  const committed = { chainId, client, jobId, programId: terms.programId, batchRoot: batch.root, receipt };
  const read = async () => {
    const { claims } = await fetchReceipt(submission.contents ?? essaim.storage, committed, signal);
    return claims.map((claim, leaf) => fromReceipt(submission, claim, leaf, chainId));
  };
  const found = await served(desk, read, signal);
  if ('content' in found) return found.content;
  say({ event: 'withheld', jobId, provider, what: `the receipt: ${found.missing}` });
  return Promise.all(Array.from({ length: batch.count }, (_, leaf) => demandClaim(desk, submission, leaf, signal)));
}

/** The list tree over the claims of a batch. */
export const batchTree = (views: readonly ClaimView[]): ListTree =>
  new ListTree(views.map(({ programId, shown }) => claimHash({ ...shown, programId })));

function fromReceipt(submission: Case, claim: ClaimReceipt, leaf: number, chainId: number): ClaimView {
  const { header, id } = submission.model.program;
  const context = jobContext(chainId, submission.client, submission.jobId, leaf);
  const { inputsRoot, traceRoot, trace } = claim;
  const roots = valueRoots(claim);
  // a shorter list is the same tree only with zeros at its end: values that are missing
  while (roots.length < header.valueCount) roots.push(ZERO_HASH);
  if (depthOf(roots.length) !== depthOf(header.valueCount) || listRoot(roots) !== traceRoot) {
    throw new EssaimError('RESULT_MISMATCH', `the value list of claim ${leaf} is not one of this program`, {
      help: 'the list is demanded on chain: what cannot be shown convicts',
    });
  }
  return { leaf, programId: id, shown: { header, inputsRoot, traceRoot, context }, roots, trace };
}

/** Asks for a claim and all of its values' roots. */
export async function demandClaim(
  desk: Desk,
  submission: Docket,
  leaf: number,
  signal?: AbortSignal,
): Promise<ClaimView> {
  const most = MAX_RANGE / 32;
  const { valueCount } = submission.model.program.header;
  const parts = await Promise.all(
    Array.from({ length: Math.ceil(valueCount / most) }, async (_, i) => {
      const ask = { leaf, kind: 'values', index: 0, first: i * most, count: most } as const;
      const { question, answer } = await demand(desk, submission, ask, null, signal);
      return { ...readRoots(question, answer, submission.batch), question, answer };
    }),
  );
  const [{ claim }] = parts;
  const roots = parts.flatMap((part) => part.roots);
  const view = { leaf, programId: programId(claim.header), shown: claim, roots, trace: null };
  if (view.programId !== submission.programId) return view;
  return { ...view, ...paddingIn(parts[parts.length - 1], submission.batch.count, valueCount) };
}

interface Part {
  readonly roots: readonly Hash[];
  readonly question: Question;
  readonly answer: Uint8Array;
}

/** What stands right of the last value in the trace's tree: zeros, if its executor kept the rules. */
function paddingIn({ roots, question, answer }: Part, batchCount: number, valueCount: number) {
  const at = CLAIM_BYTES + 4 + 32 * depthOf(batchCount) + 32 * roots.length;
  const siblings = Array.from({ length: (answer.length - at) / 32 }, (_, i) =>
    answer.subarray(at + 32 * i, at + 32 * (i + 1)),
  );
  const positions = roots.map((_, i) => question.first + i);
  return { padding: listPaddingOf(positions, valueCount, siblings) };
}
