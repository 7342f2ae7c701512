import {
  batchId,
  budgetOf,
  compile,
  EssaimError,
  type Hash,
  type Hasher,
  type RunTerms,
  runSubject,
  type Tensor,
  toHex,
} from '@essaim/protocol';
import type { ContractTransaction, Signer, TransactionReceipt } from 'ethers';
import { chainError } from '../chain/reverts.ts';
import { send } from '../chain/send.ts';
import { pause } from '../chain/wait.ts';
import { ClaimState } from '../contracts/states.ts';
import { placeOf } from './allowed.ts';
import { blockHeader } from './block-header.ts';
import { fetchCheckpoint } from './checkpoint.ts';
import { RunState, type TrainingContext } from './context.ts';
import type { RunHistory, SubmittedBatch } from './history.ts';
import { type NewRun, type PreparedRun, prepareRun } from './new-run.ts';
import { type CheckedReceipt, fetchSteps } from './receipts.ts';
import { findRun, RunFeed } from './run-feed.ts';
import { checkpointTypes, fetchRunParts, firstCheckpoint, type RunParts } from './run-parts.ts';
import { roundArgument, unsettled } from './settle-call.ts';
import { makeTrainedModel, type TrainedModel } from './trained-model.ts';

/** Where a run stands. */
export interface RunView {
  readonly runId: Hash;
  readonly terms: RunTerms;
  /** One of `RunState`. */
  readonly state: number;
  readonly history: RunHistory;
  /** Smallest units of the token: what it costs, what was backed so far. */
  readonly budget: bigint;
  readonly backed: bigint;
}

/** A round of a run as it is watched: submitted when a trainer committed to it, settled when it was paid. */
export interface WatchedRound {
  readonly stage: 'submitted' | 'settled' | 'dropped';
  readonly round: number;
  readonly trainer: string;
  readonly checkpoint: Hash;
  /** The loss of each step, checked against what was committed to; null where the receipt is not served. */
  readonly losses: readonly number[] | null;
}

const PENDING = 0n;

/** Runs of training: create and back them, draw their seed, watch their rounds, and hand out what they made. */
export class Training {
  readonly #context: TrainingContext;
  readonly #feeds = new Map<string, Promise<RunFeed>>();
  readonly #parts = new Map<string, Promise<RunParts>>();

  constructor(context: TrainingContext) {
    this.#context = context;
  }

  /**
   * Checks a run's parts, stores them and registers the run. RUN_COLUMNS, RUN_SHARES, RUN_SCHEDULE, RUN_AMOUNT; what the
   * compiler says of the programs; RunRules_Terms, RunRules_Program; WALLET_MISSING.
   */
  async create(run: NewRun, signal?: AbortSignal): Promise<PreparedRun> {
    this.#wallet('creating a run');
    const prepared = await prepareRun(this.#context, run, signal);
    const { TrainingRegistry } = this.#context.contracts;
    const call = TrainingRegistry.create.populateTransaction(prepared.terms, toHex(prepared.programs));
    await this.#send(call, 'creating the run', signal);
    return prepared;
  }

  /** Backs a run with at most what is missing, in its token's smallest unit; approves the amount first where needed. */
  async back(runId: Hash, amount: bigint, signal?: AbortSignal): Promise<void> {
    const { contracts } = this.#context;
    const { terms } = await this.#found(runId);
    const escrow = await contracts.RunEscrow.getAddress();
    const token = contracts.MielToken.attach(terms.token) as typeof contracts.MielToken;
    const owner = await this.#wallet('backing a run').getAddress();
    if ((await this.#read(runId, () => token.allowance(owner, escrow))) < amount) {
      await this.#send(token.approve.populateTransaction(escrow, amount), 'approving the budget', signal);
    }
    await this.#send(contracts.RunEscrow.fund.populateTransaction(terms, amount), 'backing the run', signal);
  }

  /**
   * Draws the seed of a funded run: records the value of its block, unless somebody did, and has it drawn. False while
   * the block is not there yet. A draw that expired makes the run void.
   */
  async draw(runId: Hash, signal?: AbortSignal): Promise<boolean> {
    const { contracts, provider } = this.#context;
    const { TrainingRegistry, BlockRandomness } = contracts;
    const { drawn } = await this.#read(runId, () => TrainingRegistry.sums(runId));
    const round = Number(drawn);
    if ((await this.#read(runId, () => BlockRandomness.status(round))) === PENDING) {
      const head = await provider.getBlockNumber();
      const header = head > round ? await blockHeader(provider, round) : undefined;
      if (!header) return false;
      await this.#send(BlockRandomness.record.populateTransaction(round, header), 'recording the draw', signal);
    }
    const { terms } = await this.#found(runId);
    await this.#send(TrainingRegistry.draw.populateTransaction(terms), 'drawing the seed', signal);
    return true;
  }

  /**
   * Takes a free seat with collateral for `locks` pending rounds, from what is provisioned to the training registry.
   * RUN_NOT_ALLOWED, TrainingRegistry_Seat, StakeManager_…
   */
  async join(runId: Hash, seat: number, locks: number, signal?: AbortSignal): Promise<void> {
    const { terms } = await this.#found(runId);
    const account = await this.#wallet('taking a seat').getAddress();
    const { index, siblings } = await placeOf(this.#context.storage, terms, account, signal);
    const call = this.#context.contracts.TrainingRegistry.join.populateTransaction(terms, seat, locks, index, siblings);
    await this.#send(call, 'taking a seat', signal);
  }

  /** Gives one's seat up; what is pending stays locked until it is settled. */
  async leave(runId: Hash, signal?: AbortSignal): Promise<void> {
    const call = this.#context.contracts.TrainingRegistry.resign.populateTransaction(runId);
    await this.#send(call, 'leaving the run', signal);
  }

  /** Where a run stands now. RUN_UNKNOWN */
  async view(runId: Hash): Promise<RunView> {
    const { contracts } = this.#context;
    const { terms } = await this.#found(runId);
    const [row, sums, { backed }, history] = await this.#read(runId, () =>
      Promise.all([
        contracts.TrainingRegistry.run(runId),
        contracts.TrainingRegistry.sums(runId),
        contracts.RunEscrow.fundOf(runId),
        this.history(runId),
      ]),
    );
    return { runId, terms, state: Number(row.state), history, budget: budgetOf(terms, sums.dataPrice), backed };
  }

  /** A run's rounds as its events tell them. */
  async history(runId: Hash): Promise<RunHistory> {
    let feed = this.#feeds.get(runId);
    if (!feed) {
      feed = this.#found(runId).then((found) => new RunFeed(this.#context, runId, found));
      this.#feeds.set(runId, feed);
      feed.catch(() => this.#feeds.delete(runId));
    }
    return (await feed).read();
  }

  /** A run's step program and schedule, checked against its terms. RUN_MISMATCH, RUN_UNKNOWN */
  async parts(runId: Hash, signal?: AbortSignal): Promise<RunParts> {
    let parts = this.#parts.get(runId);
    if (!parts) {
      parts = this.#found(runId).then(({ terms }) => fetchRunParts(this.#context.storage, terms, { signal }));
      this.#parts.set(runId, parts);
      parts.catch(() => this.#parts.delete(runId));
    }
    return parts;
  }

  /** A batch's receipt, checked against what was submitted. RECEIPT_MISMATCH */
  async receipt(runId: Hash, submitted: SubmittedBatch, signal?: AbortSignal): Promise<CheckedReceipt> {
    const { chainId, contracts, storage } = this.#context;
    const { program } = await this.parts(runId, signal);
    const registry = await contracts.TrainingRegistry.getAddress();
    const id = batchId(registry, runSubject(runId, submitted.batch));
    const { root } = await this.#read(runId, () => contracts.Claims.batch(id));
    return fetchSteps(storage, program, { chainId, registry, runId, batchRoot: root }, submitted, signal);
  }

  /**
   * The rounds of a run from its first on, each as it is submitted, dropped and settled, with its loss; ends when the run
   * is closed. RUN_UNKNOWN; the signal's reason.
   */
  async *watch(runId: Hash, signal?: AbortSignal): AsyncGenerator<WatchedRound> {
    const { interval, closed } = this.#context;
    const until = signal ? AbortSignal.any([signal, closed]) : closed;
    let seen = 0;
    let settled = 0;
    const standing = new Set<SubmittedBatch>();
    for (;;) {
      until.throwIfAborted();
      const history = await this.history(runId);
      for (; seen < history.batches.length; seen++) {
        const submitted = history.batches[seen];
        standing.add(submitted);
        yield this.#watched(runId, 'submitted', submitted, until);
      }
      for (const submitted of standing) {
        if (history.stands(submitted)) continue;
        standing.delete(submitted);
        yield this.#watched(runId, 'dropped', submitted, until);
      }
      for (; settled < history.settled; settled++) {
        for (const submitted of history.rounds[settled].submitted)
          yield this.#watched(runId, 'settled', submitted, until);
      }
      if (history.closed !== null) return;
      await pause(interval, until);
    }
  }

  /** Settles every round whose batches are final; returns how many. For anyone. */
  async settle(runId: Hash, signal?: AbortSignal): Promise<number> {
    const { contracts } = this.#context;
    const history = await this.history(runId);
    const registry = await contracts.TrainingRegistry.getAddress();
    const ready = [];
    for (const round of unsettled(history)) {
      const batches = round.made?.kind === 'aggregation' ? [...round.submitted, round.made] : round.submitted;
      const states = await Promise.all(
        batches.map(({ batch }) => contracts.Claims.state(batchId(registry, runSubject(runId, batch)))),
      );
      if (states.some((state) => state !== ClaimState.Final)) break;
      ready.push(roundArgument(history, round));
    }
    if (ready.length === 0) return 0;
    const call = contracts.TrainingRegistry.settle.populateTransaction(runId, ready);
    await this.#send(call, 'settling rounds', signal);
    return ready.length;
  }

  /** Closes a run whose rounds are all settled and registers its model; returns the model's id. For anyone. */
  async complete(runId: Hash, signal?: AbortSignal): Promise<bigint> {
    const { TrainingRegistry, RunEscrow } = this.#context.contracts;
    const { terms } = await this.#found(runId);
    const { state } = await this.#read(runId, () => TrainingRegistry.run(runId));
    if (Number(state) !== RunState.Completed)
      await this.#send(TrainingRegistry.close.populateTransaction(runId), 'closing the run', signal);
    const { logs } = await this.#send(RunEscrow.makeModel.populateTransaction(terms), 'registering the model', signal);
    const { topicHash } = RunEscrow.interface.getEvent('ModelMade');
    const made = logs.find(({ topics }) => topics[0] === topicHash);
    if (!made) throw new EssaimError('RUN_MODEL', 'no model was registered', { help: 'report this' });
    return BigInt(made.topics[2]);
  }

  /** The checkpoint that the run stands at, checked against the chain; of a completed run its result. */
  async checkpoint(runId: Hash, signal?: AbortSignal): Promise<Tensor[]> {
    return this.tensors(runId, (await this.history(runId)).current.parent, { signal });
  }

  /**
   * The tensors of a checkpoint of the run by its root: of its first one, or of what a batch ended in.
   * CHECKPOINT_UNKNOWN, CHECKPOINT_MISMATCH, RECEIPT_MISMATCH
   */
  async tensors(runId: Hash, root: Hash, options: { hasher?: Hasher; signal?: AbortSignal } = {}): Promise<Tensor[]> {
    const { storage } = this.#context;
    const [parts, history] = await Promise.all([this.parts(runId, options.signal), this.history(runId)]);
    if (root === parts.terms.checkpoint) return firstCheckpoint(storage, parts, options);
    const made = history.batches.findLast(({ batch }) => batch.checkpoint === root);
    if (!made) {
      throw new EssaimError('CHECKPOINT_UNKNOWN', `no batch of run ${runId} ended in ${root}`, {
        help: 'ask for the checkpoint that a round began from',
      });
    }
    const { receipt } = await this.receipt(runId, made, options.signal);
    return fetchCheckpoint(storage, checkpointTypes(parts), receipt.checkpoint, root, options);
  }

  /** The model that the run trained so far, made from its last checkpoint: the same bytes for everyone. */
  async trainedModel(runId: Hash, signal?: AbortSignal): Promise<TrainedModel> {
    const [parts, checkpoint] = await Promise.all([this.parts(runId, signal), this.checkpoint(runId, signal)]);
    return makeTrainedModel(this.#context.storage, parts, checkpoint, signal);
  }

  /**
   * Publishes a completed run's model under the id that the run registered, with a price. For the run's initiator, who
   * owns it. ModelRegistry_NotOwner
   */
  async publish(
    runId: Hash,
    model: bigint,
    { token, price }: { token: string; price: bigint },
    signal?: AbortSignal,
  ): Promise<TrainedModel> {
    const { storage, contracts } = this.#context;
    const trained = await this.trainedModel(runId, signal);
    const { manifest } = await this.parts(runId, signal);
    const { name, description, licence } = manifest;
    const onnx = await storage.put(trained.onnx, { signal });
    const { digest } = await storage.putManifest(
      { kind: 'essaim/model/1', name, description, licence, onnx, programId: trained.program.id },
      { signal },
    );
    const { ModelRegistry } = contracts;
    const { id } = trained.program;
    await this.#send(ModelRegistry.addProgram.populateTransaction(model, id, digest), 'publishing the model', signal);
    await this.#send(ModelRegistry.setPrice.populateTransaction(model, token, price), 'pricing the model', signal);
    return trained;
  }

  /** TRAINED_MODEL_OTHER unless `programId` is the model that the run trained, with its last checkpoint's weights. */
  async verifyTrained(runId: Hash, programId: Hash, signal?: AbortSignal): Promise<TrainedModel> {
    const trained = await this.trainedModel(runId, signal);
    if (compile(trained.onnx).id === programId) return trained;
    throw new EssaimError('TRAINED_MODEL_OTHER', `program ${programId} is not what run ${runId} trained`, {
      help: 'its owner added another program to the model: do not pay for it as the run’s',
      details: { expected: trained.program.id },
    });
  }

  /** Pays the data set of a run that was drawn, once. For anyone. */
  async payData(runId: Hash, signal?: AbortSignal): Promise<void> {
    const { terms } = await this.#found(runId);
    await this.#send(
      this.#context.contracts.RunEscrow.payData.populateTransaction(terms),
      'paying the data set',
      signal,
    );
  }

  /** Pays a trainer (default: the signer) what its settled rounds earned. */
  async withdraw(runId: Hash, trainer?: string, signal?: AbortSignal): Promise<void> {
    const { terms } = await this.#found(runId);
    const to = trainer ?? (await this.#wallet('withdrawing').getAddress());
    await this.#send(this.#context.contracts.RunEscrow.withdraw.populateTransaction(terms, to), 'withdrawing', signal);
  }

  /** Hands an account (default: the signer) its shares of a completed run's model, once. */
  async claimShares(runId: Hash, account?: string, signal?: AbortSignal): Promise<void> {
    const { terms } = await this.#found(runId);
    const to = account ?? (await this.#wallet('claiming shares').getAddress());
    const call = this.#context.contracts.RunEscrow.claimShares.populateTransaction(terms, to);
    await this.#send(call, 'claiming shares', signal);
  }

  /** Gives a backer (default: the signer) back what an ended run did not spend, or all of it if it was not funded. */
  async refund(runId: Hash, backer?: string, signal?: AbortSignal): Promise<void> {
    const { terms } = await this.#found(runId);
    const to = backer ?? (await this.#wallet('being refunded').getAddress());
    await this.#send(this.#context.contracts.RunEscrow.refund.populateTransaction(terms, to), 'refunding', signal);
  }

  /** Pays a backer (default: the signer) its part of what rejected trainers lost, 30 days after the run was closed. */
  async compensate(runId: Hash, backer?: string, signal?: AbortSignal): Promise<void> {
    const { terms } = await this.#found(runId);
    const to = backer ?? (await this.#wallet('being compensated').getAddress());
    const call = this.#context.contracts.RunEscrow.compensate.populateTransaction(terms, to);
    await this.#send(call, 'compensating', signal);
  }

  /** Stops a run whose deadline passed. For anyone. */
  async stop(runId: Hash, signal?: AbortSignal): Promise<void> {
    const { terms } = await this.#found(runId);
    await this.#send(this.#context.contracts.TrainingRegistry.stop.populateTransaction(terms), 'stopping', signal);
  }

  readonly #runs = new Map<string, ReturnType<typeof findRun>>();
  #found(runId: Hash): ReturnType<typeof findRun> {
    let found = this.#runs.get(runId);
    if (!found) {
      found = findRun(this.#context, runId);
      this.#runs.set(runId, found);
      found.catch(() => this.#runs.delete(runId));
    }
    return found;
  }

  async #watched(
    runId: Hash,
    stage: WatchedRound['stage'],
    submitted: SubmittedBatch,
    signal: AbortSignal,
  ): Promise<WatchedRound> {
    const { round, trainer, checkpoint } = submitted.batch;
    const losses =
      submitted.kind === 'steps'
        ? await this.receipt(runId, submitted, signal).then(
            (checked) => checked.losses,
            () => null,
          )
        : null;
    signal.throwIfAborted();
    return { stage, round, trainer, checkpoint, losses };
  }

  #wallet(doing: string): Signer {
    if (this.#context.signer) return this.#context.signer;
    throw new EssaimError('WALLET_MISSING', `${doing} needs a signer`, { help: 'connect with one' });
  }

  async #read<T>(runId: Hash, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof EssaimError) throw cause;
      throw chainError(cause, `asking for run ${runId}`);
    }
  }

  async #send(call: Promise<ContractTransaction>, doing: string, signal?: AbortSignal): Promise<TransactionReceipt> {
    return send(this.#wallet(doing), await call, doing, { signal, interval: Math.min(250, this.#context.interval) });
  }
}
