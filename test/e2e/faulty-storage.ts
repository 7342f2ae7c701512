import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

/** An IPFS node's RPC that passes everything on, but breaks every block off half way the first time it is read. */
export async function faultyStorage(url: string): Promise<{ url: string; readonly cuts: number; close(): void }> {
  const seen = new Set<string>();
  let cuts = 0;
  const server = createServer(async (request, response) => {
    try {
      const answer = await pass(url, request);
      const bytes = Buffer.from(await answer.arrayBuffer());
      const headers = { 'content-type': answer.headers.get('content-type') ?? 'application/octet-stream' };
      response.writeHead(answer.status, { ...headers, 'content-length': bytes.length });
      const isFirst = request.url?.includes('/block/get') && answer.ok && !seen.has(request.url);
      if (!isFirst) return void response.end(bytes);
      seen.add(request.url!);
      cuts++;
      response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
    } catch {
      response.destroy();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get cuts() {
      return cuts;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function pass(url: string, request: IncomingMessage): Promise<Response> {
  const type = request.headers['content-type'];
  return fetch(`${url}${request.url}`, {
    method: request.method,
    headers: type ? { 'content-type': type } : {},
    body: Readable.toWeb(request) as ReadableStream,
    duplex: 'half',
  } as RequestInit);
}
