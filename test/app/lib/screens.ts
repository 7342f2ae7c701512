import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Page } from 'playwright-core';

const FOLDER = fileURLToPath(new URL('../../../docs/screens/', import.meta.url));
const LARGEST = 150_000;

/** Keeps a picture of the page in docs/screens where the environment says SCREENS=write. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (process.env.SCREENS !== 'write') return;
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${name}.png`);
  await page.waitForTimeout(400);
  await page.screenshot({ path, fullPage: true, animations: 'disabled', clip: await visible(page) });
  expect(statSync(path).size, `${name}.png`).to.be.at.most(LARGEST);
}

/** The whole page, but no more than two screens of it. */
async function visible(page: Page) {
  const { width, height } = page.viewportSize()!;
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  return { x: 0, y: 0, width, height: Math.min(whole, Math.max(2 * height, 1_600)) };
}
