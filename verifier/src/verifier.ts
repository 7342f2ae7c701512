import { EssaimError, type Program } from '@essaim/protocol';
import type { Tracer } from '@essaim/runtime';
import { batchIdOf, ClaimState, type Essaim, findTerms } from '@essaim/sdk';
import { atOneBlock, batchState, type Failure, watch } from '@essaim/sdk/node';
import type { Block } from 'ethers';
import { Agenda, type Check } from './agenda.ts';
import type { Due } from './backlog.ts';
import { type Case, type Desk, openCase, type Submitted } from './case.ts';
import type { CaseBudget } from './case-budget.ts';
import { claimsOf } from './claims.ts';
import type { Consent } from './consent.ts';
import { collect, convict } from './convict.ts';
import { Unanswered } from './demand.ts';
import { docketOf } from './docket.ts';
import type { VerifierEvent } from './events.ts';
import { type Look, looker } from './fleet/look.ts';
import { convictable, type Outlook } from './horizon.ts';
import { Lanes } from './lanes.ts';
import { Places, type Rest } from './places.ts';
import type { Met } from './policy/attention.ts';
import { Eye } from './policy/eye.ts';
import { barShown, barUnjudged } from './program.ts';
import type { Purse } from './purse.ts';
import { Submissions } from './submissions.ts';
import { RunVerifier } from './training/run-verifier.ts';
import type { Sampling } from './training/sampling.ts';
import { tryClaim } from './trial.ts';

/** Checks under way at once, less those that wait for content or for answers on chain. */
const AT_ONCE = 64;

/** Milliseconds that content may take to spread. */
export const PATIENCE = 600_000;

/** Nobody here could compile what a programId names. */
const PROGRAM_UNKNOWN = /^(MODEL_MISMATCH|MANIFEST_INVALID|ONNX_|JUDGE_|PROGRAM_)/;

export interface VerifierOptions {
  /** Milliseconds that content may take to spread before it is demanded on chain; ten minutes by default. */
  readonly patience?: number;
  /** Bounds the bonds of demands; without one they have no bound. */
  readonly purse?: Purse;
  /** Bounds what one case may cost; without one it has no bound. */
  readonly budget?: CaseBudget;
  /** Which steps of rounds of training are run again; four by default. */
  readonly sampling?: Sampling;
  /** Asked before anything is done in the account's name; without it everything is. */
  readonly consent?: Consent;
  /** Chooses what is looked at; without it everything is. */
  readonly eye?: Eye;
  /** Where executions take turns, instead of one at a time. */
  readonly lanes?: Lanes;
  /** Says which claims of a submission have to be tried; by running all of them here unless given. */
  readonly look?: Look;
  /** Keys of sealed jobs that were handed over, by job. */
  readonly keys?: ReadonlyMap<string, string>;
}

/** A submission that waits to be checked. */
interface Waiting extends Submitted {
  readonly due: Due;
  readonly met: Met;
}

/** Re-executes submitted claims and convicts the wrong ones. What it does next follows from the chain alone. */
export class Verifier {
  readonly #desk: Desk;
  readonly #eye: Eye;
  readonly #lanes: Lanes;
  readonly #agenda: Agenda;
  /** Read from the chain, and not met yet. */
  readonly #arrived: Submitted[] = [];
  readonly #places = new Places(AT_ONCE);
  readonly #judged = new Set<string>();
  readonly #look: Look;
  readonly #runs: RunVerifier;
  readonly #outlook: Outlook;
  readonly #submissions: Submissions;

  constructor(
    essaim: Essaim,
    trace: Tracer,
    say: (event: VerifierEvent) => void = () => {},
    {
      patience = PATIENCE,
      purse,
      budget,
      sampling = { all: false, steps: 4 },
      consent,
      eye = new Eye(essaim),
      lanes = new Lanes(trace, 1, eye.timed),
      look,
      keys,
    }: VerifierOptions = {},
  ) {
    this.#eye = eye;
    this.#lanes = lanes;
    this.#desk = { essaim, trace, say, patience, purse, budget, consent, keys };
    this.#look = look ?? looker(this.#desk);
    this.#agenda = new Agenda({ eye, width: lanes.width, say, firstPause: essaim.pollingInterval });
    this.#outlook = convictable(essaim);
    this.#submissions = new Submissions(essaim, this.#outlook);
    this.#runs = new RunVerifier(this.#desk, { sampling, eye, lanes, outlook: this.#outlook, agenda: this.#agenda });
  }

  /** Works until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { essaim, say } = this.#desk;
    const tell = (failure: Failure) => say({ event: 'chain', ...failure });
    const jobs = watch((until) => this.cycle(until), essaim.pollingInterval, signal, tell);
    await Promise.all([jobs, this.#runs.run(signal)]);
  }

  /** Reads new submissions and begins to check them: what has the least time left first. */
  async cycle(signal?: AbortSignal): Promise<void> {
    const head = await this.#desk.essaim.provider.getBlock('latest');
    if (!head) return;
    await this.#read(head);
    this.#agenda.begin(head, signal);
  }

  /** Settles when everything begun is done. */
  idle(): Promise<void> {
    return this.#agenda.idle();
  }

  /** Checks one submission, now, whatever its chance. */
  async check(submitted: Submitted, signal?: AbortSignal): Promise<void> {
    const known = await this.#eye.meet(submitted);
    await this.#agenda.now(submitted.jobId, this.#checkOf({ ...submitted, ...known }, true), signal);
  }

  #checkOf(submitted: Waiting, isAsked = false): Check {
    const { jobId, provider } = submitted;
    const work = (rest: Rest, signal?: AbortSignal) => this.#check(submitted, rest, isAsked, signal);
    return { told: { jobId, provider }, places: this.#places, work };
  }

  /** Re-executes every claim of a pending submission that is chosen; convicts the first that is wrong. */
  async #check(submitted: Waiting, rest: Rest, isAsked: boolean, signal?: AbortSignal): Promise<void> {
    const { say } = this.#desk;
    const told = { jobId: submitted.jobId, provider: submitted.provider };
    if (!(await this.#isPending(submitted, signal))) return;
    if (!isAsked && this.#eye.isClean(submitted.met)) return say({ event: 'checked', ...told });
    if (!isAsked && !this.#eye.isChosen(submitted.met, told, say)) return;
    const trace = this.#lanes.at(submitted.due.end);
    const { doubtful } = await this.#look(submitted, signal, trace);
    if (doubtful.length === 0) return this.#found(submitted);
    const desk = { ...this.#desk, trace, rest };
    const submission = await this.#open(desk, submitted, signal);
    if (!submission) return;
    await this.#lookAt(submission.model.program, signal);
    try {
      const views = await claimsOf(desk, submission, signal);
      for (const view of views) {
        if (doubtful !== 'all' && !doubtful.includes(view.leaf)) continue;
        const charge = await tryClaim(desk, submission, views, view, signal);
        if (!charge) continue;
        say({ event: 'convicted', ...told, ...(await convict(this.#desk, submission, charge, signal)) });
        if (charge.verdict === 'convicted') return;
      }
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      const { leaf, kind } = error.question;
      const taken = await collect(this.#desk, submission, signal);
      const silence = { verdict: 'convicted', fault: 'silence', leaf, demanded: kind, proofBytes: 0 } as const;
      say({ event: 'convicted', ...told, ...silence, transactions: 2, gas: 0, ...taken });
      return;
    }
    this.#found(submitted);
  }

  #found({ jobId, provider, met }: Waiting): void {
    this.#eye.clean(met);
    this.#desk.say({ event: 'checked', jobId, provider });
  }

  /** A submission to check; null if its program is malformed, which was shown then. */
  async #open(desk: Desk, submitted: Submitted, signal?: AbortSignal): Promise<Case | null> {
    const { essaim } = desk;
    try {
      return await openCase(desk, submitted, signal);
    } catch (error) {
      if (!(error instanceof EssaimError) || !PROGRAM_UNKNOWN.test(error.code)) throw error;
      const { jobId, provider } = submitted;
      const batchId = batchIdOf(await essaim.contracts.JobMarket.getAddress(), jobId);
      const { root, count } = await essaim.contracts.Claims.batch(batchId);
      const { programId } = await findTerms(essaim.contracts, jobId, essaim.deployment.startBlock);
      const batch = { root, count: Number(count) };
      if (await barShown(desk, { told: { jobId, provider }, batchId, batch, programId }, signal)) return null;
      throw error;
    }
  }

  /** Looks once at each program, whether this chain can judge it. */
  async #lookAt(program: Program, signal?: AbortSignal): Promise<void> {
    if (this.#judged.has(program.id)) return;
    await barUnjudged(this.#desk, program, signal);
    this.#judged.add(program.id);
  }

  /** Whether a submission can still be convicted; one that we convicted before a restart is brought to its end. */
  async #isPending({ jobId, provider }: Submitted, signal?: AbortSignal): Promise<boolean> {
    const { essaim, say } = this.#desk;
    const { Claims, JobMarket } = essaim.contracts;
    const batchId = batchIdOf(await JobMarket.getAddress(), jobId);
    const [state, challenger] = await atOneBlock(essaim.provider, async () => {
      const now = await batchState(essaim.contracts, batchId, `the batch of job ${jobId}`);
      return [now, now === ClaimState.Rejected ? (await Claims.conviction(batchId)).challenger : ''] as const;
    });
    if (state === ClaimState.Pending) return true;
    if (state !== ClaimState.Rejected) {
      say({ event: 'over', jobId, provider });
      return false;
    }
    if (challenger !== (await essaim.signer?.getAddress())) {
      say({ event: 'lost', jobId, provider, challenger });
      return false;
    }
    const terms = await findTerms(essaim.contracts, jobId, essaim.deployment.startBlock);
    const docket = docketOf(essaim.contracts, { jobId, provider }, batchId, terms);
    const taken = await collect(this.#desk, docket, signal);
    say({ event: 'collected', jobId, provider, ...taken });
    return false;
  }

  async #read(head: Block): Promise<void> {
    this.#arrived.push(...(await this.#submissions.read(head)));
    if (this.#arrived.length > 0) await this.#eye.read(head.number, (await this.#outlook(head)).since);
    while (this.#arrived.length > 0) {
      const some = this.#arrived.slice(0, AT_ONCE);
      const isReadable = await Promise.all(some.map((each) => this.#isReadable(each)));
      const next = some.filter((_, i) => isReadable[i]);
      const known = await Promise.all(next.map((each) => this.#eye.meet(each)));
      for (const [i, each] of next.entries())
        this.#agenda.add(each.jobId, this.#checkOf({ ...each, ...known[i] }), known[i].due);
      this.#arrived.splice(0, some.length);
    }
  }

  /** Whether there is anything to look at in a submission: says so where it is sealed to others. */
  async #isReadable({ jobId, provider }: Submitted): Promise<boolean> {
    const { keys, say } = this.#desk;
    if (keys?.has(jobId) || !(await this.#eye.book.pay(jobId)).isSealed) return true;
    say({ event: 'sealed', jobId, provider });
    return false;
  }
}
