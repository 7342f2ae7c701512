import { id, type Log, toQuantity } from 'ethers';
import { jsonServer } from './server.ts';

interface Call {
  id: number;
  method: string;
  params: never[];
}

/** Something that an endpoint refuses to do. */
export class Refusal {
  readonly code: number;
  readonly message: string;
  constructor(code: number, message: string) {
    this.code = code;
    this.message = message;
  }
}

type LittleLog = Pick<Log, 'address' | 'topics' | 'data' | 'blockNumber' | 'index'>;

const ZERO = `0x${'0'.repeat(64)}`;
const NOBODY = `0x${'0'.repeat(40)}`;

/** A chain of a few blocks behind real JSON-RPC over HTTP, that can be made to misbehave. */
export class LittleChain {
  head = 100;
  /** What `finalized` says; null: the chain knows no such word. */
  final: number | null = 90;
  /** From this block on there is another branch than before. */
  forkedAt = Number.POSITIVE_INFINITY;
  logs: LittleLog[] = [];
  /** The widest range of blocks that getLogs accepts. */
  widest = Number.POSITIVE_INFINITY;
  /** HTTP status of answers that are errors. */
  errorStatus = 200;
  /** What is thrown at the next calls, one after the other. */
  refusals: Refusal[] = [];
  /** Answers that are 429, with what they say to wait. */
  limits: { seconds?: number }[] = [];
  /** Methods that never answer. */
  stalls = new Set<string>();
  /** Answers of eth_call; none: the call reverts. */
  call: ((to: string, data: string, block: string) => string) | undefined;
  readonly asked: string[] = [];
  url = '';
  close = () => {};

  static async open(): Promise<LittleChain> {
    const chain = new LittleChain();
    const server = await jsonServer((body, response) => {
      const limit = chain.limits.shift();
      if (limit) {
        response.statusCode = 429;
        if (limit.seconds !== undefined) response.setHeader('retry-after', String(limit.seconds));
        return { error: 'slow down' };
      }
      const calls = [body].flat() as Call[];
      if (calls.some(({ method }) => chain.stalls.has(method))) return undefined;
      const answers = calls.map((call) => chain.#answer(call));
      if (answers.some((answer) => 'error' in answer)) response.statusCode = chain.errorStatus;
      return Array.isArray(body) ? answers : answers[0];
    });
    chain.url = server.url;
    chain.close = server.close;
    return chain;
  }

  hashOf(number: number): string {
    return id(`block ${number}${number >= this.forkedAt ? ' of the other branch' : ''}`);
  }

  #answer({ id, method, params }: Call): object {
    this.asked.push(method);
    try {
      return { jsonrpc: '2.0', id, result: this.#result(method, params) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { jsonrpc: '2.0', id, error: { code: error.code, message: error.message } };
    }
  }

  #result(method: string, [first, second]: never[]): unknown {
    if (method === 'eth_chainId') return '0x7a69';
    const refusal = this.refusals.shift();
    if (refusal) throw refusal;
    if (method === 'eth_getBlockByNumber') return this.#byTag(first);
    if (method === 'eth_getBlockByHash') return this.#byHash(first);
    if (method === 'eth_getLogs') return this.#logs(first);
    if (method === 'eth_call' && this.call) {
      const { to, data } = first as { to: string; data: string };
      return this.call(to.toLowerCase(), data, second);
    }
    throw new Refusal(3, 'execution reverted');
  }

  #byTag(tag: string): unknown {
    if (tag === 'latest') return this.#block(this.head);
    if (tag !== 'finalized') return Number(tag) <= this.head ? this.#block(Number(tag)) : null;
    if (this.final === null) throw new Refusal(-32602, 'unknown block tag');
    return this.#block(this.final);
  }

  #byHash(hash: string): unknown {
    for (let number = this.head; number >= 0; number--) if (this.hashOf(number) === hash) return this.#block(number);
    return null;
  }

  #block(number: number): unknown {
    return {
      ...{ number: toQuantity(number), hash: this.hashOf(number), parentHash: this.hashOf(number - 1) },
      ...{ timestamp: toQuantity(1_700_000_000 + 12 * number), gasLimit: '0x0', gasUsed: '0x0', difficulty: '0x0' },
      ...{ nonce: '0x0000000000000000', miner: NOBODY, extraData: '0x', transactions: [], stateRoot: ZERO },
    };
  }

  #logs({ fromBlock, toBlock, address, topics }: Record<string, never>): unknown {
    const [from, to] = [Number(fromBlock), Number(toBlock)];
    if (to - from + 1 > this.widest) throw new Refusal(-32005, `query exceeds the range of ${this.widest} blocks`);
    const wanted = [address].flat().map((it: string) => it.toLowerCase());
    const matches = (log: LittleLog) =>
      log.blockNumber >= from &&
      log.blockNumber <= Math.min(to, this.head) &&
      wanted.includes(log.address.toLowerCase()) &&
      ((topics ?? []) as (string | string[] | null)[]).every(
        (it, i) => it === null || [it].flat().includes(log.topics[i]),
      );
    return this.logs.filter(matches).map((log) => ({
      ...log,
      ...{ blockNumber: toQuantity(log.blockNumber), blockHash: this.hashOf(log.blockNumber), removed: false },
      ...{
        logIndex: toQuantity(log.index),
        transactionIndex: '0x0',
        transactionHash: id(`transaction ${log.blockNumber}`),
      },
    }));
  }
}
