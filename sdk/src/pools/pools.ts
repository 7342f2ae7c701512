import { EssaimError } from '@essaim/protocol';
import { type ContractTransaction, ZeroAddress } from 'ethers';
import { type HolderContext, reading, transact, walletOf } from '../governance/context.ts';
import { showMiel } from '../governance/units.ts';
import { readYields, type Yield } from './yields.ts';

export type { Yield } from './yields.ts';

/** The pool of an operator's provision. Amounts in wei of MIEL. */
export interface PoolView {
  id: bigint;
  operator: string;
  /** Whom the provision backs work for, and who may slash it. */
  client: string;
  slasher: string;
  fees: string;
  /** What delegators have in it, thawing stake among it. */
  delegated: bigint;
  /** What of it leaves. */
  thawing: bigint;
  /** The operator's own stake, which slashes take first, and what of that leaves. */
  own: bigint;
  ownThawing: bigint;
  /** What backs work now, of own and delegated stake. */
  locked: bigint;
  /** How much more can be delegated: four times the operator's own, less what is. */
  room: bigint;
  /** What a share is worth, in 1e-18 wei: one until a slash. */
  rate: bigint;
  /** The operator's part of the fees now, in basis points, and the one that was announced. */
  cut: bigint;
  announced?: { cut: bigint; from: bigint };
  /** Tokens that delegators are paid in. */
  tokens: string[];
}

/** What an account has in a pool. */
export interface Backing {
  pool: bigint;
  shares: bigint;
  /** What the shares are worth now, in wei of MIEL. */
  worth: bigint;
  /** Shares that leave, what they are worth, and from when they can be withdrawn (seconds). */
  thawing: { shares: bigint; worth: bigint; until: bigint };
  /** What was earned and not claimed, of each token of the pool, in its smallest unit. */
  claimable: { token: string; amount: bigint }[];
}

const MILLI = 10n ** 15n;
const ONE = 10n ** 18n;
const LEVERAGE = 4n;
/** Over which past yields are shown: 30 days. */
const YIELD_SPAN = 30n * 86_400n;

/**
 * Backing operators: their pools, what they earn and lose, coming and leaving.
 *
 * @example
 * ```ts
 * import { parseEther } from 'ethers';
 *
 * await essaim.staking.provide(parseEther('5000'), undefined, 'training');
 * const pool = await essaim.pools.open(1_000n, 'training'); // a tenth of what delegators' stake earns stays here
 * console.log(pool.cut, pool.delegated); // 1000 0
 * ```
 */
export class Pools {
  readonly #context: HolderContext;

  constructor(context: HolderContext) {
    this.#context = context;
  }

  /** A pool. POOL_UNKNOWN */
  get(id: bigint): Promise<PoolView> {
    const { StakeManager } = this.#context.contracts;
    return reading('asking for the pool', async () => {
      const pool = await StakeManager.poolAt(id);
      const { operator, client, slasher, fees, rate } = pool;
      if (operator === ZeroAddress) {
        const help = 'ask the operator for the number of its pool, or find it by the operator’s address';
        throw new EssaimError('POOL_UNKNOWN', `there is no pool ${id}`, { help, details: { id } });
      }
      const clone = this.#fees(fees);
      const [provision, terms, tokens] = await Promise.all([
        StakeManager.provisionOf(operator, client, slasher),
        clone.terms(),
        clone.tokens(),
      ]);
      const own = provision.tokens * MILLI;
      const ownThawing = provision.thawing * MILLI;
      const room = LEVERAGE * (own - ownThawing) - provision.delegated * MILLI;
      return {
        ...{ id, operator, client, slasher, fees, rate, own, ownThawing, locked: provision.locked * MILLI },
        ...{ delegated: pool.tokens * MILLI, thawing: (pool.thawing * rate) / ONE, room: room > 0n ? room : 0n },
        cut: terms.cut,
        announced: terms.next === terms.cut ? undefined : { cut: terms.next, from: terms.from },
        tokens: [...tokens],
      };
    });
  }

  /** The pool of an operator's provision for jobs or for training. POOL_UNKNOWN */
  async of(operator: string, what: 'jobs' | 'training' = 'jobs'): Promise<PoolView> {
    const { StakeManager, JobMarket, TrainingRegistry, Penalties } = this.#context.contracts;
    const client = await (what === 'jobs' ? JobMarket : TrainingRegistry).getAddress();
    const slasher = await Penalties.getAddress();
    const id = await reading('asking for the pool', () => StakeManager.poolOf(operator, client, slasher));
    if (id !== 0n) return this.get(id);
    throw new EssaimError('POOL_UNKNOWN', `${operator} has opened no pool for ${what}`, {
      help: 'check the address; only operators that open a pool can be backed',
      details: { operator, what },
    });
  }

  /**
   * What delegators of a pool earned after its operator's cut, by token, over the last `span` seconds (default 30 days).
   * It is what was, and no promise; a slash takes more than fees bring. POOL_UNKNOWN
   */
  async yields(id: bigint, span = YIELD_SPAN): Promise<Yield[]> {
    return readYields(this.#context, await this.get(id), span);
  }

  /** What an account has in every pool that it backs. */
  async backings(account: string): Promise<Backing[]> {
    const { StakeManager } = this.#context.contracts;
    const ids = await reading('asking for the pools', () => StakeManager.poolsOf(account));
    return Promise.all(ids.map((id) => this.backing(id, account)));
  }

  /** What an account has in a pool, all zero where it has nothing. POOL_UNKNOWN */
  async backing(id: bigint, account: string): Promise<Backing> {
    const { rate, fees, tokens } = await this.get(id);
    return reading('asking for the shares', async () => {
      const { shares, thawing, until } = await this.#context.contracts.StakeManager.backing(id, account);
      const worth = (count: bigint) => (count * rate) / ONE;
      const amounts = await Promise.all(tokens.map((token) => this.#fees(fees).claimable(token, account)));
      const claimable = tokens.map((token, i) => ({ token, amount: amounts[i] }));
      const leaving = { shares: thawing, worth: worth(thawing), until };
      return { pool: id, shares, worth: worth(shares), thawing: leaving, claimable };
    });
  }

  /**
   * Backs an operator with `amount` wei of MIEL, whole milli-MIEL; approves it first where needed. It can be slashed with
   * the operator's until it is withdrawn. POOL_UNKNOWN, POOL_AMOUNT, POOL_ROOM, POOL_BALANCE, Delegation_TooMany,
   * Delegation_Ruined
   */
  async back(id: bigint, amount: bigint, signal?: AbortSignal): Promise<void> {
    const { MielToken, StakeManager } = this.#context.contracts;
    const account = await walletOf(this.#context, 'backing an operator').getAddress();
    const stake = await StakeManager.getAddress();
    const { room } = await this.get(id);
    const [allowed, balance] = await reading('asking for the balance', () =>
      Promise.all([MielToken.allowance(account, stake), MielToken.balanceOf(account)]),
    );
    requireBackable(amount, room, balance);
    if (allowed < amount)
      await this.#send(MielToken.approve.populateTransaction(stake, amount), 'approving MIEL', signal);
    await this.#send(StakeManager.delegateTo.populateTransaction(id, amount), 'backing the operator', signal);
  }

  /**
   * Begins to leave with some shares (default: all that do not leave yet); they can be withdrawn after the thaw, for
   * which the wait begins anew. POOL_UNKNOWN, POOL_SHARES
   */
  async leave(id: bigint, shares?: bigint, signal?: AbortSignal): Promise<void> {
    const account = await walletOf(this.#context, 'leaving the pool').getAddress();
    const { shares: all, thawing } = await this.backing(id, account);
    const free = all - thawing.shares;
    const asked = shares ?? free;
    if (asked <= 0n || asked > free) {
      throw new EssaimError('POOL_SHARES', `${account} has ${free} shares in pool ${id} that do not leave yet`, {
        help: free === 0n ? 'nothing can leave any more' : 'leave with at least one share and at most these',
        details: { free, asked },
      });
    }
    const call = this.#context.contracts.StakeManager.undelegate.populateTransaction(id, asked);
    await this.#send(call, 'leaving the pool', signal);
  }

  /** Pays out what has thawed. POOL_UNKNOWN, StakeManager_Nothing, StakeManager_Thawing, Delegation_Locked */
  async withdraw(id: bigint, signal?: AbortSignal): Promise<void> {
    await this.get(id);
    const call = this.#context.contracts.StakeManager.withdrawDelegated.populateTransaction(id);
    await this.#send(call, 'withdrawing from the pool', signal);
  }

  /** Pays an account (default: the signer) what it earned of each token; returns what that was. POOL_UNKNOWN */
  async claim(id: bigint, account?: string, signal?: AbortSignal): Promise<Backing['claimable']> {
    const to = account ?? (await walletOf(this.#context, 'claiming fees').getAddress());
    const { fees } = await this.get(id);
    const paid = (await this.backing(id, to)).claimable.filter(({ amount }) => amount > 0n);
    for (const { token } of paid)
      await this.#send(this.#fees(fees).claim.populateTransaction(token, to), 'claiming', signal);
    return paid;
  }

  /**
   * Opens the pool of the signer's provision for jobs or for training: from then on what it earns there is divided, `cut`
   * basis points to itself. Delegation_Exists, Delegation_Cut
   */
  async open(cut: bigint, what: 'jobs' | 'training' = 'jobs', signal?: AbortSignal): Promise<PoolView> {
    const { StakeManager, JobMarket, TrainingRegistry, Penalties } = this.#context.contracts;
    const client = await (what === 'jobs' ? JobMarket : TrainingRegistry).getAddress();
    const slasher = await Penalties.getAddress();
    await this.#send(StakeManager.openPool.populateTransaction(client, slasher, cut), 'opening the pool', signal);
    return this.of(await walletOf(this.#context, 'opening the pool').getAddress(), what);
  }

  /** For the operator: admits a token that delegators are then paid in. POOL_UNKNOWN, PoolFees_Caller, PoolFees_Admitted */
  async admit(id: bigint, token: string, signal?: AbortSignal): Promise<void> {
    const { fees } = await this.get(id);
    await this.#send(this.#fees(fees).admit.populateTransaction(token), 'admitting the token', signal);
  }

  /** For the operator: another cut, one thaw ahead. POOL_UNKNOWN, PoolFees_Caller, PoolFees_Cut */
  async announceCut(id: bigint, cut: bigint, signal?: AbortSignal): Promise<void> {
    const { fees } = await this.get(id);
    await this.#send(this.#fees(fees).announceCut.populateTransaction(cut), 'announcing a cut', signal);
  }

  #fees(address: string) {
    const { PoolFees } = this.#context.contracts;
    return PoolFees.attach(address) as typeof PoolFees;
  }

  async #send(call: Promise<ContractTransaction>, doing: string, signal?: AbortSignal): Promise<void> {
    await transact(this.#context, call, doing, signal);
  }
}

function requireBackable(amount: bigint, room: bigint, balance: bigint): void {
  const details = { amount, room, balance };
  if (amount <= 0n || amount % MILLI !== 0n) {
    const help = 'give more than zero, with at most three decimals';
    throw new EssaimError('POOL_AMOUNT', 'pools take whole milli-MIEL', { help, details });
  }
  if (amount > room) {
    const help = 'delegate less, or wait until its operator adds stake of its own: four times that is the most';
    throw new EssaimError('POOL_ROOM', `this pool takes ${showMiel(room)} more`, { help, details });
  }
  if (amount <= balance) return;
  const help = 'delegate less: staked MIEL has to be withdrawn before it can be delegated';
  throw new EssaimError('POOL_BALANCE', `the account holds ${showMiel(balance)}`, { help, details });
}
