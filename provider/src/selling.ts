import { join } from 'node:path';
import { folderOf } from '@essaim/daemon';
import type { Engine, Pool, Tracer } from '@essaim/runtime';
import type { Essaim } from '@essaim/sdk';
import { Capacity } from './capacity/capacity.ts';
import { Speeds } from './capacity/speeds.ts';
import type { ProviderEvent } from './events.ts';
import { Quotes } from './offers/quotes.ts';
import type { ProviderOptions } from './options.ts';
import type { Policy } from './policy.ts';
import { Qualifier } from './qualified/qualifier.ts';

interface Parts {
  readonly essaim: Essaim;
  readonly policy: Policy;
  readonly trace: Tracer;
  readonly pool: Pick<Pool, 'width'>;
  readonly engines: readonly Engine[];
  /** Of the account's data. */
  readonly folder: string;
  readonly say: (event: ProviderEvent) => void;
}

/** What decides which jobs are accepted and promised, as the options say. */
export function openSelling({ essaim, policy, trace, pool, engines, folder, say }: Parts, options: ProviderOptions) {
  const speeds = new Speeds(join(folder, 'speeds.json'));
  const capacity = new Capacity({ lanes: options.concurrency ?? pool.width, lead: options.lead, speeds });
  const { unqualified, quoteFor } = options;
  const qualifier = new Qualifier({ engines, trace, speeds, unqualified, say, folder: folderOf(options.data) });
  const quotes = new Quotes({ essaim, policy, capacity, qualifier, seconds: quoteFor, folder, say });
  return { policy, capacity, qualifier, quotes };
}
