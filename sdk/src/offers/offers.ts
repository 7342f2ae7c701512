import { EssaimError } from '@essaim/protocol';
import { type Storage, StorageError } from '@essaim/storage';
import { getAddress, ZeroAddress } from 'ethers';
import { allLogs } from '../chain/logs.ts';
import { chainTime, type HolderContext, reading } from '../governance/context.ts';
import type { JobInputs, JobRequest } from '../jobs/request.ts';
import type { Model } from '../models.ts';
import { jsonAt, offerIn } from './registration.ts';
import { type Place, readOffer, readQuote } from './signed.ts';
import type { Choice, MissingOffer, Offer, OfferLine, Quote, QuoteRequest } from './types.ts';

/** What a job is wanted for. Amounts in smallest units, of MIEL in wei. */
export interface WantedJob {
  /** Inputs; default 1. */
  count?: number;
  token: string;
  /** MIEL that is to be at stake; default: none beyond the floor. */
  collateral?: bigint;
}

/** Offers that are read at once. */
const AT_ONCE = 8;

/**
 * What providers sell: their offers, found by the agents that their accounts are linked to and checked against their
 * signatures, and quotes, which they keep.
 *
 * @example
 * ```ts
 * const offer = await essaim.offers.at(`${shop}/offers`); // or of(provider), or all(), by their agents
 * const [{ cost }] = await essaim.offers.choose([offer], model, { token }); // the cheapest first
 * const quote = await essaim.offers.quote(offer, model, { token }); // a promise, ready by its readyBy
 * const run = essaim.jobs.run(await essaim.offers.request(quote, model, pixels));
 * const { provider } = await run;
 * console.log(BigInt(quote.fee) === cost, provider === offer.provider); // true true
 * ```
 */
export class Offers {
  readonly #context: HolderContext;
  readonly #storage: Storage;

  constructor(context: HolderContext, storage: Storage) {
    this.#context = context;
    this.#storage = storage;
  }

  /** The offer of a provider's account. OFFER_NONE if its agent names none; OFFER_INVALID, OFFER_EXPIRED, SHOP_…, STORAGE_… */
  async of(provider: string, signal?: AbortSignal): Promise<Offer> {
    const { Outcomes, IdentityRegistry } = this.#context.contracts;
    const [linked, agent] = await reading('asking for a provider’s agent', () =>
      Outcomes.agentAt(provider, 2 ** 48 - 1),
    );
    if (!linked) throw none(provider, 'is linked to no agent');
    const uri = await reading('asking for an agent’s file', () => IdentityRegistry.tokenURI(agent));
    const endpoint = uri && offerIn(await jsonAt(uri, this.#storage, { signal }));
    if (!endpoint) throw none(provider, `is agent ${agent}, whose file names no offer`);
    const offer = await this.at(endpoint, signal);
    if (offer.provider.toLowerCase() === provider.toLowerCase()) return offer;
    throw none(provider, `leads to the offer of ${offer.provider}`);
  }

  /** The offer at an address: of a shop (`https://…/offers`) or on storage (`ipfs://…`). OFFER_INVALID, OFFER_EXPIRED, SHOP_…, STORAGE_… */
  async at(uri: string, signal?: AbortSignal): Promise<Offer> {
    const content = await jsonAt(uri, this.#storage, { signal });
    return readOffer(content, await this.#place(), await this.#now());
  }

  /** The offers of all providers that announce one; and those whose offer was not to be had. */
  async all(signal?: AbortSignal): Promise<{ offers: Offer[]; missing: MissingOffer[] }> {
    const providers = await this.#linked();
    const [offers, missing]: [Offer[], MissingOffer[]] = [[], []];
    const read = async (): Promise<void> => {
      for (let provider = providers.pop(); provider !== undefined; provider = providers.pop()) {
        try {
          offers.push(await this.of(provider, signal));
        } catch (error) {
          if (signal?.aborted) throw error;
          if (!(error instanceof EssaimError || error instanceof StorageError)) throw error;
          if (error.code !== 'OFFER_NONE') missing.push({ provider, code: error.code, message: error.message });
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, read));
    return { offers, missing };
  }

  /** Of some offers those that sell a model as it is wanted, the cheapest first, of equal ones the fastest. */
  async choose(offers: readonly Offer[], model: Pick<Model, 'id'>, wanted: WantedJob): Promise<Choice[]> {
    const { count = 1 } = wanted;
    const choices = offers.flatMap((offer) => {
      const line = lineFor(offer, model.id, wanted);
      return line ? [{ offer, line, cost: BigInt(line.fee) * BigInt(count) }] : [];
    });
    const time = ({ line }: Choice) => line.milliseconds || Number.POSITIVE_INFINITY;
    return choices.sort((a, b) => (a.cost < b.cost ? -1 : a.cost > b.cost ? 1 : time(a) < time(b) ? -1 : 1));
  }

  /**
   * Asks a provider for a promise to take one job. OFFER_NO_QUOTES where it gives none, SHOP_REFUSED with its reason;
   * OFFER_INVALID where what it says is not what was asked, or dearer than it offers.
   */
  async quote(
    offer: Offer,
    model: Pick<Model, 'id' | 'program'>,
    wanted: WantedJob,
    signal?: AbortSignal,
  ): Promise<Quote> {
    if (!offer.url) {
      throw new EssaimError('OFFER_NO_QUOTES', `${offer.provider} gives no quotes`, {
        help: 'post a job by its offer: it takes what it can finish',
      });
    }
    const { count = 1, token, collateral = 0n } = wanted;
    const requester = await this.#context.signer?.getAddress();
    const asked: QuoteRequest = {
      ...{ model: String(model.id), programId: model.program.id, token: getAddress(token) },
      ...{ count, collateral: String(collateral), requester },
    };
    const url = `${offer.url.replace(/\/$/, '')}/quote`;
    const content = await jsonAt(url, this.#storage, { body: asked, signal });
    const quote = readQuote(content, await this.#place(), await this.#now());
    requireAnswer(quote, asked, offer, lineFor(offer, model.id, wanted));
    return quote;
  }

  /** The job that redeems a quote, to be posted before it ends; `within` seconds at least for it. It may be sealed. */
  async request(
    quote: Quote,
    model: Model,
    inputs: JobInputs,
    { within = 3_600, ...seal }: Pick<JobRequest, 'within' | 'sealed' | 'guessable'> = {},
  ): Promise<JobRequest> {
    const left = quote.readyBy - (await this.#now());
    return {
      ...{ model, inputs, token: quote.token, fee: BigInt(quote.fee), collateral: BigInt(quote.collateral) },
      ...{ provider: quote.provider, within: Math.max(within, left + POSTING), ...seal },
    };
  }

  /** Accounts that are linked to an agent, as far as their links were made here. */
  async #linked(): Promise<string[]> {
    const { provider, contracts, startBlock } = this.#context;
    const { Outcomes } = contracts;
    const topics = [Outcomes.getEvent('Linked').fragment.topicHash];
    const logs = await allLogs(provider, { address: await Outcomes.getAddress(), topics, fromBlock: startBlock });
    return [...new Set(logs.map((log) => getAddress(`0x${log.topics[2].slice(26)}`)))];
  }

  async #place(): Promise<Place> {
    return { chainId: this.#context.chainId, market: await this.#context.contracts.JobMarket.getAddress() };
  }

  async #now(): Promise<number> {
    return Number(await chainTime(this.#context));
  }
}

/** Seconds that posting may take. */
const POSTING = 60;

/** The line by which an offer sells a model as it is wanted; undefined if it does not. */
export function lineFor(
  { lines }: Offer,
  model: bigint,
  { count = 1, token, collateral = 0n }: WantedJob,
): OfferLine | undefined {
  const own = lines.filter((line) => BigInt(line.model) === model);
  const those = own.length > 0 ? own : lines.filter((line) => BigInt(line.model) === 0n);
  return those.find(
    (line) =>
      line.token.toLowerCase() === token.toLowerCase() &&
      BigInt(line.collateral) >= collateral &&
      (line.inputs === 0 || line.inputs >= count),
  );
}

/** OFFER_INVALID unless a quote is what was asked for, for no more than was offered. */
function requireAnswer(quote: Quote, asked: QuoteRequest, offer: Offer, line: OfferLine | undefined): void {
  const { requester } = asked;
  const isAnswer =
    quote.provider.toLowerCase() === offer.provider.toLowerCase() &&
    BigInt(quote.model) === BigInt(asked.model) &&
    quote.programId === asked.programId &&
    quote.token.toLowerCase() === asked.token.toLowerCase() &&
    quote.count >= asked.count &&
    BigInt(quote.collateral) >= BigInt(asked.collateral) &&
    [ZeroAddress, requester?.toLowerCase()].includes(quote.requester.toLowerCase());
  const isDearer = line !== undefined && BigInt(quote.fee) > BigInt(line.fee);
  if (isAnswer && !isDearer) return;
  throw new EssaimError(
    'OFFER_INVALID',
    `the quote of ${offer.provider} is ${isDearer ? 'dearer than its offer' : 'for something else than was asked for'}`,
    {
      help: 'read its offer again, or choose another provider',
      details: { quote, asked },
    },
  );
}

const none = (provider: string, why: string): EssaimError =>
  new EssaimError('OFFER_NONE', `${provider} announces no offer: it ${why}`, {
    help: 'a job that is open to anyone may still be taken by it',
  });
