import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { decode, encode } from 'fast-png';
import type { Page } from 'playwright-core';

const FOLDER = fileURLToPath(new URL('../../../docs/screens/', import.meta.url));
const LARGEST = 150_000;

/** Keeps a picture of the page in docs/screens where the environment says SCREENS=write. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (process.env.SCREENS !== 'write') return;
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${name}.png`);
  await page.waitForTimeout(400);
  // soft shadows take half of a picture's bytes
  const style = '* { box-shadow: none !important }';
  const taken = await page.screenshot({ fullPage: true, animations: 'disabled', style, clip: await visible(page) });
  const picture = small(taken);
  writeFileSync(path, picture);
  expect(picture.length, `${name}.png`).to.be.at.most(LARGEST);
}

/** The same picture with 64 levels of each colour, which makes it a third smaller. */
function small(png: Uint8Array): Uint8Array {
  const image = decode(png);
  const data = image.data.map((level) => (level & 0xfc) | (level >> 6));
  return encode({ ...image, data }, { zlib: { level: 9 } });
}

/** The whole page, but no more than two screens of it. */
async function visible(page: Page) {
  const { width, height } = page.viewportSize()!;
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  return { x: 0, y: 0, width, height: Math.min(whole, Math.max(2 * height, 1_600)) };
}
