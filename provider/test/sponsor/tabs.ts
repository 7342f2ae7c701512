import { readFileSync } from 'node:fs';
import { compile, toHex } from '@essaim/protocol';
import { boundaryBytes, commitInputs, openTracer } from '@essaim/runtime';
import type { Wallet } from 'ethers';
import { loadDigits, modelPath } from '../../../models/digits/digits.ts';
import {
  type Authorisation,
  authorisationDigest,
  keyName,
  type Place,
  signAuthorisation,
} from '../../src/lending/authorisation.ts';
import { makeSessionKey, openingMessage, type SessionKey } from '../../src/lending/result.ts';
import type { Line, Opening } from '../../src/lending/wire.ts';
import type { Work } from '../../src/sponsor/desk.ts';
import { Session } from '../../src/sponsor/session.ts';

export const PLACE: Place = { chainId: 31337, vouchers: '0x00000000000000000000000000000000000000aa' };
export const TOKEN = '0x00000000000000000000000000000000000000bb';

/** One execution of the small network, and what it makes. */
export async function digitWork(row: number, signal = new AbortController().signal) {
  const onnx = new Uint8Array(readFileSync(modelPath('mlp-b1')));
  const program = compile(onnx);
  const inputs = [new Uint8Array(Float32Array.from(loadDigits().scans[row]).buffer)];
  const trace = await openTracer()(program, onnx, inputs);
  const { root } = commitInputs(program, inputs);
  const values = boundaryBytes(trace);
  const work: Work = { what: 'job', program, onnx, inputs, inputsRoot: root, traceBytes: values.length, signal };
  return { work, trace, values };
}

/** A session as the desk sees it, and what it was told. */
export function sessionOf(bearer: string): { session: Session; told: Line[] } {
  const told: Line[] = [];
  const authorisation = { sponsor: '', payee: bearer, token: '', key: '', maximum: 1n, until: 0 };
  const session = new Session({ bearer, authorisation, digest: '', publicKey: new Uint8Array(), address: '' });
  session.connect((line) => told.push(line));
  return { session, told };
}

/** What a tab sends to open a session; `changed` is altered after it was signed. */
export async function opening(
  wallet: Pick<Wallet, 'address' | 'signTypedData'>,
  asked: Partial<Authorisation> & Pick<Authorisation, 'sponsor'>,
  place = PLACE,
  changed: Partial<Opening['authorisation']> = {},
): Promise<{ body: Opening; key: SessionKey }> {
  const key = await makeSessionKey();
  const authorisation: Authorisation = {
    ...{ payee: wallet.address, token: TOKEN, key: keyName(key.publicKey), maximum: 10n ** 18n },
    until: Math.floor(Date.now() / 1_000) + 3_600,
    ...asked,
  };
  const time = Date.now();
  const signed = { ...authorisation, maximum: String(authorisation.maximum), ...changed };
  const digest = authorisationDigest(place, { ...signed, maximum: BigInt(signed.maximum) });
  const body: Opening = {
    authorisation: signed,
    signature: await signAuthorisation(wallet as Wallet, place, authorisation),
    publicKey: toHex(key.publicKey),
    time,
    proof: toHex(await key.sign(openingMessage(digest, time))),
  };
  return { body, key };
}
