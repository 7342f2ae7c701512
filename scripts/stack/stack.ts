import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, Family } from '../lib/processes.ts';
import type { Places } from '../subgraph/manifest.ts';
import { type Indexer, startIndexer } from './indexer.ts';
import type { Ledger } from './ledger.ts';
import { type Database, startPostgres } from './postgres.ts';

/** Ports of a stack; any free ones where none are named. */
export interface StackOptions {
  ports?: { chain?: number; storage?: number; indexer?: number };
  /** Web origins whose pages may use the storage node, such as `http://127.0.0.1:5173`. */
  origins?: readonly string[];
  /** Where it notes what it started, for a stack that has to survive being killed. */
  ledger?: Ledger;
}

/**
 * A local chain and an IPFS node, each a process of its own, and once contracts are deployed an indexer over them.
 * `RPC_URL`, `IPFS_API`, `POSTGRES_URL` and `GND_BIN` name real ones instead.
 */
export class Stack {
  readonly folder = mkdtempSync(join(tmpdir(), 'essaim-stack-'));
  readonly family = new Family();
  readonly #options: StackOptions;
  #database?: Database;
  #indexer?: Indexer;
  rpc = '';
  storage = '';

  private constructor(options: StackOptions) {
    this.#options = options;
  }

  /** Chain and storage; nothing of them is left once it is closed. */
  static async open(options: StackOptions = {}): Promise<Stack> {
    const stack = new Stack(options);
    const { ports, ledger, origins = [] } = options;
    ledger?.folder(stack.folder);
    const { RPC_URL, IPFS_API } = process.env;
    const ipfs = join(stack.folder, 'ipfs');
    try {
      [stack.rpc, stack.storage] = await Promise.all([
        RPC_URL ?? stack.#start('chain', ['scripts/local/chain.ts', String(ports?.chain ?? 0)]),
        IPFS_API ??
          stack.#start('storage', [
            ...['storage/src/node/main.ts', '--dir', ipfs, '--port', String(ports?.storage ?? 0)],
            ...origins.flatMap((origin) => ['--origin', origin]),
          ]),
      ]);
    } catch (error) {
      await stack.close();
      throw error;
    }
    return stack;
  }

  /** Starts Postgres and graph-node over these contracts; an indexer that runs already is replaced. */
  async index(deployment: Places): Promise<Indexer> {
    const { ledger, ports } = this.#options;
    await this.#indexer?.stop();
    this.#indexer = undefined;
    this.#database ??= await startPostgres(ledger);
    this.#indexer = await startIndexer({
      rpc: this.rpc,
      ipfs: this.storage,
      postgres: this.#database.url,
      deployment,
      folder: mkdtempSync(join(this.folder, 'subgraph-')),
      port: ports?.indexer,
      ledger,
    });
    return this.#indexer;
  }

  /** Stops the indexer before its database, and the chain last: graph-node hangs where Postgres ends first. */
  async close(): Promise<void> {
    await this.#indexer?.stop();
    await this.#database?.stop();
    await this.family.stop();
    rmSync(this.folder, { recursive: true, force: true });
    this.#options.ledger?.close();
  }

  async #start(name: string, args: string[]): Promise<string> {
    const { process: child, ready }: Child = await this.family.start(name, args);
    this.#options.ledger?.child(child.pid!, 'SIGTERM');
    return ready.url as string;
  }
}
