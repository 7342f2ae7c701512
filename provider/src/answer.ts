import {
  answerBytes,
  answerOperator,
  answerOutput,
  answerRoots,
  claimHash,
  decodeInterface,
  type Hash,
  ListTree,
  type OpenedClaim,
  operatorLeaf,
  type Question,
  type Tensor,
} from '@essaim/protocol';
import type { Trace } from '@essaim/runtime';

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

/** The blob that Availability.answer takes for a question about a batch. */
export function answerTo(question: Question, kept: Kept): Uint8Array {
  const trace = kept.traces[question.leaf];
  const { program, inputs, values, inputsRoot, traceRoot } = trace;
  const { header, weights, trees } = program;
  const { leaf, index } = question;
  const claim: OpenedClaim = {
    header,
    inputsRoot,
    traceRoot,
    context: kept.contexts[leaf],
    leaf,
    batch: batchOf(kept),
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
      return roots(values);
    case 'operators':
      return answerRoots(question, claim, trees.bodies.map(operatorLeaf));
    case 'input':
      return answerBytes(question, claim, listed(inputs, index));
    case 'weight':
      return answerBytes(question, claim, listed(weights, index));
    case 'value':
      return answerBytes(question, claim, listed(values, index));
    case 'operator':
      return answerOperator(question, claim, program.operators[index], trees.ops);
    case 'output': {
      const output = program.outputs[index];
      const shown = output ? listed(values, output.value) : null;
      return answerOutput(question, claim, decodeInterface(program.interfaceBytes), shown);
    }
  }
}
