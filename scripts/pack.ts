/** Packs @essaim/sdk as others install it, with our other packages inside, into dist/: npm run pack */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { packedManifest } from './pack/manifest.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

/** Builds and packs the SDK; returns the tarball's path in `into`. */
export async function pack(into: string): Promise<string> {
  const stage = mkdtempSync(join(tmpdir(), 'essaim-pack-'));
  try {
    const built = join(stage, 'dist');
    await run(join(ROOT, 'node_modules/.bin/tsdown'), ['--out-dir', built], { cwd: join(ROOT, 'sdk') });
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(packedManifest(ROOT, built), null, 2)}\n`);
    copyFileSync(join(ROOT, 'sdk/README.md'), join(stage, 'README.md'));
    copyFileSync(join(ROOT, 'LICENSE'), join(stage, 'LICENSE'));
    mkdirSync(into, { recursive: true });
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', into], { cwd: stage });
    return join(into, (JSON.parse(stdout) as { filename: string }[])[0].filename);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

if (import.meta.main) console.log(await pack(join(ROOT, 'dist')));
