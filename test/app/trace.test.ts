import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '@essaim/protocol';
import { boundaryBytes, openTracer } from '@essaim/runtime';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { loadDigits, modelPath } from '../../models/digits/digits.ts';
import { openBrowser } from './lib/browser.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Serves a folder on a free port. */
async function serve(folder: string): Promise<{ url: string; server: Server }> {
  const server = createServer(({ url = '/' }, response) => {
    const file = join(folder, normalize(url === '/' ? '/index.html' : url));
    try {
      const content = readFileSync(file);
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

declare const traceOf: (model: string, input: string) => Promise<Record<string, unknown>>;

describe('the runtime in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'essaim-bench-'));
  let server: Server;
  let browser: Browser;
  let page: Page;

  before(async () => {
    const root = fileURLToPath(new URL('bench-page', import.meta.url));
    await build({
      ...{ root, base: './', configFile: false, logLevel: 'error', worker: { format: 'es' } },
      build: { outDir: folder, emptyOutDir: true, target: 'es2023' },
    });
    const served = await serve(folder);
    server = served.server;
    browser = await openBrowser();
    page = await browser.newPage();
    await page.goto(served.url);
  });
  after(async () => {
    await browser?.close();
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [name, golden] of [
    ['mlp-b1', '0x0a463ec8b904a614855aec260ed6e329ef070f6a52116921c40861dc24ccedd4'],
    ['cnn-b1', '0x4ce9a7c0a03513f4d8740fef084c6b906c1a9cd848e442d7860ac4f522ae754d'],
  ] as const) {
    it(`makes the recorded trace of the exact ${name}, bit by bit what Node makes`, async () => {
      const onnx = new Uint8Array(readFileSync(modelPath(name)));
      const scan = new Uint8Array(Float32Array.from(loadDigits().scans[7]).buffer);
      writeFileSync(join(folder, `${name}.onnx`), onnx);
      writeFileSync(join(folder, 'scan.bin'), scan);
      const made = await page.evaluate(([model, input]) => traceOf(model, input), [`${name}.onnx`, 'scan.bin']);
      const program = compile(onnx);
      const own = await openTracer()(program, onnx, [scan]);
      expect(made).to.include({ programId: program.id, exact: true, traceRoot: golden, inputsRoot: own.inputsRoot });
      expect(own.traceRoot).to.equal(golden);
      expect(made.bytes).to.equal(boundaryBytes(own).length);
    });
  }

  it('tells by its code what it cannot run', async () => {
    writeFileSync(join(folder, 'short.bin'), new Uint8Array(3));
    const failed = await page.evaluate(() =>
      traceOf('mlp-b1.onnx', 'short.bin').then(
        () => null,
        (error) => error.code,
      ),
    );
    expect(failed).to.equal('INPUT_WRONG_LENGTH');
  });
});
