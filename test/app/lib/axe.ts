import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { expect } from 'chai';
import type { Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** How many violations were found in all pages that were looked at. */
export const found = { pages: 0, violations: 0 };

/** Holds that axe finds nothing wrong with the page as it is now, in words that name what and where. */
export async function expectAccessible(page: Page): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ path: AXE });
  const { violations } = (await page.evaluate(() =>
    (window as never as { axe: { run(): Promise<unknown> } }).axe.run(),
  )) as AxeResults;
  found.pages += 1;
  found.violations += violations.length;
  const words = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`);
  expect(words, page.url()).to.deep.equal([]);
}
