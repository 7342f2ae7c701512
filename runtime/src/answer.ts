import {
  answerBytes,
  answerInner,
  answerOperator,
  answerOutput,
  answerRoots,
  answerSegment,
  claimHash,
  decodeInterface,
  type Hash,
  ListTree,
  type OpenedClaim,
  operatorLeaf,
  type Question,
  SEGMENT_VALUES,
  segmentRoots,
  segmentTree,
  type Tensor,
  traceRoots,
} from '@essaim/protocol';
import type { Trace } from './trace.ts';

/** What answers any question about a batch: the traces of its claims and their contexts, by position. */
export interface Kept {
  readonly traces: readonly Trace[];
  readonly contexts: readonly Hash[];
}

/** The list tree over a batch's claims. */
export const batchOf = ({ traces, contexts }: Kept): ListTree =>
  new ListTree(
    traces.map(({ program, inputsRoot, traceRoot }, i) =>
      claimHash({ programId: program.id, inputsRoot, traceRoot, context: contexts[i] }),
    ),
  );

const listed = (tensors: readonly Tensor[], index: number) => ({
  tensor: tensors[index],
  list: new ListTree(tensors.map(({ root }) => root)),
  index,
});

const listedValue = (trace: Trace, index: number) => ({
  tensor: trace.program.boundary[index] ? trace.values[index] : null,
  list: new ListTree(traceRoots(trace)),
  index,
});

/** The segment that a question is about, which has to be made again to answer it; null if none is. */
export const segmentAsked = ({ kind, index }: Question): number | null =>
  kind === 'segment' ? index : kind === 'inner' ? Math.floor(index / SEGMENT_VALUES) : null;

/** One claim with what opens it: its trace, its context, and the batch that it is in. */
export interface KeptClaim {
  readonly trace: Trace;
  readonly context: Hash;
  readonly batch: ListTree;
}

/** One claim of a batch of which everything is kept. */
export const claimKept = (kept: Kept, leaf: number): KeptClaim => ({
  trace: kept.traces[leaf],
  context: kept.contexts[leaf],
  batch: batchOf(kept),
});

/**
 * The blob that Availability.answer takes for a question about a batch. For `segmentAsked` the inner values are needed;
 * `served` is where they are off chain, as `publishSegment` says.
 */
export const answerTo = (question: Question, kept: Kept, served?: Hash): Uint8Array =>
  answerFor(question, claimKept(kept, question.leaf), served);

/** The same from the claim that the question is about. */
export function answerFor(question: Question, { trace, context, batch }: KeptClaim, served?: Hash): Uint8Array {
  const { program, inputs, values, inputsRoot, traceRoot } = trace;
  const { header, weights, trees } = program;
  const { leaf, index } = question;
  const claim: OpenedClaim = {
    header,
    inputsRoot,
    traceRoot,
    context,
    leaf,
    batch,
  };
  const roots = (tensors: readonly { root: Hash }[]) =>
    answerRoots(
      question,
      claim,
      tensors.map(({ root }) => root),
    );
  switch (question.kind) {
    case 'inputs':
      return roots(inputs);
    case 'weights':
      return roots(weights);
    case 'values':
      return answerRoots(question, claim, traceRoots(trace));
    case 'operators':
      return answerRoots(question, claim, trees.bodies.map(operatorLeaf));
    case 'input':
      return answerBytes(question, claim, listed(inputs, index));
    case 'weight':
      return answerBytes(question, claim, listed(weights, index));
    case 'value':
      return answerBytes(question, claim, listedValue(trace, index));
    case 'operator':
      return answerOperator(question, claim, program.operators[index], trees.ops);
    case 'output': {
      const output = program.outputs[index];
      const shown = output ? listedValue(trace, output.value) : null;
      return answerOutput(question, claim, decodeInterface(program.interfaceBytes), shown);
    }
    case 'segment': {
      const segment = program.segments[index];
      if (!segment) return answerSegment(claim, null);
      const siblings = trees.segments.siblings(index);
      return answerSegment(claim, { segment, siblings, roots: segmentRoots(trace, index), served });
    }
    case 'inner': {
      const segment = Math.floor(index / SEGMENT_VALUES);
      const { firstValue, valueCount } = program.segments[segment];
      const offset = (((index - firstValue) % SEGMENT_VALUES) + SEGMENT_VALUES) % SEGMENT_VALUES;
      const value = firstValue + offset;
      const tensor = offset < valueCount && !program.boundary[value] ? values[value] : null;
      const list = segmentTree(program.segments[segment], segmentRoots(trace, segment));
      return answerInner(question, { tensor, list, index });
    }
  }
}
