import { EssaimError } from '@essaim/protocol';
import { type Block, isError, type Provider } from 'ethers';
import { steadily } from './steady.ts';

/** Where the chain stands. */
export interface Head {
  number: number;
  hash: string;
  /** Seconds. */
  time: number;
  /** The newest block that no reorganisation takes back any more. */
  final: number;
}

/** Blocks until one is final on chains that do not say. */
const CONFIRMATIONS = 64;
/** Milliseconds for which a head serves several questions at once. */
const FRESH = 500;

/** The chain's head and its newest final block. */
export class Heads {
  readonly #provider: Provider;
  readonly #confirmations: number | undefined;
  #asked: { at: number; head: Promise<Head> } | undefined;
  #saysFinal = true;

  constructor(provider: Provider, confirmations?: number) {
    this.#provider = provider;
    this.#confirmations = confirmations;
  }

  /** The head as of now, or of half a second ago. CHAIN_FAILED, CHAIN_LIMITED */
  head(): Promise<Head> {
    const now = performance.now();
    if (this.#asked && now - this.#asked.at < FRESH) return this.#asked.head;
    const head = this.#read();
    this.#asked = { at: now, head };
    head.catch(() => {
      if (this.#asked?.head === head) this.#asked = undefined;
    });
    return head;
  }

  /** Asks for the head anew, whoever asks next. */
  forget(): void {
    this.#asked = undefined;
  }

  /** A block's hash as the chain has it now; none: it has no such block. */
  async hashOf(number: number): Promise<string | undefined> {
    const block = await steadily('asking for a block', () => this.#provider.getBlock(number));
    return block?.hash ?? undefined;
  }

  async #read(): Promise<Head> {
    const [block, final] = await Promise.all([
      steadily('asking for the newest block', () => this.#provider.getBlock('latest')),
      this.#confirmations === undefined && this.#saysFinal ? this.#final() : undefined,
    ]);
    if (!block?.hash)
      throw new EssaimError('CHAIN_FAILED', 'the endpoint knows no latest block', { help: 'try another endpoint' });
    const { number, hash, timestamp: time } = block;
    const confirmed = number - (this.#confirmations ?? CONFIRMATIONS);
    return { number, hash, time, final: Math.max(0, Math.min(number, final?.number ?? confirmed)) };
  }

  /** What the chain says is final; nothing where it knows no such word. */
  async #final(): Promise<Block | null> {
    try {
      return await this.#provider.getBlock('finalized');
    } catch (cause) {
      const isSilent = isError(cause, 'TIMEOUT') || isError(cause, 'NETWORK_ERROR') || isError(cause, 'SERVER_ERROR');
      if (!isSilent) this.#saysFinal = false;
      return null;
    }
  }
}
