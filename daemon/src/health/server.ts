import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EssaimError } from '@essaim/protocol';
import type { Metrics } from '../metrics/metrics.ts';
import type { Pulse } from './pulse.ts';

/** More that is served, by path; it may depend on what the address asks for. */
export type Pages = Readonly<Record<string, (asked: URLSearchParams) => unknown>>;

interface Answer {
  status: number;
  type?: string;
  body: string;
}

/**
 * Serves `/metrics`, `/livez` (the process answers), `/readyz` (every part's last cycle ended well) and `/pulse` (503
 * when a cycle stalls). LISTEN_FAILED
 */
export async function serveHealth(
  { host, port }: { host: string; port: number },
  metrics: Metrics,
  pulse: Pulse,
  pages: Pages = {},
): Promise<{ server: Server; port: number }> {
  const verdict = (bad: string[], word: string): Answer =>
    bad.length === 0 ? { status: 200, body: 'ok\n' } : { status: 503, body: `${word}: ${bad.join(', ')}\n` };
  const answer = async (asked: URL | null): Promise<Answer> => {
    // an address that is none
    if (!asked) return { status: 400, body: 'bad request\n' };
    const { pathname: path, searchParams } = asked;
    if (path === '/metrics') return { status: 200, type: metrics.contentType, body: await metrics.text() };
    if (path === '/livez') return { status: 200, body: 'ok\n' };
    if (path === '/readyz') return verdict(pulse.unready(), 'not ready');
    if (path === '/pulse') return verdict(pulse.stalled(), 'stalled');
    if (!Object.hasOwn(pages, path)) return { status: 404, body: 'there are /metrics, /livez, /readyz and /pulse\n' };
    return { status: 200, type: 'application/json', body: JSON.stringify(pages[path](searchParams)) };
  };
  const server = createServer((request, response) => {
    answer(URL.parse(request.url ?? '/', 'http://here')).then(
      ({ status, type = 'text/plain', body }) => response.writeHead(status, { 'content-type': type }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new EssaimError('LISTEN_FAILED', `nothing can be served at ${host}:${port}`, {
      help: 'give another --listen HOST:PORT: something else may listen there',
      cause,
    });
  }
  server.unref();
  return { server, port: (server.address() as AddressInfo).port };
}
