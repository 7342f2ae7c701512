import type { Answer } from './answer.ts';
import type { Seen } from './heads.ts';
import { saying } from './same.ts';
import { Standing, type Worth } from './standing.ts';

/** Whom questions go to. */
export interface Asked {
  readonly label: string;
  ask(method: string, params: readonly unknown[]): Promise<Answer>;
}

/** What became of an endpoint, for logs. */
export interface EndpointEvent {
  readonly event: `endpoint-${'lies' | 'refused' | 'rests' | 'behind' | 'back'}`;
  readonly endpoint: string;
  readonly code?: string;
  readonly message?: string;
}

/** Is told what is measured of endpoints. */
export interface EndpointWatcher {
  say(event: EndpointEvent): void;
  answered(endpoint: string, result: 'ok' | 'failed' | 'apart', seconds: number): void;
  standing(endpoint: string, worth: Worth, behind: number): void;
  /** Not enough endpoints said the same. */
  disagreed(): void;
}

/** Blocks by which endpoints differ without a word. */
const SLACK = 3;
/** Looks in a row after which what it says of the head counts: forks end sooner. */
const LOOKS = 5;
const CODES = {
  stalls: 'CHAIN_ENDPOINT_STALLS',
  unreachable: 'CHAIN_ENDPOINT_AWAY',
  limited: 'CHAIN_ENDPOINT_LIMITED',
  refused: 'CHAIN_FAILED',
} as const;

/** One of several endpoints: how it did lately, and what it told of its head. */
export class Member {
  readonly standing: Standing;
  /** Its newest block, as far as it told. */
  number = 0;
  readonly #endpoint: Asked;
  readonly #chainId: number;
  readonly #watcher: EndpointWatcher;
  readonly #now: () => number;
  #behind = 0;
  #apart = 0;
  #told: Worth = 'well';

  constructor(endpoint: Asked, chainId: number, watcher: EndpointWatcher, now: () => number) {
    this.#endpoint = endpoint;
    this.#chainId = chainId;
    this.#watcher = watcher;
    this.#now = now;
    this.standing = new Standing(now);
  }

  get label(): string {
    return this.#endpoint.label;
  }

  /** Asks, and remembers how that went. */
  async ask(method: string, params: readonly unknown[]): Promise<Answer> {
    const { standing, label } = this;
    const began = this.#now();
    let isOverdue = false;
    const timer = setTimeout(() => {
      isOverdue = true;
      standing.overdue(1);
    }, standing.patience);
    const answer = await this.#endpoint.ask(method, params);
    clearTimeout(timer);
    if (isOverdue) standing.overdue(-1);
    const took = this.#now() - began;
    if (answer.kind !== 'failure' || answer.failing.reason === 'refused') standing.answered(took);
    else {
      standing.failed(answer.failing);
      const { reason, message } = answer.failing;
      if (this.#told === 'well' || this.#told === 'behind') {
        this.#told = standing.worth;
        this.#tell({ event: 'endpoint-rests', code: CODES[reason], message: `${reason}: ${message}` });
      }
    }
    this.#watcher.answered(label, answer.kind === 'failure' ? 'failed' : 'ok', took / 1_000);
    return answer;
  }

  /** Whether it is on this chain; asked once after each time that it failed. */
  async isProven(): Promise<boolean> {
    const { standing } = this;
    if (standing.isProven || standing.isRefused) return !standing.isRefused;
    const answer = await this.ask('eth_chainId', []);
    if (answer.kind !== 'result' || standing.isRefused) return false;
    const got = Number(answer.value);
    if (got === this.#chainId) {
      standing.isProven = true;
      return true;
    }
    standing.isRefused = true;
    const message = `it is on chain ${got}, the deployment on ${this.#chainId}: it is not used`;
    this.#tell({ event: 'endpoint-refused', code: 'CHAIN_MISMATCH', message });
    return false;
  }

  /** Its newest block, if it is on this chain. */
  async newest(): Promise<Seen | undefined> {
    const [isProven, seen] = await Promise.all([this.isProven(), this.#block('latest')]);
    if (!isProven || !seen) return undefined;
    this.number = seen.number;
    return seen;
  }

  blockAt(number: number): Promise<Seen | undefined> {
    return this.#block(`0x${number.toString(16)}`);
  }

  /** Compares what it told of its head with the head that was agreed on; `isApart`: it has another chain. */
  judge(seen: Seen, head: Seen, isApart: boolean): void {
    const { standing } = this;
    const lag = head.number - seen.number;
    this.#behind = lag > SLACK ? this.#behind + 1 : 0;
    const wasBehind = standing.isBehind;
    standing.isBehind = this.#behind >= 2;
    if (standing.isBehind && !wasBehind) {
      const message = `its newest block is ${seen.number}, the others’ ${head.number}`;
      this.#tell({ event: 'endpoint-behind', message });
    }
    this.#apart = isApart ? this.#apart + 1 : 0;
    if (this.#apart >= LOOKS) {
      this.#apart = 0;
      this.exile(`it tells of block ${seen.number}, the others of another chain up to ${head.number}`);
    }
    this.welcome();
    this.#watcher.standing(this.label, standing.worth, Math.max(0, lag));
  }

  /** What it answered was not what enough others did. */
  differed(): void {
    this.#watcher.answered(this.label, 'apart', 0);
  }

  /** Sets it aside. */
  exile(message: string): void {
    if (this.standing.worth === 'lying') return;
    this.standing.lied();
    this.#told = 'lying';
    this.#tell({ event: 'endpoint-lies', code: 'CHAIN_ENDPOINT_LIES', message: `${message}; it is set aside` });
  }

  /** Says when it is asked again. */
  welcome(): void {
    const { worth } = this.standing;
    if (this.#told === worth) return;
    const isBack = worth === 'well';
    this.#told = worth;
    if (isBack) this.#tell({ event: 'endpoint-back' });
  }

  async #block(tag: string): Promise<Seen | undefined> {
    const answer = await this.ask('eth_getBlockByNumber', [tag, false]);
    const block = answer.kind === 'result' ? (answer.value as Record<string, unknown> | null) : null;
    if (!block || typeof block.number !== 'string') return undefined;
    return { number: Number(block.number), said: saying('eth_getBlockByNumber', answer)!, block };
  }

  #tell(event: Omit<EndpointEvent, 'endpoint'>): void {
    const { label, standing } = this;
    this.#watcher.say({ ...event, endpoint: label });
    this.#watcher.standing(label, standing.worth, 0);
  }
}
