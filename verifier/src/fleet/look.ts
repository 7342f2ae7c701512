import { type Program, ZERO_HASH } from '@essaim/protocol';
import { confirmBy, type Tracer } from '@essaim/runtime';
import { jobContext } from '@essaim/sdk';
import { isPassing } from '@essaim/sdk/node';
import { type Case, type Desk, openCase, type Submitted } from '../case.ts';
import { type ClaimView, claimsOf } from '../claims.ts';
import { watching } from '../consent.ts';
import { honestInputsOf } from '../honest-inputs.ts';
import { barUnjudged } from '../program.ts';

/** What a look at a submission found: the leaves of claims that have to be tried, none if it agrees with what it claims. */
export interface Finding {
  readonly doubtful: readonly number[] | 'all';
}

/** Looks at submissions: here, by the tracer that is given, or wherever there are hands for it. */
export type Look = (submitted: Submitted, signal?: AbortSignal, trace?: Tracer) => Promise<Finding>;

/**
 * Looks without acting: runs every claim of a submission again and compares. Whatever an account would be needed for, or
 * is not served at this moment, is left to the trial: everything is doubtful then. What passes, such as a wire that is
 * down, is thrown.
 */
export function looker(desk: Pick<Desk, 'essaim' | 'trace' | 'keys'>): Look {
  const quiet: Desk = { ...desk, say: () => {}, patience: 0, consent: watching };
  const judged = new Set<string>();
  const judge = async (program: Program, signal?: AbortSignal): Promise<void> => {
    if (!judged.has(program.id)) await barUnjudged(quiet, program, signal);
    judged.add(program.id);
  };
  return async (submitted, signal, trace = desk.trace) => {
    try {
      const submission = await openCase(quiet, submitted, signal);
      await judge(submission.model.program, signal);
      const views = await claimsOf(quiet, submission, signal);
      return { doubtful: await doubtfulOf({ ...quiet, trace }, submission, views, signal) };
    } catch (error) {
      if (signal?.aborted || isPassing(error)) throw error;
      return { doubtful: 'all' };
    }
  };
}

/** The claims that are not this job's own execution, bit by bit. Their roots are known to be those of their traces. */
export async function doubtfulOf(
  { essaim, trace }: Pick<Desk, 'essaim' | 'trace'>,
  submission: Case,
  views: readonly ClaimView[],
  signal?: AbortSignal,
): Promise<number[] | 'all'> {
  const { jobId, client, terms, model, inputs } = submission;
  const honest = honestInputsOf(submission, views);
  if (!inputs || !honest) return 'all';
  const { program, onnx } = model;
  const isOfJob = ({ leaf, programId, roots, padding, shown: { inputsRoot, context } }: ClaimView): boolean =>
    programId === terms.programId &&
    padding === undefined &&
    roots.every((root, value) => program.boundary[value] || root === ZERO_HASH) &&
    inputsRoot === honest[leaf] &&
    context === jobContext(essaim.deployment.chainId, client, jobId, leaf);
  const own = views.filter(isOfJob);
  const claims = own.map(({ leaf, roots }) => ({
    inputs: inputs[leaf],
    roots: roots.filter((_, value) => program.boundary[value]),
  }));
  const confirmed = await confirmBy(trace)(program, onnx, claims, { signal });
  const right = new Set(own.filter((_, i) => confirmed[i]));
  return views.filter((view) => !right.has(view)).map(({ leaf }) => leaf);
}
