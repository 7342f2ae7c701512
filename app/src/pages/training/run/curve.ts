import type { WatchedRound } from '@essaim/sdk';

/** Losses to plot: one place on `x` for each step, or for each round of scores. */
export interface Curve {
  x: number[];
  xLabel: 'step' | 'round';
  lines: { label: string; values: (number | null)[] }[];
  /** Batches whose receipts nobody serves: their losses are not known. */
  unknown: number;
}

type Told = Pick<WatchedRound, 'stage' | 'kind' | 'round' | 'trainer' | 'checkpoint' | 'losses'>;

const keyOf = ({ kind, round, trainer, checkpoint }: Told): string => [kind, round, trainer, checkpoint].join();

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The loss curve of a run, out of what was watched of it: of several seats their mean, and apart from it the losses of
 * batches that were dropped. Runs that are scored have for each round the loss before and after the updates.
 */
export function curveOf(told: readonly Told[], steps: number): Curve {
  const submitted = new Map<string, Told>();
  const dropped = new Set<string>();
  for (const row of told) {
    if (row.kind === 'aggregation') continue;
    if (row.stage === 'submitted') submitted.set(keyOf(row), row);
    if (row.stage === 'dropped') dropped.add(keyOf(row));
  }
  const rows = [...submitted].map(([key, row]) => ({ ...row, isDropped: dropped.has(key) }));
  const unknown = rows.filter(({ losses, isDropped }) => losses === null && !isDropped).length;
  return rows.some(({ kind }) => kind === 'score') ? scored(rows, unknown) : stepped(rows, steps, unknown);
}

type Row = Told & { isDropped: boolean };

function stepped(rows: readonly Row[], steps: number, unknown: number): Curve {
  const at = new Map<number, { stands: number[]; dropped: number[] }>();
  for (const { round, losses, isDropped } of rows) {
    for (const [i, loss] of (losses ?? []).entries()) {
      const step = round * steps + i;
      const place = at.get(step) ?? { stands: [], dropped: [] };
      at.set(step, place);
      place[isDropped ? 'dropped' : 'stands'].push(loss);
    }
  }
  const x = [...at.keys()].sort((a, b) => a - b);
  const lines = [{ label: 'loss', values: x.map((step) => mean(at.get(step)!.stands)) }];
  const taken = x.map((step) => mean(at.get(step)!.dropped));
  if (taken.some((value) => value !== null)) lines.push({ label: 'taken out of the run', values: taken });
  return { x, xLabel: 'step', lines, unknown };
}

function scored(rows: readonly Row[], unknown: number): Curve {
  const standing = rows.filter(({ losses, isDropped }) => losses !== null && !isDropped);
  const x = [...new Set(standing.map(({ round }) => round))].sort((a, b) => a - b);
  const of = (round: number, which: number) =>
    mean(standing.filter((row) => row.round === round).map(({ losses }) => losses![which]));
  return {
    ...{ x, xLabel: 'round', unknown },
    lines: [
      { label: 'before the updates', values: x.map((round) => of(round, 0)) },
      { label: 'with them', values: x.map((round) => of(round, 1)) },
    ],
  };
}
