import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pack } from '../../scripts/pack.ts';

const run = promisify(execFile);
const folders = new Set<string>();
let packed: Promise<string> | undefined;

process.once('exit', () => {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

/** A folder of its own, gone with this process. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'essaim-outsider-'));
  folders.add(made);
  return made;
}

/** The SDK's tarball, packed once for all tests. */
export function tarball(): Promise<string> {
  packed ??= pack(folder());
  return packed;
}

/** A project outside of this repository, with the packed SDK and what else it depends on installed by npm. */
export async function project(example?: string): Promise<string> {
  const home = folder();
  if (example) cpSync(join('examples', example), home, { recursive: true });
  else writeFileSync(join(home, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const quietly = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...quietly, await tarball()], { cwd: home });
  return home;
}

/** Runs a program in a project; what it printed. */
export async function inProject(home: string, argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const [command, ...args] = argv;
  const options = { cwd: home, env: { ...process.env, ...env }, timeout: 60_000 };
  return (await run(command, args, options)).stdout;
}
