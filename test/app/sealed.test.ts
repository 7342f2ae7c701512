import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeSealingKey, open, seal } from '@essaim/storage';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { openBrowser } from './lib/browser.ts';

const ENTRY = fileURLToPath(new URL('../../storage/src/sealed/index.ts', import.meta.url));
const VECTORS = new URL('../../storage/test/vectors/sealed.json', import.meta.url);
const PAGE = 'http://localhost/sealed.js';

type Sealed = typeof import('../../storage/src/sealed/index.ts');

describe('what is sealed, in a browser', () => {
  let browser: Browser;
  let page: Page;

  before(async () => {
    const bundled = await build({
      ...{ configFile: false, logLevel: 'silent' },
      build: { write: false, lib: { entry: ENTRY, formats: ['es'], fileName: 'sealed' } },
    });
    const [{ output }] = bundled as unknown as [{ output: { fileName: string; code: string }[] }];
    const code = new Map(output.map((file) => [`http://localhost/${file.fileName}`, file.code]));
    browser = await openBrowser();
    page = await browser.newPage();
    await page.route('**/*', (route) => {
      const body = code.get(route.request().url());
      const empty = { contentType: 'text/html', body: '<!doctype html><title>Sealed</title>' };
      return route.fulfill(body === undefined ? empty : { contentType: 'text/javascript', body });
    });
    await page.goto('http://localhost/');
  });
  after(() => browser?.close());

  it('opens the committed vectors, and what Node sealed; Node opens what it sealed', async () => {
    const { recipient, cases } = JSON.parse(readFileSync(VECTORS, 'utf8'));
    const key = await makeSealingKey();
    const info = new TextEncoder().encode('a job');
    const plain = Uint8Array.from({ length: 1_048_580 }, (_, i) => i % 251);
    const envelope = await seal({ publicKey: key.publicKey, info }, plain);
    const given = {
      ...{ url: PAGE, recipient, cases: cases.filter((vector: { envelope?: string }) => vector.envelope) },
      ...{ privateKey: [...key.privateKey], publicKey: [...key.publicKey], info: [...info] },
      envelope: Buffer.from(envelope).toString('base64'),
    };
    const found = await page.evaluate(async (from) => {
      const sealed = (await import(from.url)) as Sealed;
      const hex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
      const lengths: number[] = [];
      for (const vector of from.cases) {
        const words = new TextEncoder().encode(vector.info);
        lengths.push((await sealed.open(hex(from.recipient), words, hex(vector.envelope))).length);
      }
      const own = Uint8Array.from(from.privateKey);
      const about = Uint8Array.from(from.info);
      const bytes = await sealed.open(
        own,
        about,
        Uint8Array.from(atob(from.envelope), (letter) => letter.charCodeAt(0)),
      );
      const { publicKey } = await sealed.sealingKey(own);
      const isSame = publicKey.every((byte, i) => byte === from.publicKey[i]);
      const again = await sealed.seal({ publicKey, info: about }, bytes.slice(0, 1_000));
      return { lengths, length: bytes.length, isSame, again: [...again] };
    }, given);
    expect(found.lengths).to.deep.equal(given.cases.map(({ length }: { length: number }) => length));
    expect([found.length, found.isSame]).to.deep.equal([plain.length, true]);
    const opened = await open(key.privateKey, info, Uint8Array.from(found.again));
    expect(Buffer.compare(opened, plain.subarray(0, 1_000))).to.equal(0);
  });
});
