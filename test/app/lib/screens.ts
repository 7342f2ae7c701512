import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Locator, Page } from 'playwright-core';
import { withPalette } from './palette.ts';

const FOLDER = fileURLToPath(new URL('../../../docs/screens/', import.meta.url));
const LARGEST = 150_000;

/** Keeps a picture of the page, or of a part of it, in docs/screens where the environment says SCREENS=write. */
export async function screenshot(page: Page, name: string, part?: Locator): Promise<void> {
  if (process.env.SCREENS !== 'write') return;
  mkdirSync(FOLDER, { recursive: true });
  await page.evaluate(scrollThrough);
  await page.waitForTimeout(400);
  const taken = part
    ? await part.screenshot({ animations: 'disabled' })
    : await page.screenshot({ fullPage: true, animations: 'disabled', clip: await visible(page) });
  const picture = withPalette(taken);
  writeFileSync(join(FOLDER, `${name}.png`), picture);
  expect(picture.length, `${name}.png`).to.be.at.most(LARGEST);
}

/** Runs in the page: what is drawn when it is seen is drawn. */
async function scrollThrough(): Promise<void> {
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
    scrollTo(0, y);
    await new Promise((resolve) => setTimeout(resolve, 80));
  }
  scrollTo(0, 0);
}

/** The whole page, but no more than two screens of it. */
async function visible(page: Page) {
  const { width, height } = page.viewportSize()!;
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  return { x: 0, y: 0, width, height: Math.min(whole, Math.max(2 * height, 1_600)) };
}
