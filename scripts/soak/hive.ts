import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Deployment, Essaim, type Model } from '@essaim/sdk';
import { type HDNodeWallet, JsonRpcProvider, parseEther } from 'ethers';
import { deployProtocol } from '../lib/deploy.ts';
import { saveDeployment } from '../lib/deployment-file.ts';
import { localHands } from '../lib/genesis.ts';
import type { Child, Line } from '../lib/processes.ts';
import { freePorts } from '../stack/ports.ts';
import { Stack } from '../stack/stack.ts';
import type { CheatSettings } from './cheating-provider.ts';
import { type FaultyEndpoint, faultyEndpoint } from './faulty-endpoint.ts';
import { type Hands, handsOf } from './hands.ts';
import type { Kind } from './kinds.ts';
import { modelFile } from './models.ts';
import { Tally } from './tally.ts';

const POLLING = 200;
/** Milliseconds that the chain may take to answer this process: it may be a busy machine. */
const LONGEST_ANSWER = 120_000;
/** MiB that the heap of a daemon may have: one that keeps too much ends, and one that does not collects early. */
export const HEAP = 256;
/** Milliseconds after which a daemon that ended is started again. */
const REVIVAL = 1_000;
const MODELS = ['perceptron', 'convolutions', 'wide'] as const satisfies Kind['model'][];
export const ROYALTY = parseEther('0.5');

export interface HiveOptions {
  readonly providers: number;
  readonly jobs: number;
  readonly seed: number;
  /** Share of the daemons' requests to the chain that something happens to. */
  readonly faults: number;
  /** A folder that each daemon's lines go to. */
  readonly logs?: string;
}

/** A daemon and the process that runs it now. */
export interface Daemon {
  readonly name: string;
  readonly sort: 'provider' | 'cheat' | 'verifier' | 'monitor';
  readonly args: readonly string[];
  child?: Child;
  /** It ends because it was told to. */
  isEnding: boolean;
}

/** Chain, storage, contracts, models and daemons of a soak, each a process of its own. */
export class Hive {
  readonly folder = mkdtempSync(join(tmpdir(), 'essaim-soak-'));
  readonly tally = new Tally();
  readonly daemons: Daemon[] = [];
  readonly planFile = join(this.folder, 'plan.jsonl');
  readonly #options: HiveOptions;
  #isClosing = false;
  /** How often a daemon ended by itself and was started again, as a supervisor does. */
  revivals = 0;
  #stack!: Stack;
  #deploymentFile = '';
  chain!: JsonRpcProvider;
  hands!: Hands;
  deployment!: Deployment;
  endpoint!: FaultyEndpoint;
  models!: Record<Kind['model'], Model>;
  requester!: Essaim;
  /** From which on daemons may have sent something. */
  firstBlock = 0;
  /** What each provider staked, in wei. */
  stake = 0n;
  /** What the requester had, in wei. */
  purse = 0n;

  constructor(options: HiveOptions) {
    this.#options = options;
  }

  /** Starts chain and storage and deploys, before the clock runs. */
  async open(): Promise<void> {
    const { providers, jobs, seed, faults } = this.#options;
    this.#stack = await Stack.open();
    const { rpc } = this.#stack;
    this.chain = new JsonRpcProvider(rpc, 31337, { staticNetwork: true, cacheTimeout: -1, pollingInterval: POLLING });
    this.hands = handsOf(this.chain, providers);
    this.deployment = await deployProtocol(this.hands.founder, localHands(this.hands.founder.address));
    this.#deploymentFile = saveDeployment(this.deployment, this.folder);
    this.endpoint = await faultyEndpoint(rpc, { share: faults, seed });
    writeFileSync(this.planFile, '');
    await this.#fund(jobs, providers);
    await this.#publish();
    this.requester = await this.connect(this.hands.requester);
    this.firstBlock = (await this.chain.getBlockNumber()) + 1;
  }

  /** Everybody gets what they need: each further job that a provider holds locks ten MIEL more than the one before. */
  async #fund(jobs: number, providers: number): Promise<void> {
    const { founder, requester, cheat, silent, providers: sellers } = this.hands;
    const held = BigInt(Math.ceil((1.3 * jobs) / providers) + 10);
    const lock = (count: bigint) => parseEther('1000') + count * parseEther('100') + 5n * count * count * 10n ** 18n;
    this.stake = lock(held);
    this.purse = BigInt(jobs + 100) * parseEther('5');
    const cheats = lock(BigInt(Math.ceil(jobs / 100) + 20));
    const { MielToken, JobMarket } = (await this.connect(founder)).contracts;
    const give = async (to: string, amount: bigint) => (await MielToken.transfer(to, amount)).wait();
    for (const { address } of sellers) await give(address, this.stake);
    for (const { address } of [cheat, silent]) await give(address, cheats);
    await give(requester.address, this.purse);
    for (const wallet of sellers) await (await this.connect(wallet)).staking.provide(this.stake);
    for (const wallet of [cheat, silent]) await (await this.connect(wallet)).staking.provide(cheats);
    await (await MielToken.connect(requester).approve(await JobMarket.getAddress(), this.purse)).wait();
  }

  async #publish(): Promise<void> {
    const { models } = await this.connect(this.hands.modeller);
    const made: [string, Model][] = [];
    for (const name of MODELS) {
      const onnx = await modelFile(name);
      const texts = { name, description: 'A model of the soak', licence: 'CC BY 4.0' };
      made.push([name, await models.publish({ onnx, ...texts, price: ROYALTY, token: this.token })]);
    }
    this.models = Object.fromEntries(made) as Record<Kind['model'], Model>;
  }

  get token(): string {
    return this.deployment.addresses.MielToken;
  }

  /** Starts every daemon. */
  async populate(): Promise<void> {
    const { cheat, silent, verifier, providers } = this.hands;
    for (const [i, wallet] of providers.entries())
      await this.#add(`provider ${i + 1}`, 'provider', this.#provider(wallet));
    await this.#add('cheat', 'cheat', this.#cheat(cheat, false));
    await this.#add('silent cheat', 'cheat', this.#cheat(silent, true));
    const [port] = await freePorts(1);
    const patience = ['--patience', '1000', '--listen', `127.0.0.1:${port}`];
    await this.#add('verifier', 'verifier', ['verifier/src/main.ts', 'run', ...this.#flags(verifier), ...patience]);
    const operators = providers.flatMap(({ address }) => ['--operator', address]);
    await this.#add('monitor', 'monitor', [
      ...['verifier/src/monitor/main.ts', 'run', ...this.#places()],
      ...['--verifier', `http://127.0.0.1:${port}`, ...operators],
    ]);
  }

  /** Kills a daemon where it stands and starts it again. */
  async restart(daemon: Daemon): Promise<void> {
    if (daemon.isEnding) return;
    daemon.isEnding = true;
    daemon.child?.process.kill('SIGKILL');
    await this.#start(daemon);
  }

  async #add(name: string, sort: Daemon['sort'], args: string[]): Promise<Daemon> {
    const daemon: Daemon = { name, sort, args, isEnding: false };
    this.daemons.push(daemon);
    await this.#start(daemon);
    return daemon;
  }

  async #start(daemon: Daemon): Promise<void> {
    const { name, sort, args } = daemon;
    const { logs } = this.#options;
    if (logs) mkdirSync(logs, { recursive: true });
    const heard = (line: Line): void => {
      this.tally.note(sort, line);
      if (logs) appendFileSync(join(logs, `${name}.jsonl`), `${JSON.stringify(line)}\n`);
      if (line.event === 'exit' && !daemon.isEnding) this.#revive(daemon);
    };
    daemon.isEnding = true;
    daemon.child = await this.#stack.family
      .start(name, [`--max-old-space-size=${HEAP}`, ...args], heard)
      .catch(() => undefined);
    daemon.isEnding = false;
    if (!daemon.child || daemon.child.process.exitCode !== null) this.#revive(daemon);
  }

  #revive(daemon: Daemon): void {
    if (this.#isClosing) return;
    this.revivals++;
    daemon.isEnding = true;
    setTimeout(() => this.#isClosing || this.#start(daemon), REVIVAL);
  }

  #provider(wallet: HDNodeWallet): string[] {
    return ['provider/src/main.ts', 'run', ...this.#flags(wallet), '--fee', `${this.token}=1`, '--concurrency', '2'];
  }

  #cheat(wallet: HDNodeWallet, silent: boolean): string[] {
    const places = { rpc: this.endpoint.url, deployment: this.#deploymentFile, storage: this.#stack.storage };
    const flags = { ...places, polling: String(POLLING), keyFile: this.#keyFile(wallet) };
    const data = join(this.folder, wallet.address);
    const settings: CheatSettings = { flags, token: this.token, plan: this.planFile, data, silent };
    return ['scripts/soak/cheating-provider.ts', JSON.stringify(settings)];
  }

  #flags(wallet: HDNodeWallet): string[] {
    return [...this.#places(), '--key-file', this.#keyFile(wallet), '--data', join(this.folder, wallet.address)];
  }

  #places(): string[] {
    const where = ['--rpc', this.endpoint.url, '--deployment', this.#deploymentFile];
    return [...where, '--storage', this.#stack.storage, '--polling', String(POLLING)];
  }

  #keyFile({ address, privateKey }: HDNodeWallet): string {
    const file = join(this.folder, `${address}.key`);
    writeFileSync(file, privateKey, { mode: 0o600 });
    return file;
  }

  /** A connection of this process, past the faulty endpoint. */
  connect(wallet: HDNodeWallet): Promise<Essaim> {
    const { rpc, storage } = this.#stack;
    return Essaim.connect({
      ...{ rpc, storage, deployment: this.deployment, signer: () => wallet },
      ...{ pollingInterval: POLLING, timeout: LONGEST_ANSWER },
    });
  }

  /** Processes that run now, those that the daemons stand upon among them. */
  processes(): { name: string; pid: number }[] {
    return this.#stack.family.alive().map(({ name, process: { pid } }) => ({ name, pid: pid! }));
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.requester?.close();
    this.chain?.destroy();
    this.endpoint?.close();
    await this.#stack?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
