import { auditBatchId } from '@essaim/protocol';
import type { Essaim } from '@essaim/sdk';
import type { Block } from 'ethers';
import { type AuditedBatch, isPast, openBatch, quarters } from '../audits/batch.ts';
import { assignmentsOf } from '../audits/draw.ts';
import { Weights } from '../audits/weights.ts';
import type { Submitted } from '../case.ts';
import { Submissions } from '../submissions.ts';
import type { Alarm } from './alarms.ts';
import { Inbox } from './inbox.ts';

/** Alarms on audits that an operator is drawn for and has not submitted although their time is nearly over. */
export class DueAudits {
  readonly #essaim: Essaim;
  readonly #margin: number;
  readonly #operators: readonly string[];
  readonly #weights: Weights;
  readonly #open = new Map<string, AuditedBatch>();
  readonly #submissions: Submissions;
  readonly #inbox = new Inbox<Submitted>();

  /**
   * @param margin seconds before the time of audits is over
   * @param operators auditors, in lower case
   */
  constructor(essaim: Essaim, margin: number, operators: readonly string[]) {
    this.#essaim = essaim;
    this.#submissions = new Submissions(essaim);
    this.#margin = margin;
    this.#operators = operators;
    this.#weights = new Weights(essaim);
  }

  async look(head: Block): Promise<Alarm[]> {
    await this.#inbox.take(await this.#submissions.read(head), async (submitted) => {
      this.#open.set(submitted.jobId, await openBatch(this.#essaim, submitted));
    });
    const { AuditPool, Claims } = this.#essaim.contracts;
    const pool = await AuditPool.getAddress();
    const alarms: Alarm[] = [];
    for (const [jobId, batch] of this.#open) {
      const due = quarters(batch, 3);
      if (isPast(due, head)) this.#open.delete(jobId);
      else if (head.timestamp >= due.time - this.#margin) {
        for (const { index, leaf, auditor } of (await assignmentsOf(this.#essaim, this.#weights, batch)) ?? []) {
          if (!auditor || !this.#operators.includes(auditor.toLowerCase())) continue;
          const id = auditBatchId(pool, batch.batchId, index);
          const [by] = await Claims.submission(id);
          if (by.toLowerCase() === auditor.toLowerCase()) continue;
          const message = `${auditor} has not audited leaf ${leaf} of job ${jobId}; ${due.time - head.timestamp} s are left`;
          alarms.push({ alarm: 'audit', about: id, message });
        }
      }
    }
    return alarms;
  }
}
