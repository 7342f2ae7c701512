import { batchFault, type RunTerms, rowsOf, runIdOf, STEP_FAULTS, toHex } from '@essaim/protocol';
import { accused, COLUMN_LIST, COLUMNS, floats, type Training } from './fixture.ts';
import { TENSORS } from './programs.ts';
import type { Made } from './trainer.ts';

/** Inputs of a step whose targets are not the data set's. */
export const forged = (_: number, own: Uint8Array[]): Uint8Array[] =>
  own.map((it, i) => (i === 4 ? floats([9, 9]) : it));

/** Convicts a batch of forged steps. */
export async function convictForged(system: Training, terms: RunTerms, made: Made): Promise<void> {
  const { registry, faults, challenger } = system;
  const { batchInfo, batch, claims, executions, parent } = made;
  const { round, seat } = batchInfo;
  const [row] = rowsOf(terms, await registry.seed(runIdOf(terms)), { round, seat, step: 0 });
  const opened = { tree: COLUMNS[1].tree, siblings: COLUMN_LIST.siblings(1) };
  const shown = { execution: executions[0], place: { context: claims[0].context, leaf: 0, batch } };
  const proof = batchFault(shown, TENSORS, { column: 1, i: 0, element: 0, row }, opened);
  const salt = await accused(system, made.batchId, proof);
  const by = faults.connect(challenger);
  await by.proveFault(terms, batchInfo, parent, [], STEP_FAULTS.batch, toHex(proof), salt);
}
