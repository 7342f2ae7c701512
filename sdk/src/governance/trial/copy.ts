import { EssaimError } from '@essaim/protocol';
import {
  type ContractRunner,
  concat,
  dataSlice,
  id,
  keccak256,
  type TransactionRequest,
  toBeHex,
  toQuantity,
} from 'ethers';
import type { Action } from '../actions.ts';
import { type HolderContext, reading } from '../context.ts';
import { type Answer, answersIn, type Deed, type Parties, programOf } from './program.ts';

/** The block on which calls are made, and the second that it is then; none: the block's own. */
export interface Moment {
  block: number;
  time?: bigint;
}

interface Waiting {
  deed: Deed;
  resolve: (data: string) => void;
  reject: (error: unknown) => void;
}

/**
 * The chain at one block as it would be if its timelock had made some calls there. Every look at it is an `eth_call` in
 * which the timelock's code is replaced by one that makes the calls and then looks. Looks of one moment go together.
 */
export class Copy implements ContractRunner {
  readonly provider = null;
  readonly #context: HolderContext;
  readonly #actions: readonly Action[];
  readonly #moment: Moment;
  #waiting: Waiting[] = [];

  constructor(context: HolderContext, actions: readonly Action[], moment: Moment) {
    this.#context = context;
    this.#actions = actions;
    this.#moment = moment;
  }

  /** What the calls answer, one by one, and the second in which they are made. TRIAL_UNAVAILABLE */
  async answers(): Promise<{ answers: Answer[]; time: bigint }> {
    const answers = await this.#run([{ look: 'clock' }]);
    return { answers: answers.slice(0, -1), time: BigInt(answers[answers.length - 1].data) };
  }

  call({ to, data }: TransactionRequest): Promise<string> {
    return this.#look({ target: String(to), value: 0n, data: data ?? '0x' });
  }

  async getBalance(address: string): Promise<bigint> {
    return BigInt(await this.#look({ look: 'balance', of: address }));
  }

  #look(deed: Deed): Promise<string> {
    if (this.#waiting.length === 0) setTimeout(() => void this.#flush(), 0);
    return new Promise((resolve, reject) => this.#waiting.push({ deed, resolve, reject }));
  }

  async #flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      const answers = await this.#run(waiting.map(({ deed }) => deed));
      for (const [i, { resolve }] of waiting.entries()) resolve(answers[this.#actions.length + i].data);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }

  async #run(looks: readonly Deed[]): Promise<Answer[]> {
    const { contracts } = this.#context;
    const deeds = [...this.#actions, ...looks];
    const [timelock, governor] = await Promise.all(
      [contracts.TimelockController, contracts.EssaimGovernor].map((it) => it.getAddress()),
    );
    const own = this.#actions.filter(({ target }) => target.toLowerCase() === governor.toLowerCase());
    const output = await reading('trying the calls out', async () => {
      const overrides = {
        [timelock]: { code: programOf(deeds, PARTIES) },
        [PARTIES.own]: { code: await this.#context.provider.getCode(timelock) },
        [governor]: { stateDiff: permissions(own) },
      };
      return ask(this.#context, timelock, this.#moment, overrides);
    });
    const answers = answersIn(output, deeds.length);
    if (answers) return answers;
    throw new EssaimError('TRIAL_UNAVAILABLE', 'this endpoint does not try calls out: it ignores state overrides', {
      help: 'use another endpoint, or simulate the proposal on a copy of the chain with essaim-governance simulate',
    });
  }
}

/** Two addresses at which nothing can be: those of this name's hashes. */
const PARTIES: Parties = { starter: nobody('starts'), own: nobody('stands in') };

function nobody(does: string): string {
  return dataSlice(id(`nobody ${does}`), 12);
}

/** What the governor lets be done to itself: a queue that it fills while it executes a proposal, empty otherwise. */
const ALLOWED = { bounds: 5, items: 6 } as const;

const slot = (value: bigint | number): string => toBeHex(value, 32);

function permissions(calls: readonly Action[]): Record<string, string> {
  if (calls.length === 0) return {};
  const item = (i: number) => keccak256(concat([slot(i), slot(ALLOWED.items)]));
  const items = calls.map(({ data }, i) => [item(i), keccak256(data)]);
  return Object.fromEntries([[slot(ALLOWED.bounds), slot(BigInt(calls.length) << 128n)], ...items]);
}

type Send = { send(method: string, params: unknown[]): Promise<string> };

function ask({ provider }: HolderContext, to: string, { block, time }: Moment, overrides: object): Promise<string> {
  if (!('send' in provider))
    throw new EssaimError('TRIAL_UNAVAILABLE', 'this connection cannot send calls with state overrides', {
      help: 'connect to a JSON-RPC endpoint',
    });
  const clock = time === undefined ? [] : [{ time: toQuantity(time) }];
  const call = { from: PARTIES.starter, to, data: '0x' };
  return (provider as unknown as Send).send('eth_call', [call, toQuantity(block), overrides, ...clock]);
}
