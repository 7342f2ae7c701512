import { disagreement, tooFew, unreachable } from './failures.ts';
import { type AgreedHead, agreeHead, type Report, type Seen } from './heads.ts';
import type { EndpointWatcher, Member } from './member.ts';

/** Blocks by which none is ahead of all others. */
const FAR = 64;

/** The newest block that enough endpoints have. */
export class Newest {
  readonly #members: readonly Member[];
  readonly #quorum: number;
  readonly #watcher: EndpointWatcher;
  readonly #now: () => number;
  #head?: AgreedHead<Member>;
  #at = Number.NEGATIVE_INFINITY;
  #looking?: Promise<Seen>;

  constructor(members: readonly Member[], quorum: number, watcher: EndpointWatcher, now: () => number) {
    this.#members = members;
    this.#quorum = quorum;
    this.#watcher = watcher;
    this.#now = now;
  }

  /** Its number, as far as it is known. */
  get number(): number {
    return this.#head?.number ?? 0;
  }

  /**
   * That block as it was at most `age` milliseconds ago, told by those of `candidates` that may be asked. CHAIN_QUORUM,
   * CHAIN_DISAGREES, CHAIN_UNREACHABLE
   */
  async block(age: number, candidates: () => Promise<readonly Member[]>): Promise<Seen> {
    if (this.#head && this.#now() - this.#at < age) return this.#head;
    this.#looking ??= candidates()
      .then((members) => this.#look(members))
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  async #look(candidates: readonly Member[]): Promise<Seen> {
    const began = this.#now();
    const awake = candidates.filter(({ standing }) => standing.worth !== 'resting' && !standing.isLate);
    const reports = await this.#reports(awake.length >= this.#quorum ? awake : candidates);
    const head = await agreeHead(reports, this.#quorum, (who, number) => who.blockAt(number));
    if (!head) {
      if (reports.length === 0) throw unreachable(this.#members, 'the newest block');
      if (reports.length < this.#quorum) throw tooFew(this.#members, reports.length, this.#quorum);
      this.#watcher.disagreed();
      throw disagreement('the newest block', reports.length, this.#quorum);
    }
    this.#head = head;
    this.#at = began;
    for (const report of reports) {
      const isApart = head.apart.includes(report.who) || report.number > head.number + FAR;
      report.who.judge(report, head, this.#quorum > 1 && isApart);
    }
    return head;
  }

  /** Newest blocks of those that tell theirs in time; who is late with something else is not waited for. */
  #reports(members: readonly Member[]): Promise<Report<Member>[]> {
    const reports: Report<Member>[] = [];
    const awaited = new Set(members.filter(({ standing }) => !standing.isLate));
    let waiting = members.length;
    let isOver = false;
    return new Promise((resolve) => {
      const look = (): void => {
        const enough = reports.length >= this.#quorum && (awaited.size === 0 || isOver);
        if (waiting > 0 && !enough) return;
        clearTimeout(timer);
        resolve([...reports]);
      };
      const over = (): void => {
        isOver = true;
        look();
      };
      const timer = setTimeout(over, Math.max(0, ...members.map(({ standing }) => standing.patience)));
      for (const member of members) {
        member.newest().then((seen) => {
          waiting--;
          awaited.delete(member);
          if (seen) reports.push({ ...seen, who: member });
          look();
        });
      }
      look();
    });
  }
}
