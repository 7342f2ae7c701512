import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { elementCount } from '@essaim/protocol';
import { batchIdOf, type Deployment, Essaim, type Model } from '@essaim/sdk';
import { type ContractTransactionResponse, JsonRpcProvider, parseEther } from 'ethers';
import { loadDigits, modelPath } from '../../models/digits/digits.ts';
import { accounts, type Role } from '../../scripts/demo/accounts.ts';
import type { Settings } from '../../scripts/demo/cheating-provider.ts';
import { deployProtocol } from '../../scripts/lib/deploy.ts';
import { saveDeployment } from '../../scripts/lib/deployment-file.ts';
import { localHands } from '../../scripts/lib/genesis.ts';
import type { Child, Line } from '../../scripts/lib/processes.ts';
import type { Indexer } from '../../scripts/stack/indexer.ts';
import { Stack, type StackOptions } from '../../scripts/stack/stack.ts';
import { inWords } from './patience.ts';

const POLLING = 60;
export const FEE = parseEther('2');
export const STAKE = parseEther('5000');
/** Milliseconds after which a daemon will not say any more what it is expected to. */
const LONGEST_WAIT = 90_000;

/** A daemon of the town and what it said. */
export class Daemon {
  readonly child: Child;
  readonly lines: Line[];
  readonly #waiting: Set<() => void>;

  constructor(child: Child, lines: Line[], waiting: Set<() => void>) {
    this.child = child;
    this.lines = lines;
    this.#waiting = waiting;
  }

  /**
   * The first line with this event (and job) from now or before; rejects when the daemon ends, says that it failed, or
   * says nothing of it for long.
   */
  async heard(event: string, jobId?: string): Promise<Line> {
    const end = performance.now() + LONGEST_WAIT;
    for (;;) {
      const found = this.lines.find((line) => line.event === event && (!jobId || line.jobId === jobId));
      if (found) return found;
      const broken = this.lines.find((line) => line.event === 'exit' || line.event === 'failed');
      if (broken) throw new Error(`no ${event}: ${JSON.stringify(broken)}`);
      const left = end - performance.now();
      if (left < 0) throw new Error(`no ${event} of ${jobId ?? 'any job'}: ${inWords(this.lines.slice(-20))}`);
      await new Promise<void>((wake) => {
        this.#waiting.add(wake);
        setTimeout(wake, left + 1).unref();
      });
    }
  }
}

/** A chain, storage, the protocol and two models, and whatever daemons a test starts: each a process of its own. */
export class Town {
  readonly folder = mkdtempSync(join(tmpdir(), 'essaim-e2e-'));
  #stack!: Stack;
  chain!: JsonRpcProvider;
  deployment!: Deployment;
  models!: Record<'mlp' | 'cnn', Model>;
  rpc = '';
  storage = '';
  #deploymentFile = '';

  static async open(stack?: StackOptions): Promise<Town> {
    const town = new Town();
    town.#stack = await Stack.open(stack);
    town.rpc = town.#stack.rpc;
    town.storage = town.#stack.storage;
    const options = { staticNetwork: true, cacheTimeout: -1, pollingInterval: POLLING };
    town.chain = new JsonRpcProvider(town.rpc, 31337, options);
    const { founder } = accounts(town.chain);
    town.deployment = await deployProtocol(founder, localHands(founder.address));
    town.#deploymentFile = saveDeployment(town.deployment, town.folder);
    const publish = async () => ({ mlp: await town.publish('mlp-b1'), cnn: await town.publish('cnn-b1') });
    [town.models] = await Promise.all([publish(), town.#fund()]);
    return town;
  }

  /** Registers one of the digit models. */
  async publish(name: Parameters<typeof modelPath>[0]): Promise<Model> {
    const { models } = await this.connect('modeller');
    const onnx = new Uint8Array(await readFile(modelPath(name)));
    const token = this.deployment.addresses.MielToken;
    return models.publish({ onnx, name, description: 'Reads digits', licence: 'CC BY 4.0', price: 0n, token });
  }

  async #fund(): Promise<void> {
    const { founder: _, ...others } = accounts(this.chain);
    const { MielToken, JobMarket } = (await this.connect('founder')).contracts;
    const given: ContractTransactionResponse[] = [];
    for (const { address } of Object.values(others)) given.push(await MielToken.transfer(address, parseEther('10000')));
    await Promise.all(given.map((transfer) => transfer.wait()));
    const stake = async (role: Role) => (await this.connect(role)).staking.provide(STAKE);
    const requester = await this.connect('requester');
    const approval = requester.contracts.MielToken.approve(await JobMarket.getAddress(), parseEther('10000'));
    await Promise.all([stake('alice'), stake('bob'), approval.then((sent) => sent.wait())]);
  }

  /** A connection of this test's own process as one of the roles. */
  connect(role: Role): Promise<Essaim> {
    return Essaim.connect({
      rpc: this.rpc,
      deployment: this.deployment,
      storage: this.storage,
      pollingInterval: POLLING,
      signer: (provider) => accounts(provider)[role],
    });
  }

  /** A provider as anybody runs it, but that it sells what its device was not tried on: models here run on any. */
  provider(role: Role, ...more: string[]): Promise<Daemon> {
    const fee = `${this.deployment.addresses.MielToken}=1`;
    const own = ['--key-file', this.keyFile(role), '--fee', fee, '--unqualified', 'take', '--data', this.data(role)];
    return this.#start(role, ['provider/src/main.ts', 'run', ...this.common(), ...own, ...more]);
  }

  /** A provider that cheats. */
  cheat(
    role: Role,
    settings: Pick<Settings, 'cheats' | 'withhold' | 'silent' | 'hideReceipts' | 'trains'>,
  ): Promise<Daemon> {
    const all: Settings = {
      rpc: this.rpc,
      deployment: this.#deploymentFile,
      storage: this.storage,
      keyFile: this.keyFile(role),
      polling: POLLING,
      token: this.deployment.addresses.MielToken,
      data: this.data(role),
      ...settings,
    };
    return this.#start(role, ['scripts/demo/cheating-provider.ts', JSON.stringify(all)]);
  }

  verifier(role: Role = 'verifier', ...more: string[]): Promise<Daemon> {
    const own = ['--key-file', this.keyFile(role), '--data', this.data(`${role}-verifier`), '--patience', '200'];
    return this.#start(role, ['verifier/src/main.ts', 'run', ...this.common(), ...own, ...more]);
  }

  /** Runs a command of the verifier's to its end; the line that it printed. */
  async command(role: Role, name: string, ...more: string[]): Promise<Line> {
    const args = ['verifier/src/main.ts', name, ...this.common(), '--key-file', this.keyFile(role), ...more];
    return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout);
  }

  /** Posts a job of `count` digits for one provider; returns its id. */
  async post(
    model: Model,
    by: Role,
    { count = 1, within, fee = FEE }: { count?: number; within?: number; fee?: bigint } = {},
  ): Promise<string> {
    const { scans } = loadDigits();
    const { jobs } = await this.#requester();
    const { length } = scans[0];
    const shape = { length: elementCount(model.program.inputs[0].type) };
    const pixel = (row: number, at: number) => scans[(row + Math.floor(at / length)) % scans.length][at % length];
    const inputs = Array.from({ length: count }, (_, i) => [Float32Array.from(shape, (_, at) => pixel(7 * i, at))]);
    const run = jobs.run({
      model,
      inputs: count === 1 ? inputs[0] : inputs,
      token: this.deployment.addresses.MielToken,
      fee,
      collateral: parseEther('100'),
      provider: accounts(this.chain)[by].address,
      within,
    });
    for await (const stage of run) if (stage.stage === 'posted') return stage.jobId;
    throw new Error('not posted');
  }

  #buyer?: Promise<Essaim>;
  #requester(): Promise<Essaim> {
    this.#buyer ??= this.connect('requester');
    return this.#buyer;
  }

  /** Lets this much time pass on the chain, in seconds and in blocks of twelve seconds. */
  async pass(seconds: number): Promise<void> {
    await this.chain.send('hardhat_mine', [`0x${Math.ceil(seconds / 12).toString(16)}`]);
    await this.chain.send('evm_increaseTime', [seconds]);
    await this.chain.send('evm_mine', []);
  }

  /** How many transactions these accounts sent from a job's submission, without it, until its batch was rejected. */
  async transactionsToConvict(jobId: string, roles: readonly Role[]): Promise<number> {
    const { Claims, JobMarket } = (await this.connect('requester')).contracts;
    const batchId = batchIdOf(await JobMarket.getAddress(), jobId);
    const [submitted] = await Claims.queryFilter(Claims.filters.Submitted(batchId));
    const [rejected] = await Claims.queryFilter(Claims.filters.Rejected(batchId));
    const senders = new Set(roles.map((role) => accounts(this.chain)[role].address));
    let count = 0;
    for (let number = submitted.blockNumber; number <= rejected.blockNumber; number++) {
      const block = await this.chain.getBlock(number, true);
      for (const { from, index } of block!.prefetchedTransactions) {
        const isBefore = number === submitted.blockNumber && index <= submitted.transactionIndex;
        const isAfter = number === rejected.blockNumber && index > rejected.transactionIndex;
        if (senders.has(from) && !isBefore && !isAfter) count++;
      }
    }
    return count;
  }

  /** Starts an indexer over the town's contracts. */
  index(): Promise<Indexer> {
    return this.#stack.index(this.deployment);
  }

  /** Where the storage node keeps its blocks. */
  get blocks(): string {
    return join(this.#stack.folder, 'ipfs');
  }

  data = (name: string): string => join(this.folder, 'data', name);

  async close(): Promise<void> {
    (await this.#buyer)?.close();
    this.chain?.destroy();
    await this.#stack?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Options of every command: chain, deployment and storage. */
  common(): string[] {
    const where = ['--rpc', this.rpc, '--deployment', this.#deploymentFile, '--storage', this.storage];
    return [...where, '--polling', String(POLLING)];
  }

  /** A file with a role's private key. */
  keyFile(role: Role): string {
    return this.file(`${role}.key`, accounts(this.chain)[role].privateKey);
  }

  /** A file of this town with a secret in it. */
  file(name: string, secret: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, secret, { mode: 0o600 });
    return file;
  }

  /** Starts any daemon: `node <args>`. */
  daemon(role: Role, args: string[]): Promise<Daemon> {
    return this.#start(role, args);
  }

  async #start(name: string, args: string[]): Promise<Daemon> {
    const lines: Line[] = [];
    const waiting = new Set<() => void>();
    const child = await this.#stack.family.start(name, args, (line) => {
      lines.push(line);
      for (const wake of waiting) wake();
      waiting.clear();
    });
    return new Daemon(child, lines, waiting);
  }
}

/** A lie of the size of one step in the first convolution. */
export function lieIn({ program }: Model) {
  const first = program.operators.find(({ name }) => name === 'Conv') ?? program.operators[1];
  const { source } = program.values[first.firstValue];
  return { tensor: 'onnx' in source ? source.onnx : '', element: 20, delta: 1 };
}
