import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Archive, Capacity, makeOffer, Provider, type ProviderEvent, Quotes, ShopServer } from '@essaim/provider';
import type { ConnectOptions } from '@essaim/sdk';
import { FEE, type Role, tracer, type World } from './world.ts';

/** A real provider in this process that works until it is stopped. */
export interface Seller {
  events: ProviderEvent[];
  /** Serves its offer and quotes; the address. */
  open(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts selling every model for the test fee. */
export async function sell(
  world: World,
  role: Role = 'seller',
  options: Partial<ConnectOptions> = {},
): Promise<Seller> {
  const essaim = await world.connect(role, options);
  const events: ProviderEvent[] = [];
  const policy = {
    models: [],
    minimumFee: { [world.token.toLowerCase()]: FEE },
    maximumCollateral: 10n ** 24n,
    selfCheck: true,
  };
  const stop = new AbortController();
  const folder = mkdtempSync(join(tmpdir(), 'essaim-seller-'));
  const say = (event: ProviderEvent) => events.push(event);
  const capacity = new Capacity();
  const quotes = new Quotes({ essaim, policy, capacity, seconds: 600 });
  const shop = { essaim, policy, capacity, quotes, trace: tracer, archive: new Archive(folder), say };
  const working = new Provider(shop).run(stop.signal);
  let url = '';
  const offer = () => makeOffer({ essaim, policy, capacity, url }, 86_400);
  const server = new ShopServer({ host: '127.0.0.1', port: 0, offer, quotes, say });
  return {
    events,
    async open() {
      url = await server.listen();
      return url;
    },
    async stop() {
      stop.abort();
      if (url) await server.close();
      await working.catch(() => undefined);
      essaim.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
