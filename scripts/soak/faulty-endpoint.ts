import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { random } from '../../test/random.ts';

/** What an endpoint may do to a request instead of answering it. */
export const FAULTS = ['stall', 'drop', 'refuse', 'fail', 'lose', 'old'] as const;
export type Fault = (typeof FAULTS)[number];

/** An endpoint of the chain as bad as endpoints are. */
export interface FaultyEndpoint {
  readonly url: string;
  /** How often it did what. */
  readonly done: Readonly<Record<Fault, number>>;
  /** Requests that it was asked, faults among them. */
  readonly asked: () => number;
  close(): void;
}

export interface Faultiness {
  /** Share of the requests that something happens to. */
  readonly share: number;
  readonly seed: number;
  /** Milliseconds of a stall. */
  readonly stall?: number;
}

/** Blocks by which an old answer is behind. */
const BEHIND = 3;

interface Call {
  id: number;
  method: string;
  params?: unknown[];
}

interface Answer {
  jsonrpc: string;
  id: number;
  result?: unknown;
  error?: unknown;
}

/**
 * Passes requests on to `rpc`, but for a seeded share of them: a stall, a dropped connection, 429, 503, an answer that is lost on
 * its way back, or one from some blocks ago, as the nodes behind one address give it.
 */
export async function faultyEndpoint(rpc: string, { share, seed, stall = 800 }: Faultiness): Promise<FaultyEndpoint> {
  const next = random(seed);
  const done = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>;
  let asked = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    asked++;
    const fault = next() < share ? FAULTS[Math.floor(next() * FAULTS.length)] : undefined;
    if (fault) done[fault]++;
    if (fault === 'stall') await new Promise((resolve) => setTimeout(resolve, stall));
    if (fault === 'drop') return void request.socket.destroy();
    if (fault === 'refuse') return void response.writeHead(429, { 'retry-after': '1' }).end('too many requests');
    if (fault === 'fail') return void response.writeHead(503).end('out of order');
    const { status, text } = await ask(rpc, fault === 'old' ? await agedBy(rpc, body) : body);
    if (fault === 'lose') return void request.socket.destroy();
    const aged = fault === 'old' ? asOld(body, text) : text;
    response.writeHead(status, { 'content-type': 'application/json' }).end(aged);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, done, asked: () => asked, close };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

async function ask(rpc: string, body: string): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(rpc, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}

/** The same calls, asked of a block some blocks ago. Transactions are passed on as they are. */
async function agedBy(rpc: string, body: string): Promise<string> {
  const { text } = await ask(rpc, JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] }));
  const old = `0x${Math.max(0, Number(JSON.parse(text).result) - BEHIND).toString(16)}`;
  const aged = (call: Call): Call =>
    call.method.startsWith('eth_send') || call.method === 'eth_estimateGas'
      ? call
      : { ...call, params: call.params?.map((param) => (param === 'latest' ? old : param)) };
  const calls = JSON.parse(body) as Call | Call[];
  return JSON.stringify(Array.isArray(calls) ? calls.map(aged) : aged(calls));
}

/** Block numbers are some blocks ago too, and a block that is named by its hash is not there yet. */
function asOld(asked: string, answered: string): string {
  const calls = new Map(([JSON.parse(asked)].flat() as Call[]).map((call) => [call.id, call]));
  const aged = ({ jsonrpc, id, ...answer }: Answer) => {
    const { method, params = [] } = calls.get(id)!;
    if (params.some((param) => typeof param === 'object' && param !== null && 'requireCanonical' in param))
      return { jsonrpc, id, error: { code: -32_000, message: 'header not found' } };
    if (method !== 'eth_blockNumber' || !answer.result) return { jsonrpc, id, ...answer };
    return { jsonrpc, id, result: `0x${Math.max(0, Number(answer.result) - BEHIND).toString(16)}` };
  };
  const answers = JSON.parse(answered) as Answer | Answer[];
  return JSON.stringify(Array.isArray(answers) ? answers.map(aged) : aged(answers));
}
