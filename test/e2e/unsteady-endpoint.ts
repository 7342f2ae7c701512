import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as JSON-RPC tells it. */
export interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** A chain's endpoint that passes everything on, unless it is told to do otherwise. */
export interface UnsteadyEndpoint {
  readonly url: string;
  /** Answers 503. */
  fails: boolean;
  /** Takes requests and never answers. */
  stalls: boolean;
  /** Answers 429 and asks to be left alone for as many seconds. */
  limits?: number;
  /** What it says instead of a result; undefined: the truth. */
  lie?: (call: Call, result: unknown) => unknown;
  /** Calls that came, by method. */
  readonly asked: Map<string, number>;
  close(): void;
}

/** Puts such an endpoint before a chain. */
export async function unsteadyEndpoint(rpc: string): Promise<UnsteadyEndpoint> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const calls = [JSON.parse(body.toString())].flat() as Call[];
    for (const { method } of calls) endpoint.asked.set(method, (endpoint.asked.get(method) ?? 0) + 1);
    if (endpoint.stalls) return;
    if (endpoint.limits !== undefined) response.writeHead(429, { 'retry-after': String(endpoint.limits) }).end();
    else if (endpoint.fails) response.writeHead(503).end('out of order');
    else await pass(calls, body, response).catch(() => response.destroy());
  });
  const pass = async (calls: readonly Call[], body: Buffer, response: ServerResponse): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(rpc, { method: 'POST', headers, body: new Uint8Array(body) });
    const { lie } = endpoint;
    response.writeHead(answer.status, headers);
    if (!lie) return void response.end(Buffer.from(await answer.arrayBuffer()));
    const told = (await answer.json()) as { id: number; result?: unknown } | { id: number; result?: unknown }[];
    for (const each of [told].flat()) {
      const call = calls.find(({ id }) => id === each.id);
      const said = call && lie(call, each.result);
      if (said === undefined) continue;
      each.result = said;
      delete (each as { error?: unknown }).error;
    }
    response.end(JSON.stringify(told));
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint: UnsteadyEndpoint = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fails: false,
    stalls: false,
    asked: new Map(),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return endpoint;
}
