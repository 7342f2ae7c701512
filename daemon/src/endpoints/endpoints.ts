import type { EssaimError } from '@essaim/protocol';
import { pause } from '@essaim/sdk';
import { type Agreement, agree } from './agree.ts';
import type { Answer, RpcError } from './answer.ts';
import { disagreement, otherChain, tooFew, unreachable } from './failures.ts';
import type { Seen } from './heads.ts';
import { type Asked, type EndpointWatcher, Member } from './member.ts';
import { Newest } from './newest.ts';
import { saying } from './same.ts';
import type { Worth } from './standing.ts';

export interface EndpointRules {
  readonly chainId: number;
  /** How many endpoints have to say the same. */
  readonly quorum: number;
  /** Milliseconds for which a head counts as the newest. */
  readonly freshness: number;
  /** Milliseconds for which endpoints are waited for that want to be left alone. */
  readonly timeout: number;
}

/** Makes what the chain answered an error. */
export type OnError = (error: RpcError) => Error;

/** Milliseconds after which an answer that differed is asked for again: what was late is there then. */
const SECOND_LOOK = 1_500;
const BROADCAST = 'eth_sendRawTransaction';

/** Several endpoints of one chain that are believed where enough of them say the same. */
export class Endpoints {
  readonly #members: readonly Member[];
  readonly #rules: EndpointRules;
  readonly #watcher: EndpointWatcher;
  readonly #now: () => number;
  readonly #newest: Newest;
  readonly #doubted = new Set<Member>();

  constructor(
    endpoints: readonly Asked[],
    rules: EndpointRules,
    watcher: EndpointWatcher,
    now: () => number = () => performance.now(),
  ) {
    this.#rules = rules;
    this.#watcher = watcher;
    this.#now = now;
    this.#members = endpoints.map((endpoint) => new Member(endpoint, rules.chainId, watcher, now));
    this.#newest = new Newest(this.#members, rules.quorum, watcher, now);
  }

  /** What each endpoint is worth now. */
  worths(): { endpoint: string; worth: Worth }[] {
    return this.#members.map(({ label, standing }) => ({ endpoint: label, worth: standing.worth }));
  }

  /** The newest block that enough endpoints have, as it was at most `age` milliseconds ago. CHAIN_… */
  async head(age: number = this.#rules.freshness): Promise<Seen> {
    const limit = this.#now() + this.#rules.timeout;
    for (;;) {
      try {
        return await this.#newest.block(age, () => this.#candidates());
      } catch (error) {
        if (!this.#isPatient(limit)) throw error;
      }
    }
  }

  /**
   * What enough endpoints answer. `isFixed`: honest ones cannot differ, for the question names a block by its hash. Fails
   * with what the chain said, as `onError` tells it, or CHAIN_QUORUM, CHAIN_DISAGREES, CHAIN_UNREACHABLE.
   */
  async agreed(method: string, params: readonly unknown[], isFixed: boolean, onError: OnError): Promise<unknown> {
    const limit = this.#now() + this.#rules.timeout;
    const { quorum } = this.#rules;
    for (;;) {
      const agreement = await this.#agree(method, params, isFixed, await this.#candidates(quorum, limit), quorum);
      if (agreement.agreed) return this.#unless(agreement.agreed, onError);
      if (!this.#isPatient(limit) || said(method, agreement).size > 1) throw this.#failure(method, agreement, onError);
    }
  }

  /** What the first of them answers that does. */
  async any(method: string, params: readonly unknown[], onError: OnError): Promise<unknown> {
    const agreement = await this.#agree(method, params, false, await this.#candidates(1), 1);
    if (agreement.agreed) return this.#unless(agreement.agreed, onError);
    throw this.#failure(method, agreement, onError);
  }

  /**
   * The middle of the figures that as many as have to agree name, as hexadecimal: one alone makes nothing dear. Where
   * enough say that it reverts, it does.
   */
  async middle(method: string, params: readonly unknown[], onError: OnError): Promise<unknown> {
    const { quorum } = this.#rules;
    const candidates = await this.#candidates();
    const { agreed, answers } = await this.#agree(method, params, false, candidates, quorum);
    if (!agreed) throw this.#failure(method, { answers }, onError);
    if (agreed.kind !== 'result') return this.#unless(agreed, onError);
    const named = figuresOf(answers.map(({ answer }) => answer));
    if (quorum > 1 && isWide(named)) {
      const asked = answers.map(({ who }) => who);
      const others = candidates.filter((member) => !asked.includes(member) && !member.standing.isLate);
      named.push(...figuresOf(await Promise.all(others.map((member) => member.ask(method, params)))));
    }
    return `0x${middleOf(named).toString(16)}`;
  }

  /** Hands a transaction to every endpoint, also to those that are not believed; done as soon as one took it. */
  broadcast(raw: string, onError: OnError): Promise<unknown> {
    const all = this.#members.filter(({ standing }) => !standing.isRefused);
    const answers: Answer[] = [];
    return new Promise((resolve, reject) => {
      for (const member of all) {
        member.ask(BROADCAST, [raw]).then((answer) => {
          answers.push(answer);
          if (answer.kind === 'result') return resolve(answer.value);
          if (answers.length < all.length) return;
          const error = answers.map(errorOf).find((each) => each !== undefined);
          reject(error ? onError(error) : unreachable(all, BROADCAST));
        });
      }
    });
  }

  /** Reads every endpoint's chain id; those of another chain are not asked again. CHAIN_MISMATCH, CHAIN_UNREACHABLE */
  async prove(): Promise<void> {
    const { chainId, quorum } = this.#rules;
    const proven = await Promise.all(this.#members.map((member) => member.isProven()));
    const able = this.#members.filter(({ standing }) => !standing.isRefused);
    if (able.length < quorum) throw otherChain(this.#members, chainId, quorum);
    if (!proven.includes(true)) throw unreachable(this.#members, 'eth_chainId');
  }

  /** Those that may be asked, the best first; waits where too many want to be left alone for a moment. CHAIN_QUORUM */
  async #candidates(least = this.#rules.quorum, limit = this.#now() + this.#rules.timeout): Promise<Member[]> {
    for (;;) {
      for (const member of this.#members) member.welcome();
      const able = this.#members.filter(({ standing }) => standing.isAble);
      if (able.length >= least) {
        const rank = ({ standing, number }: Member) => standing.rank + (number < this.#newest.number ? 2 : 0);
        return able.sort((a, b) => rank(a) - rank(b));
      }
      const limited = this.#members.filter(({ standing }) => standing.worth === 'limited');
      const free = limited.map(({ standing }) => standing.restsUntil).sort((a, b) => a - b)[least - able.length - 1];
      if (free === undefined || free > limit) throw tooFew(this.#members, able.length, least);
      await pause(Math.max(1, free - this.#now()));
    }
  }

  /** Whether one that asks to be left alone may be asked again before a time. */
  #isPatient(limit: number): boolean {
    return this.#members.some(({ standing }) => standing.worth === 'limited' && standing.restsUntil <= limit);
  }

  #agree(
    method: string,
    params: readonly unknown[],
    isFixed: boolean,
    candidates: readonly Member[],
    quorum: number,
  ): Promise<Agreement<Member>> {
    return agree({
      ...{ candidates, quorum },
      ask: (member) => member.ask(method, params),
      saying: (answer) => saying(method, answer),
      patience: ({ standing }) => standing.patience,
      apart: (member, answer) => {
        if (quorum > 1) this.#apart(member, answer, method, params, isFixed);
      },
    });
  }

  /** An endpoint said something else than enough others did. */
  #apart(member: Member, answer: Answer, method: string, params: readonly unknown[], isFixed: boolean): void {
    member.differed();
    // whether a call goes through depends on the block that it is tried in
    if (method === 'eth_estimateGas') return;
    if (isFixed && answer.kind === 'result') member.exile(`${method} at a block: the others say otherwise`);
    else this.#doubt(member, method, params).catch(() => undefined);
  }

  /** Asks again what may have differed by being late; who still differs is set aside. */
  async #doubt(member: Member, method: string, params: readonly unknown[]): Promise<void> {
    if (this.#doubted.has(member)) return;
    this.#doubted.add(member);
    try {
      await pause(SECOND_LOOK);
      const own = await member.ask(method, params);
      const others = this.#members.filter((other) => other !== member && other.standing.worth === 'well');
      // who has not got it may be late still
      if (own.kind !== 'result' || own.value === null || others.length < this.#rules.quorum) return;
      const { agreed } = await this.#agree(method, params, false, others, this.#rules.quorum);
      if (agreed && saying(method, agreed) !== saying(method, own)) {
        member.exile(`${method}: it says otherwise than the others, also when asked again`);
      }
    } finally {
      this.#doubted.delete(member);
    }
  }

  #unless(answer: Answer, onError: OnError): unknown {
    if (answer.kind === 'result') return answer.value;
    throw onError(errorOf(answer)!);
  }

  #failure(method: string, agreement: Pick<Agreement<Member>, 'answers'>, onError: OnError): Error {
    const answers = agreement.answers.map(({ answer }) => answer);
    if (said(method, agreement).size > 1) return this.#disagreement(method, answers.length);
    const heard = answers.filter(({ kind }) => kind !== 'failure').length;
    const error = answers.map(errorOf).find((each) => each !== undefined);
    if (heard === 0 && error) return onError(error);
    if (heard > 0) return tooFew(this.#members, heard, this.#rules.quorum);
    const first = answers[0];
    return unreachable(this.#members, method, first?.kind === 'failure' ? first.failing.message : undefined);
  }

  #disagreement(what: string, count: number): EssaimError {
    this.#watcher.disagreed();
    return disagreement(what, count, this.#rules.quorum);
  }
}

/** The different things that were said. */
const said = (method: string, { answers }: Pick<Agreement<Member>, 'answers'>): Set<string> =>
  new Set(answers.map(({ answer }) => saying(method, answer)).filter((each) => each !== undefined));

const errorOf = (answer: Answer): RpcError | undefined =>
  answer.kind === 'revert' ? answer.error : answer.kind === 'failure' ? answer.failing.error : undefined;

const figuresOf = (answers: readonly Answer[]): bigint[] =>
  answers.flatMap((answer) => (answer.kind === 'result' ? [BigInt(answer.value as string)] : []));

/** Whether figures differ by more than honest ones do. */
const isWide = (figures: readonly bigint[]): boolean => figures.some((a) => figures.some((b) => 4n * a > 5n * b));

/** The middle of some figures; the lower one of two. */
function middleOf(figures: readonly bigint[]): bigint {
  const sorted = [...figures].sort((a, b) => (a < b ? -1 : 1));
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
