import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EssaimError } from '@essaim/protocol';
import type { Offer } from '@essaim/sdk';
import { describeFailure } from '@essaim/sdk/node';
import type { ProviderEvent } from '../events.ts';
import { answer, jsonOf, refuse } from '../sponsor/http.ts';
import { RateLimit } from '../sponsor/rate-limit.ts';
import type { Quotes } from './quotes.ts';

/** Bytes of a request for a quote. */
const REQUEST = 4_096;

export interface ShopServerOptions {
  readonly host: string;
  readonly port: number;
  /** The offer as it is now, signed. */
  readonly offer: () => Promise<Offer>;
  readonly quotes: Quotes;
  readonly say: (event: ProviderEvent) => void;
}

/** Serves what is sold, to anybody: `GET /offers`, and `POST /quote` for a promise. */
export class ShopServer {
  readonly #options: ShopServerOptions;
  readonly #server: Server;
  readonly #asks = new RateLimit({ burst: 20, perSecond: 5 });

  constructor(options: ShopServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#handle(request, response));
    this.#server.headersTimeout = 10_000;
    this.#server.requestTimeout = 30_000;
    this.#server.maxConnections = 200;
  }

  /** Listens; resolves with its address. LISTEN_FAILED */
  async listen(): Promise<string> {
    const { host, port } = this.#options;
    await new Promise<void>((listening, failed) => {
      this.#server.once('error', failed);
      this.#server.listen(port, host, listening);
    }).catch((cause) => {
      throw new EssaimError('LISTEN_FAILED', `nothing can be served at ${host}:${port}`, {
        help: 'give another --shop HOST:PORT: something else may listen there',
        cause,
      });
    });
    return `http://${host}:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.#server.close(done));
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // whoever went away is not told
    response.on('error', () => undefined);
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', 'content-type');
    response.setHeader('cache-control', 'no-store');
    const from = request.socket.remoteAddress ?? '';
    try {
      if (!this.#asks.allows(from)) {
        throw new EssaimError('TOO_OFTEN', 'this address asks too often', { help: 'ask again in a while' });
      }
      const { pathname } = new URL(request.url ?? '/', 'http://shop');
      const asked = `${request.method} ${pathname}`;
      if (request.method === 'OPTIONS') response.writeHead(204).end();
      else if (asked === 'GET /offers') answer(response, await this.#options.offer());
      else if (asked === 'POST /quote') {
        answer(response, await this.#options.quotes.give(await jsonOf(request, REQUEST), from));
      } else {
        throw new EssaimError('NOT_FOUND', `there is no ${asked} here`, { help: 'there are /offers and /quote' });
      }
    } catch (error) {
      if (!(error instanceof EssaimError)) this.#options.say({ event: 'shop-failed', ...describeFailure(error) });
      refuse(response, error);
    }
  }
}
