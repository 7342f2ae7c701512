import { EssaimError, toHex } from '@essaim/protocol';
import { TraceWorker } from '@essaim/runtime/browser';
import { type Essaim, pause, type Voucher } from '@essaim/sdk';
import { type Authorisation, authorisationDigest, keyName, signAuthorisation } from '../lending/authorisation.ts';
import { makeSessionKey, openingMessage, type SessionKey } from '../lending/result.ts';
import type { About, Assignment, Earned } from '../lending/wire.ts';
import { batteryOf, Conditions, type RestRules } from './conditions.ts';
import { WATTS, wattHours } from './energy.ts';
import { execute, Models } from './execute.ts';
import { BEGINNING, type Notice, type Progress } from './progress.ts';
import { SponsorClient } from './sponsor-client.ts';
import { type Shelf, VoucherBook } from './voucher-book.ts';

/** What a person allows. */
export interface LendLimits extends RestRules {
  readonly hours: number;
  /** Most that this session may earn, in the token's smallest unit. */
  readonly amount: bigint;
}

export interface LendOptions {
  /** Address of the sponsor's service. */
  readonly sponsor: string;
  /** Connected with the person's wallet: it signs once, and is paid. It may be closed once it has begun. */
  readonly essaim: Essaim;
  readonly limits: LendLimits;
  /** Told of every change. */
  readonly onProgress: (progress: Progress) => void;
  /** Watts of one busy core, for the estimate. */
  readonly watts?: number;
  /** Keeps vouchers. Default: localStorage. */
  readonly shelf?: Shelf;
}

/** Errors after which no other try helps. */
const FINAL = new Set([
  ...['LENDING_OVER', 'LENDING_REFUSED', 'LENDING_UNAUTHORISED', 'LENDER_BARRED', 'LENT_WRONG', 'VOUCHER_FORGED'],
  ...[
    'VOUCHER_SHORT',
    'ORIGIN_REFUSED',
    'SPONSOR_MODEL',
    'SPONSOR_INPUTS',
    'SPONSOR_TOO_LARGE',
    'SPONSOR_BYTES',
    'WORKER_ENDED',
  ],
]);
const LONGEST_PAUSE = 30_000;
/** Milliseconds that what is being done may still take after a stop. */
const LINGER = 20_000;
/** Milliseconds that an answer may come after the sponsor ended the session. */
const ANSWER = 5_000;

/** A tab that works for a sponsor within limits that its person set. */
export class Lending {
  readonly about: About;
  readonly authorisation: Authorisation;
  readonly #options: LendOptions;
  readonly #client: SponsorClient;
  readonly #signature: string;
  readonly #key: SessionKey;
  readonly #conditions: Conditions;
  readonly #book: VoucherBook;
  readonly #worker = new TraceWorker();
  readonly #models = new Models(this.#worker);
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #progress: Progress;
  #stopping = false;
  #isOpen = false;
  /** Whether a session was of use since it was opened. */
  #wasOpen = false;
  #task?: Promise<void>;

  private constructor(
    options: LendOptions,
    parts: { about: About; authorisation: Authorisation; signature: string; key: SessionKey; conditions: Conditions },
    client: SponsorClient,
  ) {
    const { essaim, shelf = localStorage } = options;
    this.about = parts.about;
    this.authorisation = parts.authorisation;
    this.#options = options;
    this.#client = client;
    this.#signature = parts.signature;
    this.#key = parts.key;
    this.#conditions = parts.conditions;
    this.#book = new VoucherBook(essaim.deployment.chainId, shelf);
    const { sponsor: payer, payee, token, until } = parts.authorisation;
    this.#progress = { ...BEGINNING, until, voucher: this.#book.best({ payer, payee, token }) };
    this.#ended = this.#run();
  }

  /**
   * Asks the sponsor, has the wallet sign, and begins. SPONSOR_URL, SPONSOR_UNREACHABLE, SPONSOR_UNKNOWN, SPONSOR_ELSEWHERE,
   * LENDING_LIMITS, WALLET_MISSING; what the wallet throws when its person refuses.
   */
  static async start(options: LendOptions): Promise<Lending> {
    const { essaim, limits, onProgress } = options;
    const { signer, deployment, contracts } = essaim;
    if (!signer)
      throw new EssaimError('WALLET_MISSING', 'lending needs an account to be paid', { help: 'connect a wallet' });
    onProgress(BEGINNING);
    const client = new SponsorClient(options.sponsor);
    const about = await client.about();
    const vouchers = await contracts.Vouchers.getAddress();
    if (about.chainId !== deployment.chainId || about.vouchers !== vouchers) {
      throw new EssaimError('SPONSOR_ELSEWHERE', 'this sponsor pays on another chain or by another contract', {
        help: 'lend to one that works with this deployment',
      });
    }
    if (!(limits.hours > 0 && limits.hours * 3_600 <= about.longest) || limits.amount < BigInt(about.pay)) {
      throw new EssaimError('LENDING_LIMITS', 'these limits allow no work, or more time than the sponsor takes', {
        help: `allow at least the pay of one execution, and at most ${about.longest / 3_600} hours`,
      });
    }
    const key = await makeSessionKey();
    const authorisation: Authorisation = {
      sponsor: about.sponsor,
      payee: await signer.getAddress(),
      token: about.token,
      key: keyName(key.publicKey),
      maximum: limits.amount,
      until: Math.floor(Date.now() / 1_000 + limits.hours * 3_600),
    };
    onProgress({ ...BEGINNING, state: 'signing' });
    const signature = await signAuthorisation(signer, { chainId: about.chainId, vouchers }, authorisation);
    const conditions = new Conditions(limits, await batteryOf());
    return new Lending(options, { about, authorisation, signature, key, conditions }, client);
  }

  get progress(): Progress {
    return this.#progress;
  }

  /** Resolves once it is stopped, whyever. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Takes no more work; what is being done is handed in first. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#progress.state !== 'stopped') this.#tell({ state: 'stopping' });
    const task = this.#task?.catch(() => undefined);
    if (task) await Promise.race([task, pause(LINGER)]);
    this.#stop.abort(new DOMException('lending was stopped', 'AbortError'));
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    let wait = 1_000;
    while (!signal.aborted) {
      try {
        await this.#conditions.rested(signal, (rest) => this.#tell({ state: 'resting', rest }));
        if (signal.aborted) break;
        await this.#work(this.#conditions.working(signal));
        wait = 1_000;
      } catch (error) {
        if (signal.aborted) break;
        if (this.#conditions.rest) continue;
        const notice = noticeOf(error);
        if (notice.code === 'SESSION_UNKNOWN' && this.#wasOpen) {
          // it rested, or was away, for so long that the sponsor forgot it: the same authorisation opens another
          this.#wasOpen = false;
          continue;
        }
        if (FINAL.has(notice.code)) {
          this.#tell({ notice });
          break;
        }
        this.#tell({ state: 'away', notice });
        await pause(wait, signal).catch(() => undefined);
        wait = Math.min(2 * wait, LONGEST_PAUSE);
      }
    }
    await this.#close();
  }

  /** One line to the sponsor, for as long as it holds. */
  async #work(signal: AbortSignal): Promise<void> {
    await this.#open();
    this.#tell({ state: 'waiting', rest: null, notice: null });
    const line = new AbortController();
    const ends = AbortSignal.any([signal, line.signal]);
    try {
      for await (const told of this.#client.work(ends)) {
        this.#wasOpen = true;
        if (told.line === 'end') {
          // the answer to what was handed in may still be on its way
          await Promise.race([this.#task, pause(ANSWER)]);
          throw new EssaimError(told.code, told.message, { help: 'the sponsor ended this session' });
        }
        if (told.line === 'task' && !this.#stopping) {
          const doing = this.#do(told.task, ends).catch((error) => line.abort(error));
          this.#task = doing;
        }
      }
    } catch (error) {
      this.#isOpen = this.#isOpen && !(error instanceof EssaimError && error.code !== 'SPONSOR_UNREACHABLE');
      throw error;
    }
    throw new EssaimError('SPONSOR_UNREACHABLE', 'the sponsor closed the line', { help: 'it is tried again' });
  }

  async #do(task: Assignment, signal: AbortSignal): Promise<void> {
    this.#tell({ state: 'working' });
    const parts = { client: this.#client, worker: this.#worker, models: this.#models, key: this.#key };
    try {
      const { accepted, traced } = await execute(task, parts, signal);
      const voucher = await this.#voucherOf(accepted);
      const { jobs, checks, seconds } = this.#progress;
      const worked = seconds + traced.milliseconds / 1_000;
      this.#tell({
        ...(task.what === 'job' ? { jobs: jobs + 1 } : { checks: checks + 1 }),
        ...{ voucher, seconds: worked, wattHours: wattHours(worked, this.#options.watts ?? WATTS) },
        earned: BigInt(accepted.session),
        state: 'waiting',
      });
    } catch (error) {
      this.#tell({ lost: this.#progress.lost + 1, ...(signal.aborted ? {} : { state: 'waiting' }) });
      // somebody else has it now: the next one comes over the same line
      if (error instanceof EssaimError && error.code === 'LENT_LATE') return;
      throw error;
    }
  }

  /** The voucher for what was earned. VOUCHER_FORGED, VOUCHER_SHORT where it is not what the sponsor said it pays. */
  async #voucherOf({ cumulative, session, signature }: Earned): Promise<Voucher> {
    const { sponsor: payer, payee, token } = this.authorisation;
    const voucher = { payer, payee, token, cumulative: BigInt(cumulative), signature: signature ?? '0x' };
    await this.#options.essaim.vouchers.check(voucher);
    const before = this.#progress.voucher?.cumulative ?? 0n;
    if (voucher.cumulative < before + BigInt(this.about.pay) || BigInt(session) <= this.#progress.earned) {
      throw new EssaimError('VOUCHER_SHORT', 'the sponsor’s voucher is less than what it said it pays', {
        help: 'claim what you have, and lend to another sponsor',
      });
    }
    this.#book.keep(voucher);
    return voucher;
  }

  async #open(): Promise<void> {
    if (this.#isOpen) return;
    const { chainId, vouchers } = this.about;
    const { authorisation } = this;
    const time = Date.now();
    const proof = await this.#key.sign(openingMessage(authorisationDigest({ chainId, vouchers }, authorisation), time));
    const opened = await this.#client.open({
      authorisation: { ...authorisation, maximum: String(authorisation.maximum) },
      signature: this.#signature,
      publicKey: toHex(this.#key.publicKey),
      time,
      proof: toHex(proof),
    });
    this.#isOpen = true;
    if (opened.signature === null) return;
    const { sponsor: payer, payee, token } = authorisation;
    const voucher = { payer, payee, token, cumulative: BigInt(opened.cumulative), signature: opened.signature };
    await this.#options.essaim.vouchers.check(voucher);
    this.#book.keep(voucher);
    this.#tell({ voucher: this.#book.best(voucher), earned: BigInt(opened.session) });
  }

  async #close(): Promise<void> {
    this.#conditions.close();
    this.#worker.close();
    if (this.#isOpen) await this.#client.close().catch(() => undefined);
    this.#tell({ state: 'stopped', rest: null });
  }

  #tell(changed: Partial<Progress>): void {
    if (this.#progress.state === 'stopped') return;
    const state = this.#stopping && changed.state && changed.state !== 'stopped' ? 'stopping' : changed.state;
    this.#progress = { ...this.#progress, ...changed, state: state ?? this.#progress.state };
    this.#options.onProgress(this.#progress);
  }
}

const noticeOf = (error: unknown): Notice =>
  error instanceof EssaimError
    ? { code: error.code, message: error.message, help: error.help }
    : { code: 'LENDING_FAILED', message: String((error as Error)?.message ?? error), help: 'it is tried again' };
