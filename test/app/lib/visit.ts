import type { BrowserContext, Page } from 'playwright-core';
import { accounts, type Role } from '../../../scripts/demo/accounts.ts';
import { TestWallet } from './test-wallet.ts';
import { world } from './world.ts';

export interface VisitOptions {
  theme?: 'light' | 'dark';
  /** Phone width instead of a desk's. */
  phone?: boolean;
  /** Whose wallet the browser has; none: it has no wallet. */
  as?: Role;
  /** Changes of the page's config.json; undefined takes a service away. */
  config?: object;
}

/** Somebody at the page: a browser context of their own. Close it when done. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly wallet: TestWallet;
  /** What the page complained of in its console. */
  readonly complaints: string[];
  /** Goes to a page of the site, `models/12`. */
  go(path: string): Promise<void>;
  /** Connects the wallet by the header's button. */
  connect(): Promise<void>;
  close(): Promise<void>;
}

const DESK = { width: 1_200, height: 800 };
const PHONE = { width: 390, height: 844 };

/** Opens the page as somebody. */
export async function visit(options: VisitOptions = {}): Promise<Visit> {
  const { browser, site, town } = world();
  const { theme = 'light', phone, as, config } = options;
  const context = await browser.newContext({
    viewport: phone ? PHONE : DESK,
    colorScheme: theme,
    reducedMotion: 'reduce',
    bypassCSP: true,
  });
  context.setDefaultTimeout(20_000);
  const wallet = new TestWallet(accounts(town.chain)[as ?? 'requester'].privateKey, town.chain);
  if (as) await wallet.inject(context);
  if (config) {
    const json = { ...site.config, ...config };
    await context.route('**/config.json', (route) => route.fulfill({ json }));
  }
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  return {
    ...{ page, context, wallet, complaints },
    async go(path) {
      await page.goto(`${site.origin}/#/${path}`);
      await page.locator('h1').waitFor();
    },
    async connect() {
      await page.getByRole('banner').getByRole('button', { name: 'Connect a wallet' }).click();
      await page.getByRole('button', { name: 'Disconnect' }).waitFor();
    },
    close: () => context.close(),
  };
}
