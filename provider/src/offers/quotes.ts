import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EssaimError } from '@essaim/protocol';
import { written } from '@essaim/runtime';
import { type Essaim, type Quote, type QuoteRequest, signOffer, type Terms } from '@essaim/sdk';
import { getAddress, isAddress, isHexString, keccak256, toUtf8Bytes, ZeroAddress } from 'ethers';
import type { Capacity } from '../capacity/capacity.ts';
import { coinRefusal, spaceRefusal } from '../capacity/means.ts';
import { sizesOf } from '../capacity/room.ts';
import type { ProviderEvent } from '../events.ts';
import { type Policy, priceOf, refusalOf, requireStake } from '../policy.ts';
import type { Qualifier } from '../qualified/qualifier.ts';
import type { Refusal } from '../refusal.ts';
import { accountOf } from '../shop.ts';

export interface QuotesOptions {
  readonly essaim: Essaim;
  readonly policy: Policy;
  readonly capacity: Capacity;
  readonly qualifier?: Qualifier;
  /** Seconds for which a quote holds. */
  readonly seconds: number;
  /** Where quotes that hold are kept, so that a restart breaks no promise, and jobs are, for which there has to be room. */
  readonly folder?: string;
  readonly say?: (event: ProviderEvent) => void;
}

/** Quotes that hold at once: they keep time free that nobody may come to use. */
const MOST = 64;
const MOST_OF_ONE = 4;
/** Seconds after its end in which a job that was posted before is still seen. */
const SEEN = 60;

interface Given {
  readonly quote: Quote;
  /** Who asked, as far as the connection tells. */
  readonly from: string;
  /** Bytes that its job takes. */
  readonly disk: number;
  readonly memory: number;
}

/** Promises to take jobs: each keeps the time free that its job needs, until the job comes or the promise ends. */
export class Quotes {
  readonly #options: QuotesOptions;
  readonly #given = new Map<string, Given>();
  readonly #file: string | undefined;

  constructor(options: QuotesOptions) {
    this.#options = options;
    this.#file = options.folder === undefined ? undefined : join(options.folder, 'quotes.json');
    for (const given of this.#file ? readGiven(this.#file) : []) this.#hold(idOf(given.quote), given);
  }

  /**
   * Promises to take one job. QUOTE_INVALID, QUOTE_REFUSED with the reason, QUOTES_FULL; PROVIDER_STAKE, and what loading
   * the model throws.
   */
  async give(request: unknown, from: string): Promise<Quote> {
    const asked = readRequest(request);
    const { essaim, policy, capacity, qualifier, seconds, say } = this.#options;
    const now = await this.#now();
    const signer = accountOf({ essaim });
    const self = await signer.getAddress();
    const price = priceOf(policy, BigInt(asked.model), asked.token);
    const terms = { ...wouldBe(asked, self), fee: price?.fee ?? 0n };
    const refusal = refusalOf(policy, terms, self);
    if (refusal) throw refused(refusal, 'see the offer for what is sold');
    // what was never run here is not fetched or tried for those who only ask
    const speed = { programId: asked.programId, count: asked.count };
    if (capacity.readyBy(speed, now) === undefined)
      throw refused('how long this model takes is not known yet', 'post a job by the offer: it is run alone');
    const model = await essaim.models.load(terms.model, terms.programId);
    const record = await qualifier?.find(model);
    if (record && !record.isQualified)
      throw refused('this device is not qualified for the model', 'see the offer for what is sold');
    await requireStake(essaim, terms, self);
    const task = { ...speed, ...sizesOf(model.program, asked.count) };
    if (await coinRefusal(this.#options, capacity, now))
      throw refused('its account cannot pay for the gas of one job more', 'ask again later, or another provider');
    this.#forget(now);
    const readyBy = capacity.readyBy(task, now)!;
    if (spaceRefusal(this.#options, capacity, { ...task, deadline: readyBy }, now))
      throw refused('its disk or its memory has no room for such a job', 'ask again later, or for fewer inputs');
    if (
      this.#given.size >= MOST ||
      [...this.#given.values()].filter((each) => each.from === from).length >= MOST_OF_ONE
    ) {
      throw new EssaimError('QUOTES_FULL', 'too many quotes hold already', {
        help: `each holds for ${seconds} s unless its job is posted; ask again after that, or post a job by the offer`,
      });
    }
    // a place is kept before anything is waited for
    const unsigned = {
      ...{ kind: 'essaim/quote/1' as const, chainId: essaim.deployment.chainId, provider: self, ...asked },
      ...{ market: essaim.deployment.addresses.JobMarket, fee: String(terms.fee) },
      ...{ requester: asked.requester ?? ZeroAddress, readyBy, validUntil: now + seconds },
    };
    const id = idOf(unsigned);
    capacity.hold(id, { ...task, deadline: readyBy }, unsigned.validUntil + SEEN);
    const quote = await signOffer(signer, unsigned);
    this.#given.set(id, { quote, from, disk: task.disk, memory: task.memory });
    await this.#keep();
    say?.({ event: 'quoted', quote: id, model: quote.model, count: quote.count, readyBy });
    return quote;
  }

  /** Whether a job was promised to be taken. */
  isPromised(terms: Terms): boolean {
    return this.#promiseOf(terms) !== undefined;
  }

  /** Lets a promised job have the time that was kept for it; the promise is over once `admit` has nothing against it. */
  redeem(terms: Terms, admit: () => Refusal | null): Refusal | null {
    const promised = this.#promiseOf(terms);
    if (!promised) return admit();
    const [id, given] = promised;
    this.#options.capacity.release(id);
    const refusal = admit();
    if (refusal) this.#hold(id, given);
    else this.#given.delete(id);
    void this.#keep();
    return refusal;
  }

  #promiseOf(terms: Terms): [string, Given] | undefined {
    return [...this.#given].find(([, { quote }]) => redeems(terms, quote));
  }

  #hold(id: string, given: Given): void {
    const { disk, memory, quote } = given;
    const { programId, count, readyBy, validUntil } = quote;
    this.#given.set(id, given);
    this.#options.capacity.hold(id, { programId, count, deadline: readyBy, disk, memory }, validUntil + SEEN);
  }

  #forget(now: number): void {
    for (const [id, { quote }] of this.#given) if (quote.validUntil + SEEN < now) this.#given.delete(id);
  }

  async #keep(): Promise<void> {
    const file = this.#file;
    if (file === undefined) return;
    await mkdir(dirname(file), { recursive: true });
    await written(file, JSON.stringify([...this.#given.values()]));
  }

  async #now(): Promise<number> {
    return (await this.#options.essaim.provider.getBlock('latest'))?.timestamp ?? 0;
  }
}

/** Whether a job is what a quote promises to take. */
function redeems(terms: Terms, quote: Quote): boolean {
  return (
    terms.provider.toLowerCase() === quote.provider.toLowerCase() &&
    [ZeroAddress, terms.requester.toLowerCase()].includes(quote.requester.toLowerCase()) &&
    terms.model === BigInt(quote.model) &&
    terms.programId === quote.programId &&
    terms.token.toLowerCase() === quote.token.toLowerCase() &&
    terms.count <= BigInt(quote.count) &&
    terms.fee >= BigInt(quote.fee) &&
    terms.collateral <= BigInt(quote.collateral) &&
    terms.deadline >= BigInt(quote.readyBy)
  );
}

/** Names a promise among those of this provider. */
const idOf = ({ requester, model, token, count, readyBy, validUntil }: Omit<Quote, 'signature'>): string =>
  keccak256(toUtf8Bytes(['quote', requester, model, token, count, readyBy, validUntil].join()));

/** The terms that a job by a quote would have, as far as they are looked at. */
function wouldBe({ model, programId, token, count, collateral }: QuoteRequest, self: string): Terms {
  const none = `0x${'00'.repeat(32)}`;
  return {
    ...{ requester: ZeroAddress, provider: self, token, deadline: 0n, count: BigInt(count), salt: 0n, fee: 0n },
    ...{ royalty: 0n, model: BigInt(model), programId, inputsRoot: none, inputs: none },
    collateral: BigInt(collateral),
    isSealed: false,
  };
}

function readRequest(value: unknown): QuoteRequest {
  const { model, programId, token, count, collateral = '0', requester } = (value ?? {}) as Partial<QuoteRequest>;
  const isAmount = (text: unknown): boolean => typeof text === 'string' && /^\d{1,78}$/.test(text);
  const checks: [string, boolean][] = [
    ['model', isAmount(model)],
    ['programId', isHexString(programId, 32)],
    ['token', isAddress(token)],
    ['count', Number.isSafeInteger(count) && count! > 0 && count! < 2 ** 32],
    ['collateral', isAmount(collateral)],
    ['requester', requester === undefined || isAddress(requester)],
  ];
  const wrong = checks.find(([, isRight]) => !isRight)?.[0];
  if (wrong === undefined) {
    const who = requester === undefined ? undefined : getAddress(requester);
    return {
      model: model!,
      programId: programId!,
      token: getAddress(token!),
      count: count!,
      collateral,
      requester: who,
    };
  }
  throw new EssaimError('QUOTE_INVALID', `a quote cannot be asked for by this ${wrong}`, {
    help: 'send { model, programId, token, count, collateral, requester } as docs/provider.md shows',
  });
}

const refused = (why: string, help: string): EssaimError => new EssaimError('QUOTE_REFUSED', why, { help });

function readGiven(file: string): Given[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // none yet
    return [];
  }
}
