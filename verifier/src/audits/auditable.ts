import { allLogs } from '@essaim/sdk';
import { zeroPadValue } from 'ethers';
import { accountOf } from '../case.ts';
import { blocksOf, type Outlook, windowsSince } from '../horizon.ts';
import type { AuditDesk } from './desk.ts';
import { readAudited } from './record.ts';

/** The batches whose audits are not over, which takes two windows, and those of which audits of ours are not settled. */
export const auditable =
  (desk: AuditDesk): Outlook =>
  async (head) => {
    const { essaim } = desk;
    const { AuditPool } = essaim.contracts;
    const account = await accountOf(desk).getAddress();
    const topics = [AuditPool.getEvent('Audited').fragment.topicHash, null, null, zeroPadValue(account, 32)];
    const address = await AuditPool.getAddress();
    const [since, logs] = await Promise.all([
      windowsSince(essaim, head, 2),
      allLogs(essaim.provider, { address, topics, fromBlock: essaim.deployment.startBlock }),
    ]);
    const own = Map.groupBy(
      logs.map((log) => readAudited(essaim, log)!),
      ({ batchId }) => batchId,
    );
    const isOpen = async (batchId: string): Promise<boolean> => {
      const done = await Promise.all(own.get(batchId)!.map(({ record }) => AuditPool.done(record.seat, record.number)));
      return done.includes(false);
    };
    return { since, others: await blocksOf(essaim, [...own.keys()], since, isOpen) };
  };
