import { commitTensor, rowsOf, stepOf } from '@essaim/protocol';
import { nativeHasher } from '@essaim/runtime';
import { scheduleAt } from '@essaim/sdk';
import type { RoundCase } from './round-case.ts';

/** A step's schedule and batch as the run's terms and seed name them. */
export async function feedsOf(
  { parts, terms, submitted, seed, dataset }: RoundCase,
  step: number,
  signal?: AbortSignal,
) {
  const { round, seat } = submitted.batch;
  signal?.throwIfAborted();
  const columns = await dataset.gatherBatch(rowsOf(terms, seed, { round, seat, step }));
  const bytes = [scheduleAt(parts, stepOf(terms, round, step)), ...columns.map((column) => column.bytes)];
  return bytes.map((part, i) => commitTensor(parts.program.inputs[terms.tensors + i].type, part, nativeHasher));
}
