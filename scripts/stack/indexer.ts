import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EssaimError } from '@essaim/protocol';
import { buildSubgraph } from '../subgraph/build.ts';
import { manifest, type Places } from '../subgraph/manifest.ts';
import type { Ledger } from './ledger.ts';
import { freePorts, isFree } from './ports.ts';
import { startService } from './service.ts';

const BUILD = fileURLToPath(new URL('../../subgraph/build/', import.meta.url));
const NETWORK = 'local';

/** For a chain that makes blocks at once: looks for them five times a second, and does not rely on being woken. */
const SETTINGS = {
  ETHEREUM_POLLING_INTERVAL: '200',
  ETHEREUM_REORG_THRESHOLD: '50',
  GRAPH_CHAIN_HEAD_WATCHER_TIMEOUT: '1',
};

export interface Indexer {
  /** GraphQL over HTTP POST. */
  url: string;
  stop(): Promise<void>;
}

/** What an indexer reads, and where it keeps what it reads. */
export interface IndexerOptions {
  rpc: string;
  ipfs: string;
  postgres: string;
  deployment: Places;
  /** A folder of its own, for the manifest. */
  folder: string;
  /** Of GraphQL; any free one where there is none. */
  port?: number;
  ledger?: Ledger;
}

/**
 * The real graph-node, with the subgraph on this deployment. It indexes from the deployment's first block whenever it
 * starts. Its four ports listen on every address of this machine: it knows no other way.
 * @throws EssaimError GND_MISSING where the platform has no binary
 */
export async function startIndexer(options: IndexerOptions): Promise<Indexer> {
  const gnd = gndBinary();
  buildSubgraph();
  const { rpc, ipfs, postgres, folder, ledger } = options;
  writeBuilt(folder, options.deployment);
  const [free, index, admin, metrics] = await freePorts(4);
  const port = options.port ?? free;
  if (!(await isFree(port))) throw taken(port);
  const url = `http://127.0.0.1:${port}/subgraphs/name/subgraph-0`;
  const service = await startService({
    name: 'graph-node',
    command: gnd,
    args: [
      ...['dev', '--manifests', join(folder, 'subgraph.yaml'), '--postgres-url', postgres, '--ipfs', ipfs],
      ...['--ethereum-rpc', `${NETWORK}:${rpc}`, '--http-port', String(port), '--index-node-port', String(index)],
      ...['--admin-port', String(admin), '--metrics-port', String(metrics)],
    ],
    // it does not hear SIGTERM
    signal: 'SIGINT',
    options: {
      cwd: folder,
      env: { ...process.env, ...SETTINGS, POSTGRES_URL: postgres },
    },
    isReady: () => answers(url),
  });
  ledger?.child(service.pid, 'SIGINT');
  return { url, stop: service.stop };
}

/** `GND_BIN`, or the binary of the package for this platform. */
export function gndBinary(): string {
  const given = process.env.GND_BIN;
  if (given) {
    if (existsSync(given)) return given;
    throw missing(`GND_BIN names ${given}, which is not there`);
  }
  const name = `@graphprotocol/gnd-${process.platform}-${process.arch}`;
  try {
    return createRequire(new URL('../../subgraph/package.json', import.meta.url)).resolve(`${name}/bin/gnd`);
  } catch {
    throw missing(`there is no ${name} here, so no graph-node to start`);
  }
}

const missing = (what: string) =>
  new EssaimError('GND_MISSING', what, {
    help: 'set GND_BIN to a gnd 0.45 of your own, run docker compose up instead, or go on without an indexer: only queries need it',
  });

const taken = (port: number) =>
  new EssaimError('STACK_FAILED', `somebody listens on port ${port} already`, { help: 'choose another with --port' });

/** The built manifest for these addresses, beside links to what is the same for every network. */
export function writeBuilt(folder: string, deployment: Places): void {
  const build = join(folder, 'build');
  mkdirSync(build, { recursive: true });
  const link = join(build, 'code');
  if (!existsSync(link)) symlinkSync(BUILD, link);
  const written = manifest(NETWORK, deployment, {
    schema: 'code/schema.graphql',
    mapping: 'code/MielToken/MielToken.wasm',
    abi: (name) => `code/${name}/${name}.json`,
  });
  for (const place of [folder, build]) writeFileSync(join(place, 'subgraph.yaml'), written);
}

async function answers(url: string): Promise<boolean> {
  try {
    const body = JSON.stringify({ query: '{ _meta { block { number } } }' });
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const { data } = (await response.json()) as { data?: { _meta?: unknown } };
    return Boolean(data?._meta);
  } catch {
    return false;
  }
}
