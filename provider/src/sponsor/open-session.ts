import { randomBytes } from 'node:crypto';
import { EssaimError, fromHex, toHex } from '@essaim/protocol';
import { getAddress, isAddress, isHexString } from 'ethers';
import {
  type Authorisation,
  authorisationDigest,
  checkAuthorisation,
  keyName,
  type Place,
} from '../lending/authorisation.ts';
import { isSigned, openingMessage } from '../lending/result.ts';
import type { Opening } from '../lending/wire.ts';
import { LONGEST } from './policy.ts';
import { type Opener, Session } from './session.ts';

/** Milliseconds that a proof of a key may be old. */
const FRESH = 120_000;

const refused = (message: string, help = 'sign in anew with what GET / says') =>
  new EssaimError('LENDING_REFUSED', message, { help });

/** Whom a sponsor works for it with, in which token, and where. */
export interface Terms {
  readonly place: Place;
  readonly sponsor: string;
  readonly token: string;
}

function read(body: unknown): Opening {
  const { authorisation: a, signature, publicKey, time, proof } = (body ?? {}) as Opening;
  const isWell =
    isAddress(a?.sponsor) &&
    isAddress(a.payee) &&
    isAddress(a.token) &&
    isHexString(a.key, 32) &&
    /^\d{1,77}$/.test(a.maximum) &&
    Number.isSafeInteger(a.until) &&
    isHexString(signature) &&
    isHexString(publicKey, 65) &&
    Number.isSafeInteger(time) &&
    isHexString(proof, 64);
  if (!isWell) throw refused('this opens no session: a part of it is missing or has another form');
  return { authorisation: a, signature, publicKey, time, proof };
}

/** Checks what asks for a session. LENDING_REFUSED, LENDING_UNAUTHORISED */
export async function openSession(
  body: unknown,
  { place, sponsor, token }: Terms,
  address: string,
  now = Date.now(),
): Promise<Session> {
  const { authorisation: asked, signature, publicKey, time, proof } = read(body);
  const authorisation: Authorisation = {
    sponsor: getAddress(asked.sponsor),
    payee: getAddress(asked.payee),
    token: getAddress(asked.token),
    key: asked.key.toLowerCase(),
    maximum: BigInt(asked.maximum),
    until: asked.until,
  };
  if (authorisation.sponsor !== sponsor) throw refused(`this authorises ${authorisation.sponsor}, we are ${sponsor}`);
  if (authorisation.token !== token) throw refused(`this is about ${authorisation.token}, we pay in ${token}`);
  const seconds = now / 1_000;
  if (authorisation.until <= seconds) throw refused('this authorisation has ended');
  if (authorisation.until > seconds + LONGEST + FRESH / 1_000)
    throw refused(`an authorisation lasts at most ${LONGEST} seconds`);
  if (Math.abs(time - now) > FRESH) throw refused('this was signed at another time', 'set the clock of this device');
  const key = fromHex(publicKey);
  if (keyName(key) !== authorisation.key) throw refused('the authorisation names another key');
  checkAuthorisation(place, authorisation, signature);
  const digest = authorisationDigest(place, authorisation);
  if (!(await isSigned(key, openingMessage(digest, time), fromHex(proof)))) {
    throw refused('whoever asks does not hold the key that was authorised');
  }
  const opener: Opener = { bearer: toHex(randomBytes(32)), authorisation, digest, publicKey: key, address };
  return new Session(opener);
}
