import { EssaimError, type Hash, runBatchId } from '@essaim/protocol';
import { ClaimState, type RunHistory, RunState, type TurnScores, unlessDone } from '@essaim/sdk';
import { describeFailure } from '@essaim/sdk/node';
import { ZeroAddress } from 'ethers';
import { accountOf } from '../shop.ts';
import type { RunWork } from './advance.ts';
import { isOurTurn, makeCheckpoint, type Update } from './aggregate-round.ts';
import { openRun } from './open-run.ts';
import { scoreUpdate } from './score-update.ts';
import { addLock } from './seat.ts';
import { rankOf } from './seat-order.ts';
import type { OpenRun, TrainingShop } from './shop.ts';
import { sealRound } from './train-shard.ts';

/** Does the next thing for a private run's current round; false where it has to wait, or nothing is left of it to do. */
export async function advanceScored(
  shop: TrainingShop,
  runId: Hash,
  work: RunWork,
  signal?: AbortSignal,
): Promise<boolean> {
  const { training, contracts, provider } = shop.essaim;
  const self = await accountOf(shop).getAddress();
  const [row, own, head] = await Promise.all([
    contracts.TrainingRegistry.run(runId),
    contracts.TrainingRegistry.trainer(runId, self),
    provider.getBlock('latest'),
  ]);
  const isRunning = Number(row.state) === RunState.Running;
  if (own.pending > 0n && (!isRunning || own.pending === own.locks)) {
    if (await freeLocks(shop, runId, row, self, signal)) return true;
  }
  if (!isRunning || own.seat === 0n || row.round >= row.rounds) return false;
  const turn = await training.scores.at(runId);
  const history = await training.history(runId);
  // looks at the events and at the state may be a block apart
  if (BigInt(turn.turn) !== row.turn || history.current.turn !== turn.turn || !head) return false;
  if (BigInt(history.nextTurn) !== row.turns + 1n) return false;
  await work.checkpoints.at(shop, runId, turn.turn);
  const isPast = head.timestamp > turn.until;
  const seat = Number(own.seat) - 1;
  const { round } = history.current;
  if (turn.drawn === 0) {
    const mayCommit = own.turn < row.turn && own.pending < own.locks && row.round - row.settled < row.depth;
    if (mayCommit) {
      const run = await openRun(shop, runId, signal);
      return able(shop, runId, turn, seat, work.unable, round, sealRound(shop, run, history, seat, signal));
    }
    if (!isPast || turn.committed === 0) return false;
    const drew = await done(training.scores.draw(runId, signal));
    if (drew) shop.say({ event: 'rows-drawn', runId, round });
    return drew;
  }
  if (!turn.rows && !isPast) return (await training.scores.record(runId, signal).catch(unlessOvertaken)) ?? true;
  const { trainer, scored } = turn.seats[seat];
  if (turn.rows && !isPast && trainer === self && !scored) {
    const run = await openRun(shop, runId, signal);
    return able(shop, runId, turn, seat, work.unable, round, scoreUpdate(shop, run, history, seat, turn.rows, signal));
  }
  if (turn.scored !== turn.committed && !isPast) return false;
  if (await endMissed(shop, runId, round, turn, signal)) return true;
  if (turn.sum === 0) {
    const again = await done(training.scores.repeat(runId, signal));
    if (again) shop.say({ event: 'repeated', runId, round });
    return again;
  }
  if (own.pending >= own.locks) {
    const { terms } = await training.view(runId);
    return addLock(shop, runId, terms, Number(own.locks), signal);
  }
  return aggregateScores(shop, await openRun(shop, runId, signal), history, seat, turn, work, signal);
}

/** What keeps a trainer from a round, and from nothing else of its run. */
const UNABLE = new Set(['UPDATE_LOST', 'SHARD_COLUMNS']);

/** As `done`; a round that this trainer cannot take part in is told of once, and passes without it. */
async function able(
  { say }: TrainingShop,
  runId: Hash,
  { turn }: TurnScores,
  seat: number,
  told: Set<string>,
  round: number,
  work: Promise<void>,
): Promise<boolean> {
  try {
    return await done(work);
  } catch (error) {
    if (!(error instanceof EssaimError) || !UNABLE.has(error.code)) throw error;
    const key = `${turn} ${error.code}`;
    if (!told.has(key)) say({ event: 'unable', runId, round, seat, ...describeFailure(error) });
    told.add(key);
    return false;
  }
}

/** Ends what was committed to and not shown in time: its trainers delayed everybody. */
async function endMissed(
  { essaim, say }: TrainingShop,
  runId: Hash,
  round: number,
  turn: TurnScores,
  signal?: AbortSignal,
): Promise<boolean> {
  const missed = turn.seats.filter(({ trainer, scored }) => trainer && !scored);
  let ended = false;
  for (const { seat } of missed) {
    if (!(await done(essaim.training.scores.miss(runId, turn.turn, seat, signal)))) continue;
    say({ event: 'missed', runId, round, seat });
    ended = true;
  }
  return ended;
}

/** Ends one's own commitments that the run went on or ended without: their locks are not in use any more. */
async function freeLocks(
  { essaim }: TrainingShop,
  runId: Hash,
  row: { readonly turn: bigint; readonly state: bigint },
  self: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const { ScoredRounds } = essaim.contracts;
  const made = await ScoredRounds.queryFilter(
    ScoredRounds.filters.Committed(runId, undefined, undefined, self),
    essaim.deployment.startBlock,
  );
  let freed = false;
  for (const { args } of made) {
    if (args.turn === row.turn && Number(row.state) === RunState.Running) continue;
    const { trainer, scored } = await ScoredRounds.update(runId, args.turn, args.seat);
    if (trainer === ZeroAddress || trainer !== self || scored) continue;
    freed = (await done(essaim.training.scores.miss(runId, Number(args.turn), Number(args.seat), signal))) || freed;
  }
  return freed;
}

/** Aggregates the updates that gained; false while one of them is rejected and not taken out, or nobody shows it. */
async function aggregateScores(
  shop: TrainingShop,
  run: OpenRun,
  history: RunHistory,
  seat: number,
  turn: TurnScores,
  work: RunWork,
  signal?: AbortSignal,
): Promise<boolean> {
  const { Claims, TrainingRegistry } = shop.essaim.contracts;
  const registry = await TrainingRegistry.getAddress();
  const { submitted } = history.current;
  for (const { batch } of submitted)
    if ((await Claims.state(runBatchId(registry, run.runId, batch))) === ClaimState.Rejected) return false;
  const scored = submitted.toSorted((a, b) => a.batch.seat - b.batch.seat);
  const rank = rankOf(
    scored.map(({ batch }) => batch.seat),
    seat,
    history.nextTurn,
  );
  if (!isOurTurn(shop, work, rank, history.nextTurn)) return false;
  const gained = scored.filter(({ batch }) => turn.seats[batch.seat].steps > 0);
  if (gained.length !== turn.seats.filter(({ steps }) => steps > 0).length) return false;
  const updates: Update[] = [];
  for (const each of gained) {
    const { seat: of, trainer, checkpoint } = each.batch;
    const tensors = await work.checkpoints.of(shop, run, each, rank, signal);
    if (tensors)
      updates.push({ contribution: { seat: of, count: turn.seats[of].steps, trainer, checkpoint }, tensors });
  }
  return updates.length === gained.length && makeCheckpoint(shop, run, history, seat, work, updates, signal);
}

/** What another trainer may have done before. */
const unlessOvertaken = unlessDone([
  ...['ScoredRounds_Phase', 'ScoredRounds_Commitment', 'ScoredRounds_Contribution', 'Randomness_Recorded'],
  ...['TrainingRegistry_Turn', 'TrainingRegistry_State', 'TrainingRegistry_Submitted'],
]);

/** Whether it was done, and not by another before. */
const done = (work: Promise<void>): Promise<boolean> =>
  work.then(
    () => true,
    async (error) => (await unlessOvertaken(error)) ?? false,
  );
