import type { BrowserContext, Route } from 'playwright-core';

/** One question of JSON-RPC. */
export interface RpcCall {
  id: number;
  method: string;
  params: unknown[];
}

/** What a service does with a request instead of what it would: passes it on, or whatever the route allows. */
export type Bending = (route: Route) => Promise<void>;

/** A service that this browser sees as it is told; `how` may be set again at any time, undefined: as it is. */
export interface Bent {
  how: Bending | undefined;
}

/** Stands between a browser and a service. */
export async function bend(context: BrowserContext, url: string, how?: Bending): Promise<Bent> {
  const { origin } = new URL(url);
  const bent: Bent = { how };
  await context.route(
    (asked) => asked.origin === origin,
    async (route) => {
      const isAsked = route.request().method() !== 'OPTIONS';
      await (bent.how && isAsked ? bent.how(route) : route.continue()).catch(() => {});
    },
  );
  return bent;
}

/** Never answers. */
export const stalls: Bending = () => new Promise(() => {});

/** Is not there. */
export const isGone: Bending = (route) => route.abort('connectionrefused');

/** Says that it was asked too often. */
export const isBusy: Bending = (route) =>
  route.fulfill({ status: 429, headers: { 'retry-after': '1' }, body: 'slow down' });

/** Questions of JSON-RPC are changed on their way, and answers on their way back. */
export const rpcWith =
  (
    ask: (call: RpcCall) => RpcCall,
    answer: (call: RpcCall, result: unknown) => unknown = (_, result) => result,
  ): Bending =>
  async (route) => {
    const asked = route.request().postDataJSON() as RpcCall | RpcCall[];
    const calls = [asked].flat();
    const postData = JSON.stringify(Array.isArray(asked) ? calls.map(ask) : ask(asked));
    const response = await route.fetch({ postData });
    const told = [await response.json()].flat() as { id: number; result?: unknown }[];
    const changed = told.map((it) => {
      const call = calls.find(({ id }) => id === it.id);
      return call && 'result' in it ? { ...it, result: answer(call, it.result) } : it;
    });
    await route.fulfill({ response, json: Array.isArray(asked) ? changed : changed[0] });
  };

/** What it answers is changed as text. */
export const textWith =
  (change: (text: string) => string): Bending =>
  async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: change(await response.text()) });
  };
