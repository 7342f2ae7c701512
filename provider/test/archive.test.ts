import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Archive, batchOf } from '@essaim/runtime';
import { expect } from 'chai';
import { jobId, keptDigits } from './kept.ts';

describe('a provider’s archive', () => {
  const folder = mkdtempSync(join(tmpdir(), 'essaim-archive-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('gives the same commitments after a restart, until the job is released', async () => {
    const { onnx, kept } = await keptDigits([3, 4]);
    await new Archive(folder).keep(jobId, onnx, kept.traces);
    const restarted = new Archive(folder);
    const traces = await restarted.traces(jobId);
    expect(batchOf({ ...kept, traces: traces! }).root).to.equal(batchOf(kept).root);
    await restarted.release(jobId);
    expect(await restarted.traces(jobId)).to.equal(null);
    expect(readdirSync(join(folder, 'jobs'))).to.deep.equal([]);
  });

  it('keeps jobs of one model at once', async () => {
    const { onnx, kept } = await keptDigits([1]);
    const archive = new Archive(join(folder, 'at-once'));
    const ids = [1, 2, 3, 4].map((n) => `0x${String(n).repeat(64)}`);
    await Promise.all(ids.map((id) => archive.keep(id, onnx, kept.traces)));
    for (const id of ids) expect(await new Archive(join(folder, 'at-once')).traces(id)).to.have.length(1);
  });

  it('says by ARCHIVE_DAMAGED that a file was cut off', async () => {
    const { onnx, kept } = await keptDigits([5]);
    await new Archive(folder).keep(jobId, onnx, kept.traces);
    truncateSync(join(folder, 'jobs', jobId, '0.values'), 10);
    const error = await new Archive(folder).traces(jobId).catch((cause) => cause);
    expect(error).to.include({ code: 'ARCHIVE_DAMAGED' });
  });
});
