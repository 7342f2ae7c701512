import {
  auditContext,
  type ChainQuestion,
  demandId,
  EssaimError,
  type Hash,
  type Question,
  questionArgument,
  questionFrom,
  toHex,
} from '@essaim/protocol';
import { answerFor, claimKept, type KeptClaim, segmentAsked } from '@essaim/runtime';
import { DemandStatus, newestLog } from '@essaim/sdk';
import { behind, describeFailure, type Failure, LogFeed, Worklist, watch } from '@essaim/sdk/node';
import { ZeroAddress } from 'ethers';
import { accountOf, act } from '../case.ts';
import type { AuditDesk } from './desk.ts';
import { withSegment } from './look.ts';
import { readAudited, type SubmittedAudit } from './record.ts';

/** Answers every question that is asked about one's own audits: silence would convict them. */
export class AuditAnswers {
  readonly #desk: AuditDesk;
  readonly #asked: Worklist<Question>;
  #feed?: LogFeed;

  constructor(desk: AuditDesk) {
    this.#desk = desk;
    this.#asked = new Worklist(desk.essaim.pollingInterval);
  }

  /** Answers until the signal is aborted. */
  run(signal: AbortSignal): Promise<void> {
    const { essaim, say } = this.#desk;
    const tell = (failure: Failure) => say({ event: 'chain', ...failure });
    return watch((until) => this.cycle(until), essaim.pollingInterval, signal, tell);
  }

  /** Reads new questions and answers those that are open. */
  async cycle(signal?: AbortSignal): Promise<void> {
    await this.#read();
    for (const [id, question] of this.#asked.due()) {
      if (signal?.aborted) return;
      try {
        await this.#answer(question, signal);
        this.#asked.delete(id);
      } catch (error) {
        if (signal?.aborted) return;
        this.#asked.postpone(id);
        this.#desk.say({ event: 'audit-answer-delayed', demandId: id, ...describeFailure(error) });
      }
    }
  }

  async #read(): Promise<void> {
    const { provider, contracts, deployment } = this.#desk.essaim;
    const { Availability } = contracts;
    this.#feed ??= new LogFeed(provider, {
      address: await Availability.getAddress(),
      topics: [Availability.getEvent('Demanded').fragment.topicHash],
      fromBlock: deployment.startBlock,
    });
    for (const log of await this.#feed.read(await provider.getBlockNumber())) {
      const event = Availability.interface.parseLog(log);
      if (event) this.#asked.add(event.args.demandId, questionFrom(event.args as unknown as ChainQuestion));
    }
  }

  async #answer(question: Question, signal?: AbortSignal): Promise<void> {
    const { essaim, say } = this.#desk;
    const { Availability, AuditPool, Claims } = essaim.contracts;
    const { executor, client } = await Claims.batch(question.batchId);
    if (executor === ZeroAddress) throw behind(`batch ${question.batchId}`);
    if (executor !== (await accountOf(this.#desk).getAddress()) || client !== (await AuditPool.getAddress())) return;
    const asked = questionArgument(question);
    const { status } = await Availability.demand(asked);
    if (status === DemandStatus.None) throw behind(`demand ${demandId(question)}`);
    if (status !== DemandStatus.Open) return;
    const claim = await this.#claim(question);
    const call = await Availability.answer.populateTransaction(asked, toHex(answerFor(question, claim)));
    await act(this.#desk, call, `answering for audit ${question.batchId}`, signal);
    const { batchId: auditBatchId, kind, index } = question;
    say({ event: 'audit-answered', auditBatchId, kind, index });
  }

  /** What was committed to, with the inner values of whatever segment is asked about. */
  async #claim(question: Question): Promise<KeptClaim> {
    const { essaim, kept } = this.#desk;
    const { auditBatchId, batchId, auditor, record } = await this.#audit(question.batchId);
    const { chainId, addresses } = essaim.deployment;
    const context = auditContext(BigInt(chainId), addresses.AuditPool, batchId, auditor, record);
    const { trace, onnx } = await kept.recall(auditBatchId, record.segment);
    const segment = segmentAsked(question);
    const isInside = segment !== null && trace.program.segments[segment];
    const whole = isInside ? await withSegment(this.#desk, trace, onnx, segment) : trace;
    return claimKept({ traces: [whole], contexts: [context] }, 0);
  }

  /** What an audit of ours said. */
  async #audit(auditBatchId: Hash): Promise<SubmittedAudit> {
    const { provider, contracts, deployment } = this.#desk.essaim;
    const { AuditPool } = contracts;
    const log = await newestLog(provider, {
      address: await AuditPool.getAddress(),
      topics: [AuditPool.getEvent('Audited').fragment.topicHash, null, auditBatchId],
      fromBlock: deployment.startBlock,
    });
    const audit = log && readAudited(this.#desk.essaim, log);
    if (audit) return audit;
    throw new EssaimError('CHAIN_FAILED', `the endpoint does not serve the event of audit ${auditBatchId}`, {
      help: 'use an endpoint that serves old events',
    });
  }
}
