import { EssaimError } from '@essaim/protocol';
import { type ContractTransaction, type Provider, type Signer, type TransactionReceipt, ZeroAddress } from 'ethers';
import { pastLogs } from '../chain/logs.ts';
import { chainFailure } from '../chain/reverts.ts';
import { send } from '../chain/send.ts';
import type { Contracts } from '../contracts/contracts.ts';
import { descendantsOf } from './descendants.ts';
import type { Drawing, Holder, Holding, Part, Revenue } from './types.ts';

interface Context {
  contracts: Contracts;
  provider: Provider;
  startBlock: number;
  signer?: Signer;
}

/**
 * What owning a part of a model or data set brings: holdings, revenue, and claiming it.
 *
 * @example
 * ```ts
 * import { parseEther } from 'ethers';
 *
 * await essaim.shares.create(own, [{ holder: account, amount: parseEther('1000') }]); // of a model of one's own
 * const { balance, supply } = await essaim.shares.of(own, account);
 * console.log(balance === supply); // true
 * console.log(await essaim.shares.claimable(own, token, account)); // 0
 * ```
 */
export class Shares {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Divides a model's revenue from now on among the holders of new shares, once; returns their address. For its owner,
   * who keeps what it gives itself. ModelRegistry_HasShares, ModelRegistry_NotOwner, Shares_Holders, WALLET_MISSING.
   */
  async create(model: bigint, parts: readonly Part[], signal?: AbortSignal): Promise<string> {
    const { ModelRegistry, Royalties } = this.#context.contracts;
    const [holders, amounts] = [parts.map(({ holder }) => holder), parts.map(({ amount }) => amount)];
    const call = ModelRegistry.createShares.populateTransaction(model, holders, amounts);
    await this.#send(call, 'dividing', signal);
    return this.#read(model, () => Royalties.sharesOf(model));
  }

  /** The shares of an asset, with the balance of `holder`. SHARES_NONE where its revenue is its owner's alone. */
  async of(asset: bigint, holder: string): Promise<Holding> {
    const { address, contract } = await this.#sharesOf(asset);
    const [balance, supply, tokens] = await this.#read(asset, () =>
      Promise.all([contract.balanceOf(holder), contract.totalSupply(), contract.tokens()]),
    );
    return { asset, shares: address, balance, supply, tokens: [...tokens] };
  }

  /** All shares that `holder` has, of every asset, oldest asset first. */
  async holdings(holder: string): Promise<Holding[]> {
    const { Royalties } = this.#context.contracts;
    const topics = [Royalties.interface.getEvent('Shared').topicHash];
    const assets: bigint[] = [];
    for await (const log of this.#logs(await Royalties.getAddress(), topics)) assets.push(BigInt(log.topics[1]));
    const all = await Promise.all(assets.map((asset) => this.of(asset, holder)));
    return all.filter(({ balance }) => balance > 0n);
  }

  /** Everyone who has or had shares of an asset, most shares first, and what each is and was paid in `token`. */
  async holders(asset: bigint, token: string): Promise<Holder[]> {
    const { address, contract } = await this.#sharesOf(asset);
    const { Transfer, Claimed } = contract.filters;
    const everyone = new Set<string>();
    for await (const log of this.#logs(address, await Transfer().getTopicFilter()))
      everyone.add(contract.interface.decodeEventLog('Transfer', log.data, log.topics).to);
    const claimed = new Map<string, bigint>();
    for await (const log of this.#logs(address, await Claimed(token).getTopicFilter())) {
      const { holder, amount } = contract.interface.decodeEventLog('Claimed', log.data, log.topics);
      claimed.set(holder, (claimed.get(holder) ?? 0n) + amount);
    }
    const rows = await this.#read(asset, () =>
      Promise.all(
        [...everyone].map(async (holder) => {
          const [balance, claimable] = await Promise.all([
            contract.balanceOf(holder),
            contract.claimable(token, holder),
          ]);
          return { holder, balance, claimable, claimed: claimed.get(holder) ?? 0n };
        }),
      ),
    );
    return rows.sort((a, b) => (a.balance === b.balance ? 0 : a.balance < b.balance ? 1 : -1));
  }

  /** An asset's revenue in `token` so far; {@link draw} first to have all of it. */
  async revenue(asset: bigint, token: string): Promise<Revenue> {
    const { Royalties } = this.#context.contracts;
    const [received, earned, paid] = await this.#read(asset, () =>
      Promise.all([Royalties.received(token, asset), Royalties.earned(token, asset), Royalties.paid(token, asset)]),
    );
    return { received, earned, paid };
  }

  /** What {@link claim} would pay `holder` now: of an asset without shares, if it is the owner. */
  async claimable(asset: bigint, token: string, holder: string): Promise<bigint> {
    const { Royalties, Shares } = this.#context.contracts;
    return this.#read(asset, async () => {
      const address = await Royalties.sharesOf(asset);
      if (address !== ZeroAddress) return (Shares.attach(address) as typeof Shares).claimable(token, holder);
      const { owner } = await Royalties.assetOf(asset);
      if (owner.toLowerCase() !== holder.toLowerCase()) return 0n;
      const { earned, paid } = await this.revenue(asset, token);
      return earned - paid;
    });
  }

  /**
   * Moves what every descendant of an asset earned in `token` up to it: royalties out of the market, and through each
   * generation. One transaction for each descendant that has something; anyone may send them. WALLET_MISSING.
   */
  async draw(asset: bigint, token: string, signal?: AbortSignal): Promise<Drawing> {
    const { contracts, provider, startBlock } = this.#context;
    const { JobMarket, Royalties } = contracts;
    const before = await this.revenue(asset, token);
    let transactions = 0;
    for (const id of [...(await descendantsOf(provider, contracts, asset, startBlock)), asset]) {
      const [waiting, undrawn] = await this.#read(id, () =>
        Promise.all([JobMarket.royalties(token, id), Royalties.undrawn(token, id)]),
      );
      // A payment lets the parents draw all that they are owed.
      if (waiting > 0n) await this.#send(JobMarket.collectRoyalty.populateTransaction(token, id), 'collecting', signal);
      else if (undrawn > 0n && id !== asset)
        await this.#send(Royalties.distribute.populateTransaction(token, id), 'drawing from a descendant', signal);
      else continue;
      transactions++;
    }
    const { received } = await this.revenue(asset, token);
    return { transactions, received: received - before.received };
  }

  /**
   * Pays what an asset earned in `token` to a holder of its shares (default: the signer), or to its owner where it has
   * none; returns the amount. Admits the token first where the asset is priced in it. Anyone may send it.
   * Shares_Nothing, Royalties_Nothing, Shares_Token where the owner has not admitted the token, WALLET_MISSING.
   */
  async claim(asset: bigint, token: string, holder?: string, signal?: AbortSignal): Promise<bigint> {
    const { Royalties, Shares } = this.#context.contracts;
    const address = await this.#read(asset, () => Royalties.sharesOf(asset));
    if (address === ZeroAddress)
      return this.#paid(await this.#send(Royalties.collect.populateTransaction(token, asset), 'collecting', signal));
    const contract = Shares.attach(address) as typeof Shares;
    const admitted = await this.#read(asset, () => contract.tokens());
    if (!admitted.some((it) => it.toLowerCase() === token.toLowerCase()))
      await this.#send(contract.admit.populateTransaction(token), 'admitting the token', signal);
    const to = holder ?? (await this.#wallet('claiming').getAddress());
    return this.#paid(await this.#send(contract.claim.populateTransaction(token, to), 'claiming', signal));
  }

  /** The amount that a transaction paid out. */
  async #paid(receipt: TransactionReceipt): Promise<bigint> {
    const { Royalties } = this.#context.contracts;
    const { topicHash } = Royalties.interface.getEvent('Paid');
    const log = receipt.logs.find(({ topics }) => topics[0] === topicHash);
    return log ? Royalties.interface.decodeEventLog('Paid', log.data, log.topics).amount : 0n;
  }

  async #sharesOf(asset: bigint) {
    const { Royalties, Shares } = this.#context.contracts;
    const address = await this.#read(asset, () => Royalties.sharesOf(asset));
    if (address !== ZeroAddress) return { address, contract: Shares.attach(address) as typeof Shares };
    throw new EssaimError('SHARES_NONE', `asset ${asset} has no shares`, {
      help: 'check the id; where it is right, all revenue is its owner’s, who claims it',
      details: { asset },
    });
  }

  #logs(address: string, topics: (string | string[] | null)[]) {
    const { provider, startBlock } = this.#context;
    const read = async function* () {
      yield* pastLogs(provider, { address, topics, fromBlock: startBlock }, await provider.getBlockNumber());
    };
    return read();
  }

  async #read<T>(asset: bigint, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw await chainFailure(cause, `asking for the revenue of asset ${asset}`);
    }
  }

  #wallet(doing: string): Signer {
    if (this.#context.signer) return this.#context.signer;
    throw new EssaimError('WALLET_MISSING', `${doing} revenue needs a signer`, { help: 'connect with one' });
  }

  async #send(call: Promise<ContractTransaction>, doing: string, signal?: AbortSignal): Promise<TransactionReceipt> {
    return send(this.#wallet(doing), await call, `${doing} revenue`, { signal });
  }
}
