import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskFailure } from '@essaim/sdk/node';
import type { Metrics } from '../metrics/metrics.ts';

/** Bytes for which there has to be room before anything is begun: a journal grows by less in between. */
const PROBE = new Uint8Array(256 * 1_024);

/** Tests, each time it is called, that a folder takes what is written, and measures its room. DISK_FULL */
export function diskWatch(folder: string, metrics: Pick<Metrics, 'set'>): () => Promise<void> {
  return async () => {
    try {
      mkdirSync(folder, { recursive: true });
      const { bavail, bsize } = statfsSync(folder);
      metrics.set('essaim_disk_free_bytes', bavail * bsize);
      writeFileSync(join(folder, '.room'), PROBE, { flush: true });
    } catch (cause) {
      throw diskFailure(cause) ?? cause;
    } finally {
      rmSync(join(folder, '.room'), { force: true });
    }
  };
}
