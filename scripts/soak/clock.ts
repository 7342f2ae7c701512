import type { JsonRpcProvider } from 'ethers';

/** Seconds of chain time between two blocks. */
export const BLOCK = 1;

/**
 * The clock of a chain of one's own: it makes every block, one second after the other, as fast as `pace` says. Between
 * two blocks the daemons have that long to do something.
 */
export class ChainClock {
  readonly #chain: JsonRpcProvider;
  readonly #pace: () => number;
  #time = 0;
  #turn: Promise<void> = Promise.resolve();
  #running?: Promise<void>;
  #stopped = false;
  blocks = 0;

  /** @param pace milliseconds until the next block */
  constructor(chain: JsonRpcProvider, pace: () => number) {
    this.#chain = chain;
    this.#pace = pace;
  }

  /** Seconds, of the newest block. */
  get time(): number {
    return this.#time;
  }

  async start(): Promise<void> {
    await this.#chain.send('evm_setAutomine', [false]);
    this.#time = (await this.#chain.getBlock('latest'))!.timestamp;
    this.#running = this.#run();
  }

  /** Lets this much time pass at once, in so many blocks. */
  pass(seconds: number, blocks: number): Promise<void> {
    return this.#inTurn(async () => {
      const step = Math.ceil(seconds / blocks);
      await this.#chain.send('hardhat_mine', [`0x${blocks.toString(16)}`, `0x${step.toString(16)}`]);
      this.#time = (await this.#chain.getBlock('latest'))!.timestamp;
      this.blocks += blocks;
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      await new Promise((resolve) => setTimeout(resolve, this.#pace()));
      await this.#inTurn(() => this.#mine());
    }
  }

  async #mine(): Promise<void> {
    this.#time += BLOCK;
    await this.#chain.send('evm_setNextBlockTimestamp', [this.#time]);
    await this.#chain.send('evm_mine', []);
    this.blocks++;
  }

  /** One after another: two never make a block at once. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
