import { batchId, EssaimError, type Hash, runSubject, toHex } from '@essaim/protocol';
import type { ContractTransaction, Signer, TransactionReceipt } from 'ethers';
import { ClaimState } from '../contracts/states.ts';
import { placeOf } from './allowed.ts';
import { RunState } from './context.ts';
import { type NewRun, type PreparedRun, prepareRun } from './new-run.ts';
import { recordRandom } from './random-round.ts';
import { RunReader } from './run-reader.ts';
import { Scores } from './scores.ts';
import { sendFrom, walletOf } from './sending.ts';
import { roundArgument, unsettled } from './settle-call.ts';
import type { TrainedModel } from './trained-model.ts';

/** Runs of training: create and back them, draw their seed, watch their rounds, and hand out what they made. */
export class Training extends RunReader {
  /** Rounds of runs of private shards. */
  readonly scores = new Scores(this.context, (runId) => this.found(runId));

  /**
   * Checks a run's parts, stores them and registers the run. RUN_COLUMNS, RUN_SHARES, RUN_SCHEDULE, RUN_AMOUNT; what the
   * compiler says of the programs; RunRules_Terms, RunRules_Program; WALLET_MISSING.
   */
  async create(run: NewRun, signal?: AbortSignal): Promise<PreparedRun> {
    this.#wallet('creating a run');
    const prepared = await prepareRun(this.context, run, signal);
    const { TrainingRegistry } = this.context.contracts;
    const call = TrainingRegistry.create.populateTransaction(prepared.terms, toHex(prepared.programs));
    await this.#send(call, 'creating the run', signal);
    return prepared;
  }

  /** Backs a run with at most what is missing, in its token's smallest unit; approves the amount first where needed. */
  async back(runId: Hash, amount: bigint, signal?: AbortSignal): Promise<void> {
    const { contracts } = this.context;
    const { terms } = await this.found(runId);
    const escrow = await contracts.RunEscrow.getAddress();
    const token = contracts.MielToken.attach(terms.token) as typeof contracts.MielToken;
    const owner = await this.#wallet('backing a run').getAddress();
    if ((await this.read(runId, () => token.allowance(owner, escrow))) < amount) {
      await this.#send(token.approve.populateTransaction(escrow, amount), 'approving the budget', signal);
    }
    await this.#send(contracts.RunEscrow.fund.populateTransaction(terms, amount), 'backing the run', signal);
  }

  /**
   * Draws the seed of a funded run: records the value of its block, unless somebody did, and has it drawn. False while
   * the block is not there yet. A draw that expired makes the run void.
   */
  async draw(runId: Hash, signal?: AbortSignal): Promise<boolean> {
    const { TrainingRegistry } = this.context.contracts;
    const { drawn } = await this.read(runId, () => TrainingRegistry.sums(runId));
    if (!(await this.read(runId, () => recordRandom(this.context, Number(drawn), signal)))) return false;
    const { terms } = await this.found(runId);
    await this.#send(TrainingRegistry.draw.populateTransaction(terms), 'drawing the seed', signal);
    return true;
  }

  /**
   * Takes a free seat with collateral for `locks` pending rounds, from what is provisioned to the training registry.
   * RUN_NOT_ALLOWED, TrainingRegistry_Seat, StakeManager_…
   */
  async join(runId: Hash, seat: number, locks: number, signal?: AbortSignal): Promise<void> {
    const { terms } = await this.found(runId);
    const account = await this.#wallet('taking a seat').getAddress();
    const { index, siblings } = await placeOf(this.context.storage, terms, account, signal);
    const call = this.context.contracts.TrainingRegistry.join.populateTransaction(terms, seat, locks, index, siblings);
    await this.#send(call, 'taking a seat', signal);
  }

  /** Gives one's seat up; what is pending stays locked until it is settled. */
  async leave(runId: Hash, signal?: AbortSignal): Promise<void> {
    const call = this.context.contracts.TrainingRegistry.resign.populateTransaction(runId);
    await this.#send(call, 'leaving the run', signal);
  }

  /** Settles every round whose batches are final; returns how many. For anyone. */
  async settle(runId: Hash, signal?: AbortSignal): Promise<number> {
    const { contracts } = this.context;
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
    const { TrainingRegistry, RunEscrow } = this.context.contracts;
    const { terms } = await this.found(runId);
    const { state } = await this.read(runId, () => TrainingRegistry.run(runId));
    if (Number(state) !== RunState.Completed) await this.close(runId, signal);
    const { logs } = await this.#send(RunEscrow.makeModel.populateTransaction(terms), 'registering the model', signal);
    const { topicHash } = RunEscrow.interface.getEvent('ModelMade');
    const made = logs.find(({ topics }) => topics[0] === topicHash);
    if (!made) throw new EssaimError('RUN_MODEL', 'no model was registered', { help: 'report this' });
    return BigInt(made.topics[2]);
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
    const { storage, contracts } = this.context;
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

  /** Pays the data set of a run that was drawn, once. For anyone. */
  async payData(runId: Hash, signal?: AbortSignal): Promise<void> {
    const { terms } = await this.found(runId);
    await this.#send(
      this.context.contracts.RunEscrow.payData.populateTransaction(terms),
      'paying the data set',
      signal,
    );
  }

  /** Pays a trainer (default: the signer) what its settled rounds earned. */
  async withdraw(runId: Hash, trainer?: string, signal?: AbortSignal): Promise<void> {
    const { terms } = await this.found(runId);
    const to = trainer ?? (await this.#wallet('withdrawing').getAddress());
    await this.#send(this.context.contracts.RunEscrow.withdraw.populateTransaction(terms, to), 'withdrawing', signal);
  }

  /**
   * Records what a trainer (default: the signer) was paid since this was last done, so that it draws an emission; returns
   * the work that `emissions.claim` pays from the next day on. Emissions_Nothing where it burned no MIEL.
   */
  async recordEmission(runId: Hash, trainer?: string, signal?: AbortSignal): Promise<string> {
    const { terms } = await this.found(runId);
    const to = trainer ?? (await this.#wallet('recording').getAddress());
    const { Emissions } = this.context.contracts;
    const { logs } = await this.#send(Emissions.recordRun.populateTransaction(terms, to), 'recording', signal);
    const { topicHash } = Emissions.interface.getEvent('Recorded');
    return logs.find(({ topics }) => topics[0] === topicHash)!.topics[1];
  }

  /** Hands an account (default: the signer) its shares of a completed run's model, once. */
  async claimShares(runId: Hash, account?: string, signal?: AbortSignal): Promise<void> {
    const { terms } = await this.found(runId);
    const to = account ?? (await this.#wallet('claiming shares').getAddress());
    const call = this.context.contracts.RunEscrow.claimShares.populateTransaction(terms, to);
    await this.#send(call, 'claiming shares', signal);
  }

  /** Gives a backer (default: the signer) back what an ended run did not spend, or all of it if it was not funded. */
  async refund(runId: Hash, backer?: string, signal?: AbortSignal): Promise<void> {
    const { terms } = await this.found(runId);
    const to = backer ?? (await this.#wallet('being refunded').getAddress());
    await this.#send(this.context.contracts.RunEscrow.refund.populateTransaction(terms, to), 'refunding', signal);
  }

  /** Pays a backer (default: the signer) its part of what rejected trainers lost, 30 days after the run was closed. */
  async compensate(runId: Hash, backer?: string, signal?: AbortSignal): Promise<void> {
    const { terms } = await this.found(runId);
    const to = backer ?? (await this.#wallet('being compensated').getAddress());
    const call = this.context.contracts.RunEscrow.compensate.populateTransaction(terms, to);
    await this.#send(call, 'compensating', signal);
  }

  /** Ends a run whose rounds are all settled, or that was stopped and has nothing pending. For anyone. */
  async close(runId: Hash, signal?: AbortSignal): Promise<void> {
    await this.#send(
      this.context.contracts.TrainingRegistry.close.populateTransaction(runId),
      'closing the run',
      signal,
    );
  }

  /** Stops a run whose deadline passed. For anyone. */
  async stop(runId: Hash, signal?: AbortSignal): Promise<void> {
    const { terms } = await this.found(runId);
    await this.#send(this.context.contracts.TrainingRegistry.stop.populateTransaction(terms), 'stopping', signal);
  }

  #wallet(doing: string): Signer {
    return walletOf(this.context, doing);
  }

  #send(call: Promise<ContractTransaction>, doing: string, signal?: AbortSignal): Promise<TransactionReceipt> {
    return sendFrom(this.context, call, doing, signal);
  }
}
