import { EssaimError } from '@essaim/protocol';
import { isAddress, isHexString, type Signer, type TypedDataField, verifyTypedData } from 'ethers';
import type { Offer, Quote } from './types.ts';

type Types = Record<string, TypedDataField[]>;
type Unsigned<T> = Omit<T, 'signature'>;

/** Where something holds: nowhere else is it worth anything. */
export interface Place {
  chainId: number;
  market: string;
}

const field = (name: string, type: string): TypedDataField => ({ name, type });
const fields = (type: string, ...names: string[]) => names.map((name) => field(name, type));

const LINE = [field('model', 'uint256'), field('token', 'address'), ...fields('uint256', 'fee', 'collateral')];
const OFFER: Types = {
  Offer: [
    ...[field('provider', 'address'), field('url', 'string')],
    ...[...fields('uint64', 'issued', 'validUntil'), field('concurrency', 'uint32'), field('lines', 'Line[]')],
  ],
  Line: [...LINE, ...fields('uint32', 'inputs', 'milliseconds')],
};
const QUOTE: Types = {
  Quote: [
    ...[...fields('address', 'provider', 'requester'), field('model', 'uint256'), field('programId', 'bytes32')],
    ...[field('token', 'address'), field('count', 'uint32'), ...fields('uint256', 'fee', 'collateral')],
    ...fields('uint64', 'readyBy', 'validUntil'),
  ],
};

/** Domain, types and message of an offer or a quote, as a wallet's `signTypedData` takes them (EIP-712). */
export function typedOffer(signed: Unsigned<Offer> | Unsigned<Quote>) {
  const { kind, chainId, market, ...message } = signed;
  const domain = { name: 'Essaim offers', version: '1', chainId, verifyingContract: market };
  return { domain, types: kind === 'essaim/offer/1' ? OFFER : QUOTE, message };
}

/** Signs an offer or a quote. */
export async function signOffer<T extends Unsigned<Offer> | Unsigned<Quote>>(
  signer: Signer,
  unsigned: T,
): Promise<T & { signature: string }> {
  const { domain, types, message } = typedOffer(unsigned);
  return { ...unsigned, signature: await signer.signTypedData(domain, types, message) };
}

const isCount = (value: unknown): boolean => typeof value === 'string' && /^\d{1,78}$/.test(value);
const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isHash = (value: unknown): boolean => isHexString(value, 32);
const isText = (value: unknown): boolean => typeof value === 'string' && value.length <= 2_048;

type Shape = Readonly<Record<string, (value: unknown) => boolean>>;

const LINE_SHAPE: Shape = {
  ...{ model: isCount, token: isAddress, fee: isCount, collateral: isCount, inputs: isWhole, milliseconds: isWhole },
};
const PLACE: Shape = { chainId: isWhole, market: isAddress, provider: isAddress, validUntil: isWhole };
const OFFER_SHAPE: Shape = {
  ...{ ...PLACE, kind: (it) => it === 'essaim/offer/1', url: isText, issued: isWhole, concurrency: isWhole },
  ...{ lines: (it) => Array.isArray(it) && it.length <= MOST_LINES && it.every((line) => !wrongIn(LINE_SHAPE, line)) },
  ...{ signature: isHexString },
};
const QUOTE_SHAPE: Shape = {
  ...{ ...PLACE, kind: (it) => it === 'essaim/quote/1', requester: isAddress, model: isCount, programId: isHash },
  ...{ token: isAddress, count: isWhole, fee: isCount, collateral: isCount, readyBy: isWhole, signature: isHexString },
};
const MOST_LINES = 1_000;

/** The first field that is not as it should be. */
function wrongIn(shape: Shape, value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'form';
  const given = value as Record<string, unknown>;
  return Object.entries(shape).find(([name, isRight]) => !isRight(given[name]))?.[0];
}

/** Checks somebody's offer: its shape, that it is for here, signed by its provider, and still holds. OFFER_INVALID, OFFER_EXPIRED */
export const readOffer = (value: unknown, place: Place, now: number): Offer =>
  checked<Offer>('an offer', OFFER_SHAPE, value, place, now);

/** The same of a quote. OFFER_INVALID, OFFER_EXPIRED */
export const readQuote = (value: unknown, place: Place, now: number): Quote =>
  checked<Quote>('a quote', QUOTE_SHAPE, value, place, now);

function checked<T extends Offer | Quote>(what: string, shape: Shape, value: unknown, place: Place, now: number): T {
  const wrong = wrongIn(shape, value);
  if (wrong) throw invalid(what, `its ${wrong} is not right`);
  const given = value as T;
  if (given.chainId !== place.chainId) throw invalid(what, `it is for chain ${given.chainId}, not ${place.chainId}`);
  if (!isSame(given.market, place.market)) throw invalid(what, `it is for the market ${given.market}`);
  if (!isSame(signerOf(given), given.provider)) throw invalid(what, `${given.provider} did not sign it`);
  if (given.validUntil >= now) return given;
  throw new EssaimError('OFFER_EXPIRED', `${what} of ${given.provider} held until second ${given.validUntil}`, {
    help: 'ask for another one',
    details: { validUntil: given.validUntil },
  });
}

function signerOf({ signature, ...unsigned }: Offer | Quote): string {
  const { domain, types, message } = typedOffer(unsigned as Unsigned<Offer> | Unsigned<Quote>);
  try {
    return verifyTypedData(domain, types, message, signature);
  } catch {
    return '';
  }
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const invalid = (what: string, why: string): EssaimError =>
  new EssaimError('OFFER_INVALID', `this is not ${what} that holds here: ${why}`, {
    help: 'do not deal with who served it; choose another provider',
  });
