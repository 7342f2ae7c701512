import { byteLength, EssaimError, type Program } from '@essaim/protocol';
import { commitInputs, type Tracer, type Within } from '@essaim/runtime';
import type { Essaim } from '@essaim/sdk';
import { describeFailure } from '@essaim/sdk/node';
import type { About, Accepted, Earned, Opened } from '../lending/wire.ts';
import { checkRate } from './check-rate.ts';
import { Desk, type Given, type Returned, type Work } from './desk.ts';
import type { SponsorEvent } from './events.ts';
import { readResult, runAgain } from './judge-result.ts';
import type { LenderLedger } from './ledger.ts';
import { openSession } from './open-session.ts';
import { FUNDED_AFTER, LONGEST, MODEL_BYTES, SESSIONS, type SponsorPolicy, TRACE_BYTES } from './policy.ts';
import type { Session } from './session.ts';
import { Treasury } from './treasury.ts';

export interface SponsorParts {
  readonly essaim: Essaim;
  readonly policy: SponsorPolicy;
  readonly ledger: LenderLedger;
  /** Runs what no tab does, and what is run again. */
  readonly own: Tracer;
  readonly say: (event: SponsorEvent) => void;
  /** Milliseconds that a tab may take for one execution. */
  readonly lease?: number;
  /** From 0 to 1, to draw what is run again. */
  readonly random?: () => number;
}

/** Milliseconds that an execution waits for tabs where nobody says how long. */
const PATIENCE = 60_000;
/** Milliseconds for which a session waits for its tab to come back. */
const ABANDONED = 120_000;

/**
 * An operator whose stake stands behind what tabs compute: it hands out executions, takes whole traces back, runs some of
 * them again, and pays by vouchers. What it submits it has on its own disk, and in its own name.
 */
export class Sponsor {
  readonly about: About;
  readonly #parts: SponsorParts;
  readonly #desk: Desk;
  readonly #treasury: Treasury;
  readonly #sessions = new Map<string, Session>();

  private constructor(parts: SponsorParts, about: About) {
    this.about = about;
    this.#parts = parts;
    this.#desk = new Desk((session, why) => this.#returned(session, why), parts.lease);
    this.#treasury = new Treasury(parts.essaim, parts.policy, parts.say);
  }

  static async open(parts: SponsorParts): Promise<Sponsor> {
    const { essaim, policy } = parts;
    return new Sponsor(parts, {
      kind: 'essaim/sponsor/1',
      sponsor: await essaim.signer!.getAddress(),
      chainId: essaim.deployment.chainId,
      vouchers: await essaim.contracts.Vouchers.getAddress(),
      token: policy.token,
      pay: String(policy.pay),
      modelBytes: MODEL_BYTES,
      traceBytes: TRACE_BYTES,
      fundedAfter: FUNDED_AFTER,
      longest: LONGEST,
    });
  }

  get desk(): Desk {
    return this.#desk;
  }

  /** A tracer that has tabs do what they may, in the time that there is, and does the rest itself. */
  tracer(): Tracer {
    const { own } = this.#parts;
    const trace = async (...execution: Parameters<Tracer>) => {
      const [program, onnx, inputs, known, within] = execution;
      const given = await this.lend('job', program, onnx, inputs, within);
      return given?.trace ?? own(program, onnx, inputs, known, within);
    };
    return Object.assign(trace, { remake: own.remake });
  }

  /** Has a tab run an exact program; null if none did. `claimed`: the trace root that somebody says it has. */
  async lend(
    what: Work['what'],
    program: Program,
    onnx: Uint8Array,
    inputs: readonly Uint8Array[],
    { until = Date.now() + PATIENCE, signal }: Within = {},
    claimed?: string,
  ): Promise<Given | null> {
    const traceBytes = program.values.reduce(
      (sum, { type }, i) => sum + (program.boundary[i] ? byteLength(type) : 0),
      0,
    );
    const fits = program.exact && onnx.length <= MODEL_BYTES && traceBytes <= TRACE_BYTES;
    const time = until - Date.now();
    this.#sweep();
    if (!fits || time <= 0) return null;
    const { root } = commitInputs(program, inputs);
    const ends = AbortSignal.timeout(Math.min(time, 2 ** 31 - 1));
    const given = await this.#desk.offer({
      ...{ what, program, onnx, inputs, inputsRoot: root, traceBytes, claimed },
      signal: signal ? AbortSignal.any([ends, signal]) : ends,
    });
    signal?.throwIfAborted();
    if (given)
      this.#parts.say({ event: 'lent', payee: given.payee, what, programId: program.id, checked: given.checked });
    return given;
  }

  /** Opens a session for what a tab sent. LENDING_REFUSED, LENDING_UNAUTHORISED, LENDER_BARRED, SPONSOR_FULL */
  async open(body: unknown, address: string): Promise<Opened> {
    const { vouchers, chainId, sponsor, token } = this.about;
    const session = await openSession(body, { place: { chainId, vouchers }, sponsor, token }, address);
    this.#sweep();
    this.#requireWelcome(session);
    const { digest, bearer } = session.opener;
    // one line for each key: a page that lost its own comes again
    for (const old of this.#sessions.values()) if (old.opener.digest === digest) this.close(old);
    this.#requireRoom(session);
    this.#sessions.set(bearer, session);
    this.#parts.say({ event: 'lender-joined', payee: session.payee });
    return { bearer, ...(await this.#earned(session)) };
  }

  /** The session that a bearer names. SESSION_UNKNOWN */
  session(bearer: string): Session {
    const session = this.#sessions.get(bearer);
    if (session) return session;
    throw new EssaimError('SESSION_UNKNOWN', 'this session has ended', {
      help: 'open it again with the same authorisation',
    });
  }

  /** Ends a session, its task goes to another. */
  close(session: Session, end?: EssaimError): void {
    if (!this.#sessions.delete(session.opener.bearer)) return;
    if (end) {
      this.#desk.drop(session);
      session.tell({ line: 'end', code: end.code, message: end.message });
    } else this.#desk.leave(session);
    session.disconnect();
    this.#parts.say({ event: 'lender-left', payee: session.payee });
  }

  /** Takes the result of a task. LENT_LATE, LENT_MALFORMED, LENT_WRONG, LENDING_OVER */
  async accept(session: Session, id: string, body: Uint8Array): Promise<Accepted> {
    const { ledger, policy, own, random = Math.random } = this.#parts;
    const task = this.#desk.brought(session, id);
    if (!task) throw new EssaimError('LENT_LATE', 'this task went to another', { help: 'wait for the next one' });
    const { payee, opener } = session;
    try {
      const trace = await readResult(id, task.work, opener, body);
      const { claimed } = task.work;
      const drawn = random() < checkRate(ledger.lender(payee), policy.leastChecked);
      // who agrees with a claim is taken at its word, who does not never
      const checked = claimed ? trace.traceRoot !== claimed : drawn;
      if (checked) await runAgain(trace, task.work, own);
      await ledger.credit(payee, opener.digest, policy.pay);
      this.#desk.finish(task, { trace, payee, checked });
      this.#treasury.back(payee, ledger.lender(payee));
      const accepted = { checked, ...(await this.#earned(session)) };
      this.#endIfOver(session);
      return accepted;
    } catch (error) {
      if (error instanceof EssaimError && /^LENT_/.test(error.code)) await this.#refuse(session, error);
      throw error;
    }
  }

  /** Ends every session and waits for what is being paid in. */
  async stop(): Promise<void> {
    const end = new EssaimError('SPONSOR_STOPPED', 'the sponsor stops', { help: 'come again later' });
    for (const session of [...this.#sessions.values()]) this.close(session, end);
    await this.#treasury.settled();
  }

  async #refuse(session: Session, error: EssaimError): Promise<void> {
    const { ledger, say } = this.#parts;
    const { payee } = session;
    if (error.code === 'LENT_WRONG') {
      await ledger.bar(payee, error.message);
      say({ event: 'barred', payee, ...describeFailure(error) });
      const all = [...this.#sessions.values()].filter((other) => other.payee === payee);
      for (const other of all) this.close(other, error);
      return;
    }
    await ledger.fail(payee);
    say({ event: 'took-back', payee, ...describeFailure(error) });
    this.close(session, error);
  }

  async #returned(session: Session, why: Returned): Promise<void> {
    const { payee } = session;
    if (why === 'gone') {
      this.#parts.say({ event: 'took-back', payee, code: 'LENDER_GONE', message: 'the tab went away' });
      return;
    }
    const slow = new EssaimError('LENT_LATE', 'a task was not done in its time', {
      help: 'lend a device that is less busy',
    });
    await this.#refuse(session, slow);
  }

  async #earned({ payee, opener }: Session): Promise<Earned> {
    const { ledger } = this.#parts;
    const { earned } = ledger.lender(payee);
    const voucher = earned > 0n ? await this.#treasury.voucher(payee, earned) : null;
    return {
      cumulative: String(earned),
      session: String(ledger.earnedBy(opener.digest)),
      signature: voucher?.signature ?? null,
    };
  }

  /** Ends sessions whose time is over, and those that nobody came back to. */
  #sweep(): void {
    for (const session of [...this.#sessions.values()]) {
      if (session.isAbandoned(ABANDONED)) this.close(session);
      else if (!session.task) this.#endIfOver(session);
    }
  }

  #endIfOver(session: Session): void {
    const over = this.#over(session);
    if (over) this.close(session, over);
  }

  /** Why a session earns no more, if so. */
  #over({ opener: { digest, authorisation } }: Session): EssaimError | null {
    const { ledger, policy } = this.#parts;
    const help = 'authorise a new session';
    if (ledger.earnedBy(digest) + policy.pay > authorisation.maximum)
      return new EssaimError('LENDING_OVER', 'the session earned what it may', { help });
    if (authorisation.until * 1_000 <= Date.now())
      return new EssaimError('LENDING_OVER', 'the session’s time is over', { help });
    return null;
  }

  #requireWelcome(session: Session): void {
    const { barred } = this.#parts.ledger.lender(session.payee);
    if (barred)
      throw new EssaimError('LENDER_BARRED', `this sponsor takes no more of ${session.payee}: ${barred}`, {
        help: 'check the device: what is exact comes out the same on every one',
      });
    const over = this.#over(session);
    if (over) throw over;
  }

  #requireRoom({ payee, opener }: Session): void {
    const all = [...this.#sessions.values()];
    const ofPayee = all.filter((session) => session.payee === payee).length;
    const ofAddress = all.filter((session) => session.opener.address === opener.address).length;
    if (all.length < SESSIONS.all && ofPayee < SESSIONS.payee && ofAddress < SESSIONS.address) return;
    throw new EssaimError('SPONSOR_FULL', 'this sponsor has no room for one more tab', {
      help: 'try again later, or another sponsor',
    });
  }
}
