import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { concat, EssaimError } from '@essaim/protocol';
import type { Line } from '../lending/wire.ts';
import { answer, answerBytes, bodyOf, jsonOf, refuse } from './http.ts';
import { resultBytes } from './judge-result.ts';
import { RateLimit } from './rate-limit.ts';
import type { Session } from './session.ts';
import type { Sponsor } from './sponsor.ts';

export interface ServerOptions {
  /** Port on every interface that `host` names; 0: any free one. */
  readonly port: number;
  readonly host: string;
  /** Pages that may ask, as their browsers name them. */
  readonly origins: readonly string[];
  /** Certificate and key as PEM; without them it speaks plain HTTP, for a proxy before it or for this machine. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Told of what failed here and not at who asked. */
  readonly failed: (error: unknown) => void;
}

/** Bytes of an opening. */
const OPENING = 4_096;
/** Milliseconds between two signs of life: proxies cut lines that are silent for a minute. */
const PULSE = 15_000;
/** Bytes that may wait in a line before it counts as gone. */
const BACKLOG = 65_536;

type Route = (request: IncomingMessage, response: ServerResponse, name: string) => Promise<void> | void;

/** The service that lent tabs speak to (docs/lending.md). */
export class SponsorServer {
  readonly #sponsor: Sponsor;
  readonly #options: ServerOptions;
  readonly #server: Server;
  readonly #asks = new RateLimit({ burst: 60, perSecond: 30 });
  readonly #opens = new RateLimit({ burst: 10, perSecond: 0.2 });
  readonly #routes: Record<string, Route>;

  constructor(sponsor: Sponsor, options: ServerOptions) {
    this.#sponsor = sponsor;
    this.#options = options;
    this.#routes = {
      'GET /': (_, response) => answer(response, sponsor.about),
      'POST /sessions': (request, response) => this.#open(request, response),
      'DELETE /sessions': (request, response) => {
        sponsor.close(this.#sessionOf(request));
        answer(response, {});
      },
      'GET /work': (request, response) => this.#work(request, response),
      'GET /models/': (request, response, id) => answerBytes(response, this.#taskOf(request, id).work.onnx),
      'GET /tasks/': (request, response, id) =>
        answerBytes(response, concat([...this.#taskOf(request, id).work.inputs])),
      'POST /tasks/': (request, response, id) => this.#result(request, response, id),
    };
    const handle = (request: IncomingMessage, response: ServerResponse) => void this.#handle(request, response);
    this.#server = options.tls ? createSecureServer(options.tls, handle) : createServer(handle);
    this.#server.headersTimeout = 10_000;
    this.#server.requestTimeout = 120_000;
    this.#server.maxConnections = 4_000;
  }

  /** Listens; resolves with its address. */
  async listen(): Promise<string> {
    const { port, host, tls } = this.#options;
    await new Promise<void>((listening, failed) => {
      this.#server.once('error', failed);
      this.#server.listen(port, host, listening);
    });
    const { port: taken } = this.#server.address() as AddressInfo;
    return `${tls ? 'https' : 'http'}://${host}:${taken}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.#server.close(done));
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // whoever went away is not told
    response.on('error', () => undefined);
    try {
      this.#admit(request, response);
      if (request.method === 'OPTIONS') {
        response.writeHead(204).end();
        return;
      }
      const path = new URL(request.url ?? '/', 'http://sponsor').pathname;
      const [, part, name = ''] = /^(\/[a-z]*)(?:\/([0-9a-fx]{1,80}))?$/.exec(path) ?? [];
      const route = part && this.#routes[`${request.method} ${part}${name ? '/' : ''}`];
      if (!route)
        throw new EssaimError('NOT_FOUND', `there is no ${request.method} ${path} here`, {
          help: 'see docs/lending.md',
        });
      await route(request, response, name);
    } catch (error) {
      if (!(error instanceof EssaimError)) this.#options.failed(error);
      refuse(response, error);
    }
  }

  /** Lets in who may ask, and not too often. A request without an origin is no page's. ORIGIN_REFUSED, TOO_OFTEN */
  #admit(request: IncomingMessage, response: ServerResponse): void {
    const { origin } = request.headers;
    response.setHeader('vary', 'origin');
    response.setHeader('cache-control', 'no-store');
    if (origin !== undefined) {
      if (!this.#options.origins.includes(origin)) {
        throw new EssaimError('ORIGIN_REFUSED', `pages of ${origin} may not lend to this sponsor`, {
          help: 'use a page that the sponsor names, or ask it to allow this one',
        });
      }
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-allow-methods', 'GET, POST, DELETE');
      response.setHeader('access-control-allow-headers', 'authorization, content-type');
      response.setHeader('access-control-max-age', '600');
    }
    if (!this.#asks.allows(request.headers.authorization ?? addressOf(request))) throw tooOften();
  }

  async #open(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#opens.allows(addressOf(request))) throw tooOften();
    answer(response, await this.#sponsor.open(await jsonOf(request, OPENING), addressOf(request)));
  }

  /** The line that tells a tab its tasks: the tab has gone when it closes. */
  #work(request: IncomingMessage, response: ServerResponse): void {
    const session = this.#sessionOf(request);
    const { desk } = this.#sponsor;
    if (session.isConnected) desk.leave(session);
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'x-accel-buffering': 'no' });
    const write = (line: Line) => {
      if (response.writableEnded || response.destroyed) return;
      if (response.writableLength > BACKLOG) response.destroy();
      else response.write(`${JSON.stringify(line)}\n`);
      if (line.line === 'end') response.end();
    };
    write({ line: 'alive' });
    const pulse = setInterval(() => write({ line: 'alive' }), PULSE);
    session.connect(write);
    response.once('close', () => {
      clearInterval(pulse);
      // a tab that came again has another line by now
      if (session.speaksBy(write)) {
        session.disconnect();
        desk.leave(session);
      }
    });
    desk.join(session);
  }

  async #result(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    const session = this.#sessionOf(request);
    const { work } = this.#taskOf(request, id);
    answer(response, await this.#sponsor.accept(session, id, await bodyOf(request, resultBytes(work))));
  }

  #sessionOf({ headers }: IncomingMessage): Session {
    return this.#sponsor.session(/^Bearer (0x[0-9a-f]{64})$/.exec(headers.authorization ?? '')?.[1] ?? '');
  }

  /** The session's task, if it has this id. LENT_LATE */
  #taskOf(request: IncomingMessage, id: string) {
    const { task } = this.#sessionOf(request);
    if (task?.id === id) return task;
    throw new EssaimError('LENT_LATE', 'this task went to another', { help: 'wait for the next one' });
  }
}

const addressOf = ({ socket }: IncomingMessage): string => socket.remoteAddress ?? '';
const tooOften = () =>
  new EssaimError('TOO_OFTEN', 'that was asked too often', { help: 'wait a little and try again' });
