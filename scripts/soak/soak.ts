import { ChainClock } from './clock.ts';
import { Hive } from './hive.ts';
import { MarketWatch } from './market.ts';
import { Memory } from './memory.ts';
import { type PlanOptions, planOf } from './plan.ts';
import { type PostedJob, Poster } from './poster.ts';
import type { Progress } from './progress.ts';

export interface SoakOptions extends PlanOptions {
  /** Minutes of chain time in which the jobs are posted. */
  readonly minutes: number;
  /** Share of the daemons' requests to the chain that something happens to. */
  readonly faults: number;
  /** A folder that each daemon's lines go to. */
  readonly logs?: string;
  /** Told to stop: nothing more is posted, and what was is brought to its end. */
  readonly signal?: AbortSignal;
  readonly progress?: Pick<Progress, 'tell' | 'show'>;
}

/** Milliseconds of real time between blocks, at least and at most. */
const [FASTEST, SLOWEST] = [50, 1_000];
/** Jobs under way for each provider, above which posting waits. */
const UNDER_WAY = 6;
/** Milliseconds for which nothing may go on before the soak gives up. */
const PATIENCE = 120_000;

/** How long each act took, in seconds of real time. */
export type Acts = Record<'posting' | 'draining' | 'clocks' | 'windows' | 'settling', number>;

/** A soak that was played: what is true of it is read from its chain. */
export class Soak {
  readonly hive: Hive;
  readonly memory = new Memory();
  readonly posted: PostedJob[] = [];
  readonly acts: Acts = { posting: 0, draining: 0, clocks: 0, windows: 0, settling: 0 };
  readonly options: SoakOptions;
  readonly #began = performance.now();
  #lag = 0;
  #going = { on: '', since: performance.now() };
  clock!: ChainClock;
  market!: MarketWatch;
  restarts = 0;
  /** Seconds of chain time that posting took. */
  chainSeconds = 0;

  constructor(options: SoakOptions) {
    this.options = options;
    this.hive = new Hive(options);
  }

  async play(): Promise<void> {
    const { hive } = this;
    this.#tell('starting chain, storage and contracts');
    await hive.open();
    this.market = await MarketWatch.open(hive.requester);
    this.clock = new ChainClock(hive.chain, () => Math.min(SLOWEST, FASTEST + 20 * this.#lag));
    await this.clock.start();
    this.#tell(`starting ${hive.hands.providers.length} providers, two cheats, a verifier and a monitor`);
    await hive.populate();
    const looks = setInterval(() => this.#look(), 2_000);
    try {
      await this.#act('posting', () => this.#post());
      await this.#act('draining', () => this.#drain());
      await this.#act('clocks', () => this.#passClocks());
      await this.#act('windows', () => this.#passWindows());
      await this.#act('settling', () => this.#settle());
    } finally {
      clearInterval(looks);
      await this.clock.stop();
    }
  }

  async #act(name: keyof Acts, work: () => Promise<void>): Promise<void> {
    const began = performance.now();
    await work();
    this.acts[name] = (performance.now() - began) / 1_000;
    this.#tell(`${name}: ${this.acts[name].toFixed(1)} s`);
  }

  /** Posts the jobs as the clock says, and kills a provider each minute of it. */
  async #post(): Promise<void> {
    const { jobs, minutes, providers, signal } = this.options;
    const poster = new Poster(this.hive);
    const plan = planOf(this.options);
    const began = this.clock.time;
    const under: Set<Promise<void>> = new Set();
    let next = 0;
    while ((next < jobs || under.size > 0) && !signal?.aborted) {
      await this.market.look();
      const elapsed = this.clock.time - began;
      this.#restart(Math.floor(elapsed / 60));
      const due = Math.min(jobs, Math.ceil((elapsed * jobs) / (60 * minutes)));
      this.#lag = due - next;
      const room = UNDER_WAY * (providers + 1) - this.market.backlog - under.size;
      for (let i = 0; i < room && next < due; i++, next++) {
        const work = poster.post(plan[next]).then((job) => void this.posted.push(job));
        under.add(work);
        work.finally(() => under.delete(work)).catch(() => undefined);
      }
      this.#requireProgress();
      await pause(100);
    }
    await Promise.all(under);
    this.#lag = 0;
    this.chainSeconds = this.clock.time - began;
  }

  /** Kills one provider after the other; the first is left alone, so that its memory can be watched. */
  #restart(minute: number): void {
    const { hive } = this;
    if (minute <= this.restarts) return;
    const daemons = hive.daemons.filter(({ sort }) => sort === 'provider').slice(1);
    const next = daemons[this.restarts % daemons.length];
    if (next.isEnding) return;
    this.restarts++;
    hive.restart(next).catch((error) => this.#tell(String(error)));
  }

  /** Until everything that can be submitted is, and everything but silence is convicted. */
  async #drain(): Promise<void> {
    const loud = this.posted.filter(({ kind }) => kind && kind.name !== 'silence').length;
    await this.#until(() => this.market.backlog === 0 && this.market.rejected >= loud);
  }

  /** A demand's clock, and what shows then: silence. */
  async #passClocks(): Promise<void> {
    const silent = this.posted.filter(({ kind }) => kind?.name === 'silence').length;
    await this.#until(() => this.hive.tally.of('verifier', 'demanded') >= silent);
    const { ProtocolParameters: rules } = this.hive.requester.contracts;
    const { clockSeconds, clockBlocks } = await rules.demandRules(await rules.epoch());
    await this.clock.pass(Number(clockSeconds), Number(clockBlocks));
    const all = this.posted.filter(({ kind }) => kind).length;
    await this.#until(() => this.market.rejected >= all);
  }

  /** The windows, after which the honest withdraw. */
  async #passWindows(): Promise<void> {
    const { ProtocolParameters: rules } = this.hive.requester.contracts;
    const { windowSeconds, windowBlocks } = await rules.claimRules(await rules.epoch());
    await this.clock.pass(Number(windowSeconds), Number(windowBlocks));
    await this.#until(() => this.market.of('Paid') >= this.posted.length - this.market.rejected);
  }

  /** Refunds, and everything that somebody is owed: what is left then in the market is nobody's. */
  async #settle(): Promise<void> {
    const { requester, models, hands, token, deployment } = this.hive;
    const { JobMarket, StakeManager } = requester.contracts;
    for (const { jobId, kind } of this.posted) if (kind) await requester.jobs.refund(jobId);
    for (const { id } of Object.values(models)) {
      if ((await JobMarket.royalties(token, id)) > 0n) await (await JobMarket.collectRoyalty(token, id)).wait();
    }
    const { TimelockController, AuditPool } = deployment.addresses;
    for (const account of [TimelockController, AuditPool]) await (await JobMarket.collect(token, account)).wait();
    await (await JobMarket.burnFees()).wait();
    for (const wallet of [hands.requester, hands.verifier]) {
      const credit = await StakeManager.credit(wallet.address);
      if (credit > 0n) await (await StakeManager.connect(wallet).withdrawCredit()).wait();
    }
    await (await StakeManager.burn()).wait();
    await this.market.look();
  }

  /** Waits while something goes on. */
  async #until(done: () => boolean): Promise<void> {
    for (;;) {
      await this.market.look();
      if (done()) return;
      this.#requireProgress();
      await pause(200);
    }
  }

  /** @throws Error where nothing went on for too long */
  #requireProgress(): void {
    const now = this.#progress();
    if (now !== this.#going.on) this.#going = { on: now, since: performance.now() };
    if (performance.now() - this.#going.since > PATIENCE) throw new Error(`nothing went on any more: ${now}`);
  }

  #look(): void {
    this.memory.look(this.hive.processes(), this.posted.length, (performance.now() - this.#began) / 1_000);
  }

  #progress(): string {
    const { market, hive } = this;
    const text = [
      `${this.posted.length} posted, ${market.of('Accepted')} accepted, ${market.of('Submitted')} submitted`,
      `${hive.tally.of('verifier', 'checked')} checked, ${market.rejected} convicted, ${market.settled} settled`,
      `${this.restarts} restarts, ${hive.revivals} revivals`,
    ].join('; ');
    this.options.progress?.show(text);
    return text;
  }

  #tell(text: string): void {
    this.options.progress?.tell(text);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
