import { type Hash, innerValues, ListTree, segmentRoots, segmentTree } from '@essaim/protocol';
import { commitInputs, type Trace } from '@essaim/runtime';
import { type Case, type Desk, openCase, type Submitted } from '../case.ts';
import { type Charge, charges } from '../charge.ts';
import { claimsOf } from '../claims.ts';
import { inputsUnknown, tryTrace } from '../trial.ts';
import { ClaimedValues } from '../values.ts';

/** What an auditor found of one leaf. */
export interface Look {
  readonly submission: Case;
  /** Its own execution of the job's input, with the inner values of the drawn segment. */
  readonly own: Trace;
  readonly segment: number;
  /** Its own list root of that segment. */
  readonly innerRoot: Hash;
  /** Of the leaf's input under the job's. */
  readonly siblings: readonly Uint8Array[];
  /** What the claim is charged with, if anything. */
  readonly charge: Charge | null;
}

/** Runs a leaf of a job again, in full, and tries the claim on it. */
export async function lookAt(
  desk: Desk,
  submitted: Submitted,
  { leaf, segment: drawn }: { readonly leaf: number; readonly segment: bigint },
  signal?: AbortSignal,
): Promise<Look> {
  const submission = await openCase(desk, submitted, signal);
  const { model, inputs } = submission;
  const { program, onnx } = model;
  const views = await claimsOf(desk, submission, signal);
  const view = views[leaf];
  const roots = inputs
    ? inputs.map((tensors) => commitInputs(program, tensors).root)
    : views.map(({ shown }) => shown.inputsRoot);
  const list = new ListTree(roots);
  // shown by the executor itself, they are the job's only if they are what the job commits to
  if (list.root !== submission.terms.inputsRoot) throw inputsUnknown(submission);
  const claimed = new ClaimedValues(desk, submission, view);
  const trace = await desk.trace(program, onnx, inputs?.[leaf] ?? (await claimed.inputs(signal)));
  const charge =
    charges.context(desk, submission, views, view, roots) ??
    (await tryTrace(desk, submission, views, view, { own: trace, claimed }, signal));
  const segment = Number(drawn % BigInt(program.segments.length));
  const own = await withSegment(desk, trace, onnx, segment);
  const innerRoot = segmentTree(program.segments[segment], segmentRoots(own, segment)).root;
  return { submission, own, segment, innerRoot, siblings: list.siblings(leaf), charge };
}

/** A trace with the values inside one segment, made again from its boundary values. */
export async function withSegment(
  { trace: { remake } }: Pick<Desk, 'trace'>,
  trace: Trace,
  onnx: Uint8Array,
  segment: number,
): Promise<Trace> {
  if (innerValues(trace.program, segment).every((value) => trace.values[value])) return trace;
  const { firstValue } = trace.program.segments[segment];
  const tensors = await remake(trace, onnx, segment);
  return { ...trace, values: trace.values.map((tensor, i) => tensor ?? tensors[i - firstValue] ?? null) };
}
