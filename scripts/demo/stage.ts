import { rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Deployment, Essaim, type Model } from '@essaim/sdk';
import { type HDNodeWallet, JsonRpcProvider, parseEther } from 'ethers';
import { loadDigits, modelPath } from '../../models/digits/digits.ts';
import { deployProtocol } from '../lib/deploy.ts';
import { saveDeployment } from '../lib/deployment-file.ts';
import { localHands } from '../lib/genesis.ts';
import type { Line } from '../lib/processes.ts';
import type { Indexer } from '../stack/indexer.ts';
import { Stack } from '../stack/stack.ts';
import { accounts, type Role } from './accounts.ts';
import { type Balances, balancesOf } from './balances.ts';
import type { Settings } from './cheating-provider.ts';
import { advanceClock } from './clock.ts';
import { lookAround } from './look-around.ts';
import type { Progress } from './progress.ts';
import { type TrainingOutcome, type TrainingStage, trainingAct } from './training-act.ts';

/** One job of the demo and what became of it. */
export interface DemoJob {
  jobId: string;
  model: 'mlp' | 'cnn';
  asked: Role;
  scan: number;
  truth: number;
  predicted: number;
  verdict: 'checked' | 'convicted';
  /** To its provider, and to the model's owner. */
  paid: bigint;
  royalty: bigint;
}

export interface Outcome {
  jobs: DemoJob[];
  conviction: Line;
  before: Balances;
  after: Balances;
  addresses: Record<Role, string>;
  /** What the chain recorded of the convictions. */
  proofs: { accusations: number; convictions: number };
  training: TrainingOutcome;
  /** When the jobs were settled and training had not begun. */
  between: Balances;
}

const JOBS = 20;
const POLLING = 60;
const GRANT = parseEther('10000');
const STAKE = parseEther('5000');
const FEE = parseEther('2');
const ROYALTY = parseEther('0.5');
const COLLATERAL = parseEther('100');

/** Where SDK, daemons and people look for deployments; a local chain's is gone when the chain is. */
const DEPLOYMENTS = fileURLToPath(new URL('../../deployments', import.meta.url));

/** Chain, storage, contracts, models and daemons of the demo, each in a process of its own. */
export class Stage {
  readonly #folder: string;
  readonly #progress: Progress;
  #stack?: Stack;
  readonly #heard: Line[] = [];
  #wallets!: Record<Role, HDNodeWallet>;
  #provider!: JsonRpcProvider;
  #requester!: Essaim;
  #deployment!: Deployment;
  #models!: Record<'mlp' | 'cnn', Model>;
  rpc = '';
  storage = '';
  deploymentFile = '';

  constructor(folder: string, progress: Progress) {
    this.#folder = folder;
    this.#progress = progress;
  }

  async open(): Promise<void> {
    this.#progress.step('starting a chain and a storage node');
    this.#stack = await Stack.open();
    this.rpc = this.#stack.rpc;
    this.storage = this.#stack.storage;
    this.#provider = new JsonRpcProvider(this.rpc, 31337, {
      staticNetwork: true,
      cacheTimeout: -1,
      pollingInterval: POLLING,
    });
    this.#wallets = accounts(this.#provider);
    await this.#deploy();
    await this.#fund();
    await this.#publish();
    await this.#startDaemons();
  }

  async #deploy(): Promise<void> {
    const { founder } = this.#wallets;
    this.#deployment = await deployProtocol(founder, localHands(founder.address), (done, of, name) =>
      this.#progress.count(done, of, `deploying ${name}`),
    );
    this.deploymentFile = saveDeployment(this.#deployment, DEPLOYMENTS);
  }

  /** Everybody gets some honey; the providers stake half of theirs. */
  async #fund(): Promise<void> {
    this.#progress.step('handing out MIEL, staking the providers');
    const { founder, ...others } = this.#wallets;
    const { MielToken } = (await this.#connect(founder)).contracts;
    for (const { address } of Object.values(others)) await (await MielToken.transfer(address, GRANT)).wait();
    for (const role of ['alice', 'bob'] as const)
      await (await this.#connect(this.#wallets[role])).staking.provide(STAKE);
    for (const role of ['carol', 'dave'] as const)
      await (await this.#connect(this.#wallets[role])).staking.provide(STAKE, undefined, 'training');
  }

  async #publish(): Promise<void> {
    this.#progress.step('compiling and registering two models');
    const modeller = await this.#connect(this.#wallets.modeller);
    const publish = async (name: 'mlp' | 'cnn', title: string) =>
      modeller.models.publish({
        onnx: new Uint8Array(await readFile(modelPath(`${name}-b1`))),
        name: title,
        description: 'Reads one handwritten digit, 8×8 pixels of 0 to 16',
        licence: 'CC BY 4.0',
        price: ROYALTY,
        token: this.#deployment.addresses.MielToken,
      });
    this.#models = {
      mlp: await publish('mlp', 'Digits, perceptron'),
      cnn: await publish('cnn', 'Digits, convolutions'),
    };
  }

  async #startDaemons(): Promise<void> {
    this.#progress.step('starting two providers and a verifier');
    const lie = { tensor: tensorToChange(this.#models.cnn), element: 201, delta: 1 };
    await Promise.all([
      this.#provide('alice', ['--fee', `${this.#token}=1`]),
      this.#cheat({ ...this.#settings('bob'), cheats: [{ programId: this.#models.cnn.program.id, claim: 2, lie }] }),
      this.#start('verifier', 'verifier/src/main.ts', [
        ...this.#reach('verifier'),
        ...['--data', join(this.#folder, 'verifier'), '--all'],
      ]),
    ]);
  }

  get #token(): string {
    return this.#deployment.addresses.MielToken;
  }

  /** Settings of a provider that cheats; its cheats go with them. */
  #settings(role: Role): Settings {
    const { rpc, storage, deploymentFile: deployment } = this;
    const data = join(this.#folder, role);
    return {
      rpc,
      deployment,
      storage,
      keyFile: this.#keyFile(role),
      data,
      token: this.#token,
      polling: POLLING,
      cheats: [],
    };
  }

  #keyFile(role: Role): string {
    const file = join(this.#folder, `${role}.key`);
    writeFileSync(file, this.#wallets[role].privateKey, { mode: 0o600 });
    return file;
  }

  /** Starts an indexer over all that happened, where this platform has one. */
  index(): Promise<Indexer> {
    return this.#stack!.index(this.#deployment);
  }

  /** Options by which every daemon reaches chain, storage and its account. */
  #reach(role: Role): string[] {
    const where = ['--rpc', this.rpc, '--deployment', this.deploymentFile, '--storage', this.storage];
    return ['run', ...where, '--polling', String(POLLING), '--key-file', this.#keyFile(role)];
  }

  async #start(name: string, script: string, args: readonly string[]): Promise<void> {
    await this.#stack!.family.start(name, [script, ...args], (line) => this.#heard.push(line));
  }

  #provide(role: Role, args: readonly string[]): Promise<void> {
    return this.#start(role, 'provider/src/main.ts', [
      ...this.#reach(role),
      ...['--data', join(this.#folder, role)],
      ...args,
    ]);
  }

  #cheat(settings: Settings): Promise<void> {
    return this.#start('cheat', 'scripts/demo/cheating-provider.ts', [JSON.stringify(settings)]);
  }

  #training(): TrainingStage {
    return {
      ...{ folder: this.#folder, chain: this.#provider, progress: this.#progress, token: this.#token },
      address: (role) => this.#wallets[role].address,
      connect: (role) => this.#connect(this.#wallets[role]),
      settings: (role) => this.#settings(role),
      provide: (role, args) => this.#provide(role, args),
      cheat: (settings) => this.#cheat(settings),
      heard: () => this.#heard,
      until: (...wanted) => this.#until(...wanted),
    };
  }

  /** 20 jobs, each checked; then the clock moves past the window and the money moves. */
  async play(): Promise<Outcome> {
    const addresses = Object.fromEntries(
      Object.entries(this.#wallets).map(([role, { address }]) => [role, address]),
    ) as Record<Role, string>;
    this.#requester = await this.#connect(this.#wallets.requester);
    const before = await balancesOf(this.#requester, addresses);
    const jobs = await this.#buy();
    await this.#until(JOBS, 'checked by the verifier', ({ event }) => event === 'checked' || event === 'convicted');
    this.#progress.step('moving the clock past the claims’ window');
    await advanceClock(this.#provider, this.#requester);
    await this.#until(JOBS - 1, 'paid', ({ event }) => event === 'paid');
    await this.#settle();
    const conviction = this.#heard.find(({ event }) => event === 'convicted')!;
    const outcome = jobs.map((job) => ({
      ...job,
      verdict: conviction.jobId === job.jobId ? ('convicted' as const) : ('checked' as const),
      paid: conviction.jobId === job.jobId ? 0n : FEE,
      royalty: conviction.jobId === job.jobId ? 0n : ROYALTY,
    }));
    const between = await balancesOf(this.#requester, addresses);
    const training = await trainingAct(this.#training());
    const after = await balancesOf(this.#requester, addresses);
    const proofs = await this.#proofs();
    return { jobs: outcome, conviction, before, between, after, addresses, proofs, training };
  }

  /** Posts the jobs one after the other and reads every answer as soon as it is there. */
  async #buy(): Promise<Omit<DemoJob, 'verdict' | 'paid' | 'royalty'>[]> {
    const { scans, labels, heldOut } = loadDigits();
    const { MielToken, JobMarket } = this.#requester.contracts;
    await (await MielToken.approve(await JobMarket.getAddress(), GRANT)).wait();
    let answered = 0;
    const runs = [];
    for (let i = 0; i < JOBS; i++) {
      const scan = heldOut[(i * 17) % heldOut.length];
      const model = i % 2 ? 'cnn' : 'mlp';
      const asked: Role = i % 4 < 2 ? 'alice' : 'bob';
      const run = this.#requester.jobs.run({
        model: this.#models[model],
        inputs: [Float32Array.from(scans[scan])],
        token: this.#deployment.addresses.MielToken,
        fee: FEE,
        collateral: COLLATERAL,
        provider: this.#wallets[asked].address,
      });
      for await (const { stage } of run) if (stage === 'posted') break;
      this.#progress.count(i + 1, JOBS, 'jobs posted');
      runs.push(
        run.then(({ jobId, outputs }) => {
          this.#progress.count(++answered, JOBS, 'answered');
          const digit = outputs[0].find(({ name }) => name === 'digit')!;
          return { jobId, model, asked, scan, truth: labels[scan], predicted: Number(digit.data[0]) } as const;
        }),
      );
    }
    return Promise.all(runs);
  }

  /** The refund of the convicted job, and what is owed to the others. */
  async #settle(): Promise<void> {
    this.#progress.step('refunding the convicted job, collecting fees and royalties');
    const { jobId } = this.#heard.find(({ event }) => event === 'convicted')!;
    await this.#requester.jobs.refund(jobId as string);
    const { JobMarket, Royalties, StakeManager } = this.#requester.contracts;
    const token = this.#deployment.addresses.MielToken;
    for (const { id } of Object.values(this.#models)) {
      await (await JobMarket.collectRoyalty(token, id)).wait();
      await (await Royalties.collect(token, id)).wait();
    }
    const { TimelockController, AuditPool } = this.#deployment.addresses;
    for (const account of [TimelockController, AuditPool]) await (await JobMarket.collect(token, account)).wait();
    for (const role of ['requester', 'verifier'] as const) {
      const { contracts } = await this.#connect(this.#wallets[role]);
      await (await contracts.StakeManager.withdrawCredit()).wait();
    }
    await (await StakeManager.burn()).wait();
  }

  async #proofs(): Promise<Outcome['proofs']> {
    const { Accusations, Referee } = this.#requester.contracts;
    const accusations = await Accusations.queryFilter(Accusations.filters.Accused());
    const convictions = await Referee.queryFilter(Referee.filters.Convicted());
    return { accusations: accusations.length, convictions: convictions.length };
  }

  async #until(count: number, text: string, matches: (line: Line) => boolean): Promise<void> {
    for (;;) {
      const broken = this.#heard.find(({ event }) => event === 'exit' || event === 'failed');
      if (broken) throw new Error(`a daemon failed: ${JSON.stringify(broken)}`);
      const done = this.#heard.filter(matches).length;
      this.#progress.count(done, count, text);
      if (done >= count) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #connect(wallet: HDNodeWallet): Promise<Essaim> {
    return Essaim.connect({
      rpc: this.rpc,
      deployment: this.#deployment,
      storage: this.storage,
      pollingInterval: POLLING,
      signer: () => wallet,
    });
  }

  /** Where everything runs, in one line. */
  get where(): string {
    return `chain ${this.rpc}, storage ${this.storage}`;
  }

  /** What somebody who stays can do here. */
  get lookAround(): string {
    return lookAround({
      rpc: this.rpc,
      storage: this.storage,
      deploymentFile: this.deploymentFile,
      market: this.#deployment.addresses.JobMarket,
      model: this.#models.cnn.manifest.onnx,
      keyFile: join(this.#folder, 'alice.key'),
    });
  }

  async close(): Promise<void> {
    if (this.deploymentFile) rmSync(this.deploymentFile, { force: true });
    this.#provider?.destroy();
    await this.#stack?.close();
  }
}

/** The first convolution's output: an inner value, far from the answer. */
function tensorToChange({ program }: Model): string {
  const first = program.operators.find(({ name }) => name === 'Conv')!;
  const { source } = program.values[first.firstValue];
  return 'onnx' in source ? source.onnx : '';
}
