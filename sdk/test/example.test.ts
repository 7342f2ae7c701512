import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { sell } from './seller.ts';
import { world } from './world.ts';

describe('the example', () => {
  it('buys one inference in a process of its own, which ends by itself', async () => {
    const at = await world();
    const seller = await sell(at);
    const folder = mkdtempSync(join(tmpdir(), 'essaim-example-'));
    const [DEPLOYMENT, KEY_FILE] = [join(folder, 'deployment.json'), join(folder, 'key')];
    writeFileSync(DEPLOYMENT, JSON.stringify(at.deployment));
    writeFileSync(KEY_FILE, at.wallets.requester.privateKey, { mode: 0o600 });
    const { id, program } = at.model;
    const ids = { MODEL: String(id), PROGRAM: program.id };
    try {
      const { stdout } = await promisify(execFile)(process.execPath, ['sdk/examples/inference.ts'], {
        env: { ...process.env, RPC: at.rpc, STORAGE: at.node.url, DEPLOYMENT, KEY_FILE, ...ids },
        timeout: 30_000,
      });
      expect(stdout).to.match(/^posted\naccepted\nsubmitted\nresult\nreads \d\n$/);
      expect(stdout).not.to.include(at.wallets.requester.privateKey.slice(2));
    } finally {
      await seller.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
