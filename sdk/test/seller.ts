import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Archive, Provider, type ProviderEvent } from '@essaim/provider';
import type { ConnectOptions } from '@essaim/sdk';
import { FEE, type Role, tracer, type World } from './world.ts';

/** A real provider in this process that works until it is stopped. */
export interface Seller {
  events: ProviderEvent[];
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
  const shop = { essaim, policy, trace: tracer, archive: new Archive(folder), say };
  const working = new Provider(shop).run(stop.signal);
  return {
    events,
    async stop() {
      stop.abort();
      await working.catch(() => undefined);
      essaim.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
