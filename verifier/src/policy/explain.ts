import { batchIdOf, type Essaim } from '@essaim/sdk';
import type { Submitted } from '../case.ts';
import type { Attention, Look } from './attention.ts';
import { Eye } from './eye.ts';

const HOUR = 3_600;

/** Whether a verifier with this choice looks at a job's submission, and why: it is met with those of the hour before it. */
export async function explain(essaim: Essaim, attention: Attention, submitted: Submitted): Promise<Look> {
  const eye = new Eye(essaim, attention);
  const market = await essaim.contracts.JobMarket.getAddress();
  await eye.read(await essaim.provider.getBlockNumber());
  const { met } = await eye.meet(submitted);
  const own = batchIdOf(market, submitted.jobId);
  for (const { batchId, subject, executor, block } of eye.book.newest(market)) {
    const time = await eye.book.time(block);
    if (time > met.time || batchId === own) continue;
    if (time <= met.time - HOUR) break;
    const { root } = await essaim.contracts.Claims.batch(batchId);
    await eye.meet({ jobId: subject, provider: executor, batchRoot: root, receipt: '' });
  }
  return eye.look(met);
}
