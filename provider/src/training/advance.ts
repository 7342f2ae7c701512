import { EssaimError, type Hash, type RunTerms, runBatchId, ZERO_HASH } from '@essaim/protocol';
import { ClaimState, findRun, newestLog, pastLogs, type RunHistory, RunState, settleDemands } from '@essaim/sdk';
import { atOneBlock } from '@essaim/sdk/node';
import { zeroPadValue } from 'ethers';
import { accountOf, act } from '../shop.ts';
import { aggregateRound } from './aggregate-round.ts';
import type { Checkpoints } from './checkpoints.ts';
import { closeRun, openRun } from './open-run.ts';
import { runRefusal } from './policy.ts';
import { advanceScored } from './scored-round.ts';
import { takeSeat } from './seat.ts';
import { shardOf } from './shards.ts';
import type { TrainingShop } from './shop.ts';
import { produceRound } from './train-round.ts';

/** What is remembered of a run from look to look; none of it is needed again after a restart. */
export interface RunWork {
  terms?: RunTerms;
  /** Settled steps that were paid for when last asked. */
  earned: bigint;
  /** Settled steps that the escrow, as last asked, knew nothing to pay for. */
  refused?: bigint;
  /** Batches outside the run whose locks were given back. */
  readonly unlocked: Set<string>;
  seated?: boolean;
  /** What others ended in. */
  readonly checkpoints: Checkpoints;
  /** Rounds that this trainer cannot take part in, as far as they were told of. */
  readonly unable: Set<string>;
  /** The run's model is registered. */
  made?: boolean;
  /** Since when the current round could be aggregated, and the turn that its aggregation would begin. */
  ready?: { readonly nextTurn: number; readonly since: number };
}

/** Does the next thing for one run; true when there is nothing left to do. */
export async function advanceRun(
  shop: TrainingShop,
  runId: Hash,
  work: RunWork,
  signal?: AbortSignal,
): Promise<boolean> {
  const { essaim, say, training } = shop;
  const { contracts, provider } = essaim;
  const { TrainingRegistry } = contracts;
  const self = await accountOf(shop).getAddress();
  work.terms ??= (await findRun({ ...essaim, startBlock: essaim.deployment.startBlock }, runId)).terms;
  const { terms } = work;
  const [row, own, head] = await atOneBlock(provider, () =>
    Promise.all([TrainingRegistry.run(runId), TrainingRegistry.trainer(runId, self), provider.getBlock('latest')]),
  );
  const state = Number(row.state);
  const mine = own.locks > 0n || own.steps > 0n;
  const refusal = runRefusal(training, runId, terms, shop.shards?.length);
  if (refusal && !mine) {
    say({ event: 'refused', runId, code: 'POLICY', message: refusal });
    return true;
  }
  if (state === RunState.Funding) return head !== null && head.timestamp > terms.fundingDeadline;
  if (state === RunState.Void) return true;
  if (state === RunState.Funded && (await essaim.training.draw(runId, signal).catch(unlessDrawn))) {
    say({ event: 'drawn', runId });
    return false;
  }
  if (work.seated && own.seat === 0n) say({ event: 'unseated', runId });
  work.seated = own.seat > 0n;
  const isPrivate = terms.scoreProgramId !== ZERO_HASH;
  if (isPrivate && !mine) shardOf(shop, await essaim.training.parts(runId, signal));
  if (own.seat === 0n && !own.convicted && state <= RunState.Running && row.round < row.rounds) {
    work.seated = await takeSeat(shop, runId, terms, signal);
    if (!work.seated && !mine) return false;
  }
  if (isPrivate && (await advanceScored(shop, runId, work, signal))) return false;
  if (!isPrivate && state === RunState.Running && own.seat > 0n) {
    const open = row.round < row.rounds && row.round - row.settled < row.depth;
    if (open && own.turn < row.turn && own.pending < own.locks) {
      const run = await openRun(shop, runId, signal);
      const history = await essaim.training.history(runId);
      // a look at the events and one at the state may be a block apart
      if (BigInt(history.current.turn) !== row.turn) return false;
      await work.checkpoints.at(shop, runId, history.current.turn);
      await produceRound(shop, run, history, Number(own.seat) - 1, work.checkpoints, signal);
      return false;
    }
    if (terms.seats > 1 && own.pending < own.locks) {
      const history = await essaim.training.history(runId);
      if (BigInt(history.current.turn) !== row.turn || BigInt(history.nextTurn) !== row.turns + 1n) return false;
      const run = await openRun(shop, runId, signal);
      await work.checkpoints.at(shop, runId, history.current.turn);
      if (await aggregateRound(shop, run, history, Number(own.seat) - 1, work, signal)) return false;
    }
  }
  return mine ? collect(shop, runId, terms, work, state, signal) : state >= RunState.Completed;
}

/** Settles what is final, is paid for it, and ends the run when it is done; true when nothing is left. */
async function collect(
  shop: TrainingShop,
  runId: Hash,
  terms: RunTerms,
  work: RunWork,
  state: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const { essaim, say } = shop;
  const { training, contracts } = essaim;
  const { TrainingRegistry } = contracts;
  const rounds = await training.settle(runId, signal).catch(unless('TrainingRegistry_Round', 'TrainingRegistry_State'));
  if (rounds) say({ event: 'settled', runId, rounds });
  const self = await accountOf(shop).getAddress();
  const history = await training.history(runId);
  await unlock(shop, runId, terms, history, work, signal);
  const own = await TrainingRegistry.trainer(runId, self);
  const earned = own.steps + own.dependants + own.aggregations;
  if (earned > work.earned) {
    const paid = await training.withdraw(runId, self, signal).then(() => true, unlessNothing);
    // the first time it may be an endpoint that does not have what was settled yet
    if (!paid && work.refused !== earned) {
      work.refused = earned;
      return false;
    }
    work.earned = earned;
    if (paid) say({ event: 'earned', runId });
  }
  const isWhole = state === RunState.Running && history.settled === terms.rounds;
  if (isWhole || (state === RunState.Completed && !work.made && !(await isMade(shop, runId)))) {
    const model = await training.complete(runId, signal).catch(unlessMade);
    if (model !== false) say({ event: 'completed', runId });
    return false;
  }
  work.made = state === RunState.Completed;
  if (state < RunState.Completed || own.pending > 0n) return false;
  if (own.seat > 0n) await training.leave(runId, signal);
  if (state === RunState.Completed && own.steps > 0n)
    await training.claimShares(runId, self, signal).catch(unlessNothing);
  if (!(await settleAll(shop, runId, history, self, signal))) return false;
  await closeRun(shop, runId);
  await shop.rounds.releaseRun(runId);
  say({ event: 'done', runId });
  return true;
}

/** Gives back the locks of final batches that the run does not stand on any more. */
async function unlock(
  shop: TrainingShop,
  runId: Hash,
  terms: RunTerms,
  history: RunHistory,
  work: RunWork,
  signal?: AbortSignal,
): Promise<void> {
  const { TrainingRegistry, Claims } = shop.essaim.contracts;
  const registry = await TrainingRegistry.getAddress();
  const self = await accountOf(shop).getAddress();
  for (const submitted of history.batches) {
    const { batch } = submitted;
    const id = runBatchId(registry, runId, batch);
    const isOurs = batch.trainer === self && !work.unlocked.has(id);
    if (!isOurs || (history.stands(submitted) && !history.wasLeftOut(submitted))) continue;
    if ((await Claims.state(id)) !== ClaimState.Final) continue;
    const call = await TrainingRegistry.unlock.populateTransaction(terms, batch).catch(() => null);
    if (call) await act(shop, call, `unlocking round ${batch.round} of run ${runId}`, signal).catch(unlessOpen);
    work.unlocked.add(id);
  }
}

/** Divides the bonds of demands about our batches, and of ours about others'; false while one of those has not ended. */
async function settleAll(
  { essaim }: TrainingShop,
  runId: Hash,
  history: RunHistory,
  self: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const { contracts, deployment, provider } = essaim;
  const { Availability, Claims, TrainingRegistry } = contracts;
  const [registry, address] = await Promise.all([TrainingRegistry.getAddress(), Availability.getAddress()]);
  const { topicHash } = Availability.getEvent('Demanded').fragment;
  const topics = [topicHash, null, null, zeroPadValue(self, 32)];
  const asked = new Set<string>();
  const head = await provider.getBlockNumber();
  for await (const log of pastLogs(provider, { address, topics, fromBlock: deployment.startBlock }, head))
    asked.add(log.topics[2]);
  let all = true;
  for (const { batch } of history.batches) {
    const id = runBatchId(registry, runId, batch);
    if (batch.trainer !== self && !asked.has(id)) continue;
    if ((await Claims.state(id)) === ClaimState.Pending) all = false;
    else await settleDemands(essaim, id, deployment.startBlock, self, signal);
  }
  return all;
}

/** Whether a closed run's model is registered: who closed it may have stopped before. */
async function isMade({ essaim }: TrainingShop, runId: Hash): Promise<boolean> {
  const { RunEscrow } = essaim.contracts;
  const topics = [RunEscrow.getEvent('ModelMade').fragment.topicHash, runId];
  const { startBlock: fromBlock } = essaim.deployment;
  return (await newestLog(essaim.provider, { address: await RunEscrow.getAddress(), topics, fromBlock })) !== undefined;
}

const unless =
  (...codes: string[]) =>
  (error: unknown): false => {
    if (error instanceof EssaimError && codes.includes(error.code)) return false;
    throw error;
  };
/** Somebody else draws and records as well. */
const unlessDrawn = unless('TrainingRegistry_State', 'Randomness_Recorded');
const unlessNothing = unless('RunEscrow_Nothing');
/** Another trainer was faster. */
const unlessMade = unless('ModelRegistry_Exists', 'TrainingRegistry_State');
const unlessOpen = unless('TrainingRegistry_NotOpen');
