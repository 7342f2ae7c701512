import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIST = fileURLToPath(new URL('../../../app/dist/', import.meta.url));

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** The built page behind a plain file server, as any host or IPFS gateway serves it; `config.json` is the test's own. */
export class Site {
  readonly origin: string;
  config: object = {};
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async open(): Promise<Site> {
    const server = createServer(async (request, response) => {
      const path = new URL(request.url ?? '/', 'http://site').pathname;
      const name = path.endsWith('/') ? `${path}index.html` : path;
      const body =
        name === '/config.json'
          ? JSON.stringify(site.config)
          : await readFile(join(DIST, join('/', name))).catch(() => undefined);
      response.writeHead(body === undefined ? 404 : 200, {
        'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
        'cache-control': 'no-store',
      });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const site: Site = new Site(server);
    return site;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
