import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A chain's endpoint that answers 503 while `fails` is set, and passes everything on otherwise. */
export async function unsteadyEndpoint(rpc: string): Promise<{ url: string; fails: boolean; close(): void }> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (endpoint.fails) {
      response.writeHead(503).end('out of order');
      return;
    }
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(rpc, { method: 'POST', headers, body: Buffer.concat(parts) });
    response.writeHead(answer.status, headers).end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  const endpoint = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, fails: false, close };
  return endpoint;
}
