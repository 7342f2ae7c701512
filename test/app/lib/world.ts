import { EssaimError } from '@essaim/protocol';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { recordFigure } from '../../../scripts/figures.ts';
import { Town } from '../../e2e/town.ts';
import { found } from './axe.ts';
import { openBrowser } from './browser.ts';
import { type Life, live } from './life.ts';
import { Site } from './site.ts';

/** What the tests of the page share: one network with some life in it, the built page, one browser. */
export interface World {
  readonly town: Town;
  readonly life: Life;
  readonly site: Site;
  readonly browser: Browser;
  /** Whether graph-node runs here; else the page reads from the chain alone. */
  readonly indexed: boolean;
}

let opened: World | undefined;

/** The world, once the tests run. */
export function world(): World {
  if (!opened) throw new Error('there is no world before the tests run');
  return opened;
}

// once for all files that import this, as the suite runs them in one process
before(async function () {
  this.timeout(180_000);
  const site = await Site.open();
  const [town, browser] = await Promise.all([
    Town.open({ origins: [site.origin] }),
    openBrowser(),
    build({ root: 'app', logLevel: 'error' }),
  ]);
  opened = { town, browser, site, life: {} as Life, indexed: false };
  const life = await live(town);
  const url = await indexer(town);
  opened = { ...opened, life, indexed: url !== undefined };
  site.config = {
    rpc: town.rpc,
    indexer: url,
    storage: town.storage,
    deployment: town.deployment,
    chain: { name: 'Test chain', coin: 'ETH' },
  };
});

after(async function () {
  this.timeout(30_000);
  recordFigure('count.app.axe-violations', {
    value: found.violations,
    unit: 'violations',
    aim: { atMost: 0 },
    command: 'npm run app:figures',
  });
  await opened?.browser.close();
  await opened?.site.close();
  await opened?.town.close();
});

/** Where graph-node has no binary, the page reads from the chain alone. */
async function indexer(town: Town): Promise<string | undefined> {
  try {
    return (await town.index()).url;
  } catch (error) {
    if (error instanceof EssaimError && error.code.endsWith('_MISSING')) return undefined;
    throw error;
  }
}
