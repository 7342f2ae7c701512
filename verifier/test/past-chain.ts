import { abis, type Deployment, Essaim } from '@essaim/sdk';
import { Interface, id, JsonRpcProvider, type LogDescription, Network, toBeHex, zeroPadValue } from 'ethers';

const CHAIN = 31337;
const WINDOW = { seconds: 86_400, blocks: 7_000 };
const STEP = 12;

const addresses = Object.fromEntries(
  Object.keys(abis).map((name, at) => [name, zeroPadValue(toBeHex(0x1000 + at), 20)]),
) as Deployment['addresses'];
const nameAt = new Map(Object.entries(addresses).map(([name, at]) => [at.toLowerCase(), name as keyof typeof abis]));
const interfaces = Object.fromEntries(
  Object.entries(abis).map(([name, abi]) => [name, new Interface(abi as never)]),
) as Record<keyof typeof abis, Interface>;

interface Log {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly block: number;
}

/** A chain of which nothing is there but what submissions of jobs left, and which counts what it is asked. */
export class PastChain extends JsonRpcProvider {
  readonly head: number;
  /** Requests, by method. */
  readonly asked = new Map<string, number>();
  readonly #logs: Log[] = [];
  readonly #batches = new Map<string, { block: number; root: string; executor: string }>();
  readonly #demanded = new Set<string>();

  constructor(head: number) {
    const network = Network.from(CHAIN);
    super(undefined, network, { staticNetwork: network, cacheTimeout: -1, pollingInterval: 10 });
    this.head = head;
  }

  connect(): Promise<Essaim> {
    const deployment = { chainId: CHAIN, startBlock: 0, addresses };
    return Essaim.connect({ rpc: this, deployment, storage: 'http://127.0.0.1:1', pollingInterval: 10 });
  }

  /** Has a job have been submitted in a block; by its job's id and the batch's. */
  submit(jobId: string, batchId: string, block: number, executor: string): void {
    const root = id(`root of ${jobId}`);
    this.#batches.set(batchId, { block, root, executor });
    const zero = id('nothing');
    this.#log('JobMarket', block, 'Posted', [
      ...[jobId, executor, executor, addresses.MielToken, 0, 1, 0, 10n ** 18n, 0, 1, zero, zero, zero, 0, false],
    ]);
    const market = addresses.JobMarket;
    this.#log('Claims', block, 'Submitted', [batchId, market, executor, jobId, root, 1, 100_000, 1]);
    this.#log('JobMarket', block, 'Submitted', [jobId, executor, root, zero, zero]);
  }

  /** Has something have been demanded of a batch, and nobody have answered. */
  demand(batchId: string, block: number): void {
    this.#demanded.add(batchId);
    const { executor } = this.#batches.get(batchId)!;
    this.#log('Availability', block, 'Demanded', [id(batchId), batchId, executor, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  }

  #log(name: keyof typeof abis, block: number, event: string, values: unknown[]): void {
    const encoded = interfaces[name].encodeEventLog(event, values);
    this.#logs.push({ address: addresses[name].toLowerCase(), ...encoded, block });
  }

  override async send(method: string, params: unknown[]): Promise<unknown> {
    this.asked.set(method, (this.asked.get(method) ?? 0) + 1);
    if (method === 'eth_blockNumber') return toBeHex(this.head);
    if (method === 'eth_getBlockByNumber') return this.#block(params[0] as string);
    if (method === 'eth_getLogs') return this.#find(params[0] as never);
    if (method === 'eth_call') return this.#call(params[0] as { to: string; data: string });
    throw new Error(`nobody answers ${method}`);
  }

  get requests(): number {
    return [...this.asked.values()].reduce((sum, count) => sum + count, 0);
  }

  #block(tag: string) {
    const number = tag === 'latest' ? this.head : Number(tag);
    const [hash, zero] = [id(`block ${number}`), '0x00'];
    const fields = { nonce: '0x0000000000000000', difficulty: zero, gasLimit: zero, gasUsed: zero, extraData: '0x' };
    const timestamp = toBeHex(1_700_000_000 + STEP * number);
    return { ...fields, number: toBeHex(number), hash, parentHash: hash, timestamp, transactions: [] };
  }

  #find({
    address,
    topics = [],
    ...range
  }: {
    address: string;
    topics?: unknown[];
    fromBlock: string;
    toBlock: string;
  }) {
    const [first, last] = [Number(range.fromBlock), range.toBlock === 'latest' ? this.head : Number(range.toBlock)];
    const fits = (log: Log): boolean =>
      log.address === address.toLowerCase() &&
      (topics as (string | string[] | null)[]).every(
        (wanted, at) => !wanted || [wanted].flat().includes(log.topics[at]),
      );
    return this.#logs
      .filter((log) => log.block >= first && log.block <= last && fits(log))
      .map(({ block, ...log }, at) => ({
        ...{ ...log, blockNumber: toBeHex(block), blockHash: id(`block ${block}`), transactionIndex: '0x0' },
        ...{ logIndex: toBeHex(at), removed: false, transactionHash: id(`${block} ${log.topics.join()}`) },
      }));
  }

  #call({ to, data }: { to: string; data: string }): string {
    const contract = interfaces[nameAt.get(to.toLowerCase())!];
    const { name, args } = contract.parseTransaction({ data })!;
    return contract.encodeFunctionResult(name, this.#answer(name, args));
  }

  #answer(name: string, args: LogDescription['args']): unknown[] {
    const about = args.length > 0 ? args[0] : '';
    const batch = this.#batches.get(about);
    const { block = 0, root = '', executor = '' } = batch ?? {};
    const isOpen = block + WINDOW.blocks >= this.head || this.#demanded.has(about);
    const answers: Record<string, () => unknown[]> = {
      epoch: () => [1],
      claimRules: () => [WINDOW.seconds, WINDOW.blocks, 600, 50],
      slashRules: () => [10_000, 2_500, 0],
      state: () => [isOpen ? 1 : 2],
      submission: () => [executor, STEP * block, block, 1],
      batch: () => [[root, addresses.JobMarket, 100_000, 1, executor, STEP * block, block, 1]],
      agentAt: () => [false, 0],
    };
    if (!answers[name]) throw new Error(`nobody answers ${name}`);
    return answers[name]();
  }
}

export const MARKET = addresses.JobMarket;
