import type { Hash } from '@essaim/protocol';
import { ClaimState } from '@essaim/sdk';
import { behind, describeFailure, type Failure, isPassing, LogFeed, Worklist, watch } from '@essaim/sdk/node';
import type { BaseContract, Block, EventFragment } from 'ethers';
import { accountOf, type Submitted } from '../case.ts';
import { collect, convict } from '../convict.ts';
import { Unanswered } from '../demand.ts';
import { docketOf } from '../docket.ts';
import { notBefore } from '../not-before.ts';
import { Places, type Rest } from '../places.ts';
import { Submissions } from '../submissions.ts';
import { auditable } from './auditable.ts';
import { type AuditedBatch, isPast, type Moment, openBatch, quarters } from './batch.ts';
import type { AuditDesk } from './desk.ts';
import { type Assignment, assignmentsOf } from './draw.ts';
import { lookAt } from './look.ts';
import { reportMissed } from './missed.ts';
import { readAudited, type SubmittedAudit } from './record.ts';
import { collectLeft, collectPay, settleAudits } from './settle.ts';
import { strike } from './strike.ts';
import { submitAudit } from './submit.ts';
import { Weights } from './weights.ts';

/** A submission and what is known of it already. */
interface Entry {
  readonly submitted: Submitted;
  batch?: AuditedBatch;
  draws?: Assignment[];
  /** Nothing is to be done before, unless something happened to it. */
  until?: Moment;
  happened?: boolean;
}

const NOW: Moment = { time: 0, block: -1 };

/** Batches that are looked at at once, less those that wait for content or for answers on chain. */
const AT_ONCE = 16;

/**
 * Does the audits that this account is drawn for, and has the others do theirs. What it does next follows from the chain
 * alone, and from what it keeps to answer for.
 */
export class Auditor {
  readonly #desk: AuditDesk;
  readonly #pending: Worklist<Entry>;
  readonly #busy = new Map<string, Promise<void>>();
  readonly #places: Places;
  readonly #weights: Weights;
  /** Audits that came, by the batch audited. */
  readonly #audits = new Map<Hash, Map<Hash, SubmittedAudit>>();
  readonly #submissions: Submissions;
  #feeds?: { audited: LogFeed; rejected: LogFeed };
  /** What a stop before this start left behind was seen to. */
  #hasCollected = false;

  constructor(desk: AuditDesk, places = new Places(AT_ONCE)) {
    this.#desk = desk;
    this.#places = places;
    this.#weights = new Weights(desk.essaim);
    this.#submissions = new Submissions(desk.essaim, auditable(desk));
    this.#pending = new Worklist(desk.essaim.pollingInterval);
  }

  /** Works until the signal is aborted. */
  run(signal: AbortSignal): Promise<void> {
    const { essaim, say } = this.#desk;
    const tell = (failure: Failure) => say({ event: 'chain', ...failure });
    return watch((until) => this.cycle(until), essaim.pollingInterval, signal, tell);
  }

  /** Reads what is new and begins what is due, oldest first. */
  async cycle(signal?: AbortSignal): Promise<void> {
    const head = (await this.#desk.essaim.provider.getBlock('latest'))!;
    await this.#read(head);
    for (const [jobId, entry] of this.#pending.due()) {
      if (signal?.aborted || !this.#places.isFree) return;
      if (this.#busy.has(jobId) || !(entry.happened || isPast(entry.until ?? NOW, head))) continue;
      const work = this.#places.hold((rest) => this.#work(jobId, entry, head, rest, signal));
      this.#busy.set(
        jobId,
        work.finally(() => this.#busy.delete(jobId)),
      );
    }
    if (this.#hasCollected) return;
    await collectLeft(this.#desk, head, signal);
    this.#hasCollected = true;
  }

  async #work(jobId: string, entry: Entry, head: Block, rest: Rest, signal?: AbortSignal): Promise<void> {
    const { provider } = entry.submitted;
    entry.happened = false;
    try {
      const until = await this.#step(entry, head, { ...this.#desk, rest }, signal);
      if (until) entry.until = until;
      else this.#pending.delete(jobId);
      this.#pending.succeeded(jobId);
    } catch (error) {
      if (signal?.aborted) return;
      const failure = describeFailure(error);
      this.#desk.say({ event: isPassing(error) ? 'retrying' : 'failed', jobId, provider, ...failure });
      if (!isPassing(error)) return this.#pending.delete(jobId);
      entry.happened = true;
      this.#pending.postpone(jobId);
    }
  }

  /** Does what is to be done about a batch now; says until when nothing is, or null when nothing ever will. */
  async #step(entry: Entry, head: Block, desk: AuditDesk, signal?: AbortSignal): Promise<Moment | null> {
    entry.batch ??= await openBatch(desk.essaim, entry.submitted);
    const { batch } = entry;
    const account = await accountOf(desk).getAddress();
    const audits = () => [...(this.#audits.get(batch.batchId)?.values() ?? [])];
    const own = () => audits().filter(({ auditor }) => auditor === account);
    const isOver = isPast(quarters(batch, 8), head);
    if (isOver && own().length === 0) return null;

    entry.draws ??= await this.#draw(batch, account, head);
    if (!entry.draws) return { time: 0, block: batch.round };
    if (entry.draws.length === 0) return null;

    const { Claims } = desk.essaim.contracts;
    const found = await notBefore(desk.essaim, head.number, () =>
      Promise.all([Claims.state(batch.batchId), Claims.conviction(batch.batchId)]),
    );
    if (!found) throw behind(`block ${head.number}`);
    const [state, { challenger }] = found;
    const isRejected = state === ClaimState.Rejected;
    const [due, end] = [quarters(batch, 3), quarters(batch, 8)];
    if (!isRejected && !isPast(due, head)) {
      const mine = entry.draws.filter(({ auditor }) => auditor === account);
      if (entry.draws[0].auditor === null && (await desk.essaim.audits.seat(account))?.closes === null)
        mine.push(...entry.draws);
      for (const assignment of mine) await this.#audit(desk, batch, assignment, audits(), signal);
      return due;
    }
    if (isRejected) {
      if (challenger === account) await this.#strike(batch, audits(), account, signal);
    } else if (!isOver) for (const assignment of entry.draws) await reportMissed(desk, batch, assignment, signal);
    if (!isOver) return end;
    const { hasEnded, block } = await settleAudits(desk, batch, own(), signal);
    await collectPay(desk, batch.terms.token, Math.max(block, head.number), signal);
    return hasEnded ? null : { time: head.timestamp + 600, block: 0 };
  }

  /** What a batch's round drew; undefined while it is not there. */
  async #draw(batch: AuditedBatch, account: string, head: Block): Promise<Assignment[] | undefined> {
    const { essaim, say } = this.#desk;
    const draws = await assignmentsOf(essaim, this.#weights, batch);
    const { jobId, provider } = batch;
    const isDue = !isPast(quarters(batch, 3), head);
    for (const { index, leaf, auditor } of draws ?? [])
      if (isDue && auditor === account) say({ event: 'drawn', jobId, provider, index, leaf });
    return draws ?? undefined;
  }

  /** Audits one leaf, and convicts it where it fails and nobody else here would. */
  async #audit(
    desk: AuditDesk,
    batch: AuditedBatch,
    assignment: Assignment,
    audits: SubmittedAudit[],
    signal?: AbortSignal,
  ): Promise<void> {
    const { jobId, provider, batchId, terms } = batch;
    const { index, leaf } = assignment;
    const done = audits.find(({ record }) => record.index === index);
    if (done && (done.record.passed || !desk.alone || done.auditor !== (await accountOf(desk).getAddress()))) return;
    if (!done) await desk.essaim.audits.record(batch.round, signal);
    try {
      const look = await lookAt(desk, batch, assignment, signal);
      if (!done) await submitAudit(desk, batch, assignment, look, signal);
      if (!look.charge || !desk.alone) return;
      const conviction = await convict(desk, look.submission, look.charge, signal);
      desk.say({ event: 'convicted', jobId, provider, ...conviction });
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      const docket = docketOf(desk.essaim.contracts, batch, batchId, terms);
      const silence = { verdict: 'convicted', fault: 'silence', leaf, demanded: error.question.kind } as const;
      const taken = await collect(desk, docket, signal);
      desk.say({ event: 'convicted', jobId, provider, ...silence, proofBytes: 0, transactions: 2, gas: 0, ...taken });
    }
  }

  /** Strikes those that passed what this account convicted. */
  async #strike(batch: AuditedBatch, audits: SubmittedAudit[], account: string, signal?: AbortSignal): Promise<void> {
    for (const audit of audits) if (audit.auditor !== account) await strike(this.#desk, batch, audit, signal);
  }

  async #read(head: Block): Promise<void> {
    const { essaim } = this.#desk;
    const { AuditPool, Claims } = essaim.contracts;
    this.#feeds ??= {
      audited: await this.#feed(AuditPool, AuditPool.getEvent('Audited')),
      rejected: await this.#feed(Claims, Claims.getEvent('Rejected')),
    };
    const { audited, rejected } = this.#feeds;
    for (const submitted of await this.#submissions.read(head)) this.#pending.add(submitted.jobId, { submitted });
    for (const log of await audited.read(head.number)) {
      const audit = readAudited(essaim, log)!;
      const known = this.#audits.get(audit.batchId) ?? new Map<Hash, SubmittedAudit>();
      this.#audits.set(audit.batchId, known.set(audit.auditBatchId, audit));
      this.#happened(audit.batchId);
    }
    for (const { topics } of await rejected.read(head.number)) this.#happened(topics[1]);
  }

  async #feed(contract: BaseContract, { fragment }: { fragment: EventFragment }): Promise<LogFeed> {
    const { provider, deployment } = this.#desk.essaim;
    const { startBlock: fromBlock } = deployment;
    return new LogFeed(provider, { address: await contract.getAddress(), topics: [fragment.topicHash], fromBlock });
  }

  #happened(batchId: Hash): void {
    for (const [, entry] of this.#pending.all()) if (entry.batch?.batchId === batchId) entry.happened = true;
  }
}
