/**
 * What `import { Essaim } from '@essaim/sdk'` weighs in a browser, and what is loaded later: npm run size. With
 * FIGURES=write it keeps the figure.
 */
import { fileURLToPath } from 'node:url';
import { assertFigure, type Figure } from './figures.ts';
import { bundle, type Chunk, sizeAtOnce } from './size/bundle.ts';

const ROOT = fileURLToPath(new URL('../sdk', import.meta.url));

/** The bundle of an application that imports `Essaim` and nothing else. */
export const sdkBundle = (): Promise<Chunk[]> => bundle("export { Essaim } from '@essaim/sdk';", ROOT);

/** Kilobytes after gzip, ethers among them, of all that is loaded at once. */
export const sdkSize = (chunks: readonly Chunk[]): Figure => ({
  value: sizeAtOnce(chunks) / 1000,
  unit: 'kB gzip',
  aim: { atMost: 120 },
  command: 'npm run size',
});

if (import.meta.main) {
  const chunks = await sdkBundle();
  for (const { file, bytes, atOnce } of chunks)
    console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${atOnce ? 'at once ' : 'on demand'}  ${file}`);
  console.log(`${sdkSize(chunks).value.toFixed(1).padStart(7)} kB  at once in all`);
  assertFigure('size.sdk.browser', sdkSize(chunks));
}
