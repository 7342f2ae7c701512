import { EssaimError } from '@essaim/protocol';
import type { Storage } from '@essaim/storage';

/** The service of an agent's registration file (ERC-8004) that leads to its offer. */
export const OFFER_SERVICE = 'essaim-offer';
const TYPE = 'https://eips.ethereum.org/EIPS/eip-8004#registration-v1';

/** Most bytes of a registration file, of an offer and of a quote. */
const MOST = 256 * 1_024;
/** Milliseconds. */
const PATIENCE = 10_000;

interface Service {
  name: string;
  endpoint: string;
}

/** An agent's registration file, as far as it is read here. */
export interface Registration {
  type: string;
  name: string;
  description: string;
  services: Service[];
}

/** A registration file that names where an offer is; what another one says beside it is kept. */
export function registrationWith(endpoint: string, account: string, other?: Partial<Registration>): Registration {
  const services = (other?.services ?? []).filter(({ name }) => name !== OFFER_SERVICE);
  return {
    type: TYPE,
    name: `Provider ${account}`,
    description: 'Sells inference on Essaim',
    ...other,
    services: [...services, { name: OFFER_SERVICE, endpoint }],
  };
}

/** Where the offer of a registration file is; undefined if it names none. */
export function offerIn(file: unknown): string | undefined {
  const { services, endpoints } = (file ?? {}) as { services?: unknown; endpoints?: unknown };
  const listed = [services, endpoints].find(Array.isArray) ?? [];
  const service = listed.find((each: Partial<Service> | null) => each?.name === OFFER_SERVICE);
  return typeof service?.endpoint === 'string' ? service.endpoint : undefined;
}

/** JSON from ipfs://, http(s):// or data:. SHOP_UNREACHABLE, SHOP_INVALID, STORAGE_…, and SHOP_REFUSED with what a shop said. */
export async function jsonAt(
  uri: string,
  storage: Storage,
  { body, signal }: { body?: object; signal?: AbortSignal } = {},
): Promise<unknown> {
  const cid = /^ipfs:\/\/([A-Za-z0-9]+)$/.exec(uri)?.[1];
  if (cid) return parsed(uri, await storage.get(cid, { maxBytes: MOST, timeoutMs: PATIENCE, signal }));
  if (!/^(https?:\/\/|data:application\/json)/.test(uri)) throw invalid(uri, 'it is no address that is read here');
  const response = await reach(uri, body, signal);
  const content = parsed(uri, await bytesOf(uri, response));
  if (response.ok) return content;
  const { code, message, help } = (content ?? {}) as Record<string, unknown>;
  throw new EssaimError('SHOP_REFUSED', `${uri} says ${code ?? response.status}: ${message ?? 'nothing more'}`, {
    help: typeof help === 'string' ? help : 'ask for something else, or another provider',
    details: { status: response.status, code },
  });
}

async function reach(uri: string, body: object | undefined, signal?: AbortSignal): Promise<Response> {
  const patience = AbortSignal.timeout(PATIENCE);
  const headers = { 'content-type': 'application/json' };
  const post = body && { method: 'POST', headers, body: JSON.stringify(body) };
  try {
    return await fetch(uri, { ...post, signal: signal ? AbortSignal.any([signal, patience]) : patience });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new EssaimError('SHOP_UNREACHABLE', `${uri} does not answer`, {
      help: 'choose another provider, or try again later',
      cause,
    });
  }
}

async function bytesOf(uri: string, { body }: Response): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = body?.getReader();
  for (let length = 0; reader; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > MOST) {
      await reader.cancel();
      throw invalid(uri, `it has more than ${MOST} bytes`);
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function parsed(uri: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw invalid(uri, 'it is no JSON');
  }
}

const invalid = (uri: string, why: string): EssaimError =>
  new EssaimError('SHOP_INVALID', `what is at ${uri} cannot be used: ${why}`, { help: 'choose another provider' });
