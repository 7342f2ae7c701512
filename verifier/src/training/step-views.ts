import {
  claimHash,
  contextHash,
  depthOf,
  EssaimError,
  type Hash,
  type Program,
  runSubject,
  ZERO_HASH,
} from '@essaim/protocol';
import { rootsIn, type StoredCheckpoint } from '@essaim/sdk';
import type { Desk } from '../case.ts';
import { type ClaimView, demandClaim } from '../claims.ts';
import { served } from '../served.ts';
import type { RoundCase } from './round-case.ts';

/** A step's claim as its trainer showed it. */
export interface StepView extends ClaimView {
  /** Roots of its inputs; null where only their list's root is known. */
  readonly inputs: readonly Hash[] | null;
}

/** The claims of a round, and the checkpoints on the way that are said to be served. */
export interface ShownRound {
  readonly views: readonly StepView[];
  readonly checkpoints: readonly StoredCheckpoint[];
}

/** The claims of a round from the receipt, if it is served and is what was committed to. */
export function servedSteps(desk: Desk, round: RoundCase, signal?: AbortSignal) {
  const { essaim } = desk;
  const { runId, submitted } = round;
  const { program } = round.model;
  const read = async (): Promise<ShownRound> => {
    const { receipt, chained } = await essaim.training.receipt(runId, submitted, signal);
    const views = receipt.claims.map((claim, leaf) => ({
      leaf,
      programId: program.id,
      shown: { header: program.header, ...chained.claims[leaf] },
      roots: paddedRoots(program, rootsIn(claim.values)),
      trace: claim.trace,
      inputs: sized(rootsIn(claim.inputs), program.inputs.length),
    }));
    return { views, checkpoints: receipt.checkpoints };
  };
  return served(desk, read, signal);
}

/** The claims of a round: from the receipt if it is served and is what was committed to, else demanded on chain. */
export async function stepsOf(desk: Desk, round: RoundCase, signal?: AbortSignal): Promise<ShownRound> {
  const { say } = desk;
  const { batch, told } = round;
  const found = await servedSteps(desk, round, signal);
  if ('content' in found) return found.content;
  say({ event: 'withheld', ...told, what: `the receipt: ${found.missing}` });
  const leaves = Array.from({ length: batch.count }, (_, leaf) => leaf);
  const views = await Promise.all(leaves.map((leaf) => demandClaim(desk, round, leaf, signal)));
  return { views: views.map((view) => ({ ...view, inputs: null })), checkpoints: [] };
}

/** A list's first places; what is missing at its end is zeros: no tensor. */
const sized = (roots: readonly Hash[], count: number): Hash[] =>
  Array.from({ length: count }, (_, i) => roots[i] ?? ZERO_HASH);

/** A shorter list is the same tree only with zeros at its end: values that are missing. */
function paddedRoots({ header }: Program, roots: Hash[]): Hash[] {
  const padded = [...roots];
  while (padded.length < header.valueCount) padded.push(ZERO_HASH);
  if (depthOf(padded.length) === depthOf(roots.length)) return padded;
  throw new EssaimError('RECEIPT_MISMATCH', 'a value list of the receipt is not one of this program', {
    help: 'the list is demanded on chain: what cannot be shown convicts',
  });
}

/** The context that each step's claim has to have, after those before it as they are. */
export function contextsOf({ registry, runId, submitted }: RoundCase, chainId: number, views: readonly StepView[]) {
  const subject = runSubject(runId, submitted.batch);
  let continues = submitted.parent;
  return views.map(({ programId, shown }, position) => {
    const context = contextHash({ chainId, client: registry, subject, position, continues });
    continues = claimHash({ ...shown, programId });
    return context;
  });
}

/** Roots of what a step ends in. */
export const outputRoots = ({ model, terms }: RoundCase, { roots }: StepView): Hash[] =>
  model.program.outputs.slice(0, terms.tensors).map(({ value }) => roots[value]);
