import type { Execution, Hash, Program, Tensor } from '@essaim/protocol';
import type { StepView } from './step-views.ts';

const bare = (type: Tensor['type'], root: Hash): Tensor => ({
  type,
  root,
  bytes: new Uint8Array(0),
  tree: {
    root,
    chunk: () => new Uint8Array(0),
    openings: () => [],
  },
});

/** A claim by its roots alone: enough for faults that open no tensor. */
export const shellOf = (program: Program, inputs: readonly Hash[], { roots }: StepView): Execution => ({
  program,
  inputs: program.inputs.map(({ type }, i) => bare(type, inputs[i])),
  values: program.values.map(({ type }, i) => (program.boundary[i] ? bare(type, roots[i]) : null)),
});
