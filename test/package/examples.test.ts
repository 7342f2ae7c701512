import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { accounts } from '../../scripts/demo/accounts.ts';
import { openBrowser } from '../app/lib/browser.ts';
import { TestWallet } from '../app/lib/test-wallet.ts';
import { Town } from '../e2e/town.ts';
import { folder, inProject, project, tarball } from './outsider.ts';

/** Two strokes that make a one. */
const ONE = [3, 4].flatMap((column) => Array.from({ length: 8 }, (_, row) => 8 * row + column));

describe('the examples, with the packed SDK', () => {
  let town: Town;
  let site: Server;
  let page = '';
  const origin = () => `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  const environment = (): Record<string, string> => {
    const DEPLOYMENT = join(folder(), 'deployment.json');
    writeFileSync(DEPLOYMENT, JSON.stringify(town.deployment));
    const { id, program } = town.models.mlp;
    const where = { RPC: town.rpc, STORAGE: town.storage, DEPLOYMENT, KEY_FILE: town.keyFile('requester') };
    return { ...where, MODEL: String(id), PROGRAM: program.id };
  };

  before(async function () {
    this.timeout(240_000);
    site = createServer(async ({ url = '/' }, response) => {
      const path = new URL(url, 'http://site').pathname;
      const name = path === '/' ? '/index.html' : path;
      const body = await readFile(join(page, 'dist', join('/', name))).catch(() => undefined);
      response.writeHead(body ? 200 : 404, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' });
      response.end(body);
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');
    [town] = await Promise.all([Town.open({ origins: [origin()] }), tarball()]);
    await town.provider('alice');
  });

  after(async () => {
    site.closeAllConnections();
    site.close();
    await town?.close();
  });

  it('buy an inference from a script, and check it', async () => {
    const home = await project('node');
    const said = await inProject(home, ['npm', 'start', '--silent'], environment());
    const { address } = accounts(town.chain).alice;
    expect(said.split('\n').slice(0, 5)).to.deep.equal([
      'posted',
      'accepted',
      'submitted',
      'result',
      `${address} reads 1`,
    ]);
    expect(said).to.match(/checked receipt .*"batchRoot":"0x[0-9a-f]{64}"/);
    expect(said).to.match(/checked judged .*"elements":\d+/);
    expect(said.trim().split('\n').at(-1)).to.equal('nothing is wrong with it');
  }).timeout(120_000);

  it('say what is missing by code, and end with 1', async () => {
    const home = await project('node');
    const failed = await inProject(home, ['npm', 'start', '--silent'], { ...environment(), MODEL: '1' }).catch(
      (e) => e,
    );
    expect(failed.code).to.equal(1);
    expect(failed.stderr).to.match(/^MODEL_UNKNOWN: /);
  }).timeout(120_000);

  it('read digits from a server, which pays as long as its budget lasts', async () => {
    const home = await project('server');
    const { child, url } = await serve(home, { ...environment(), PORT: '0', BUDGET: '3' });
    const read = async (body: string) => {
      const response = await fetch(`${url}/read`, { method: 'POST', body });
      return { status: response.status, ...((await response.json()) as { digit?: number; code?: string }) };
    };
    const pixels = JSON.stringify(Array.from({ length: 64 }, (_, i) => (ONE.includes(i) ? 16 : 0)));
    try {
      expect(await read('[1, 2]')).to.include({ status: 400, code: 'INPUT_WRONG_SHAPE' });
      expect(await read('no json')).to.include({ status: 400, code: 'INPUT_INVALID' });
      const [one, other] = await Promise.all([read(pixels), read(pixels)]);
      const [paid, refused] = one.status === 200 ? [one, other] : [other, one];
      expect(paid).to.include({ status: 200, digit: 1 });
      expect(refused).to.include({ status: 429, code: 'BUDGET_SPENT' });
      expect(await read(pixels)).to.include({ status: 429 });
    } finally {
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).to.deep.equal([0, null]);
    }
  }).timeout(120_000);

  it('read a digit that is drawn on a page, paid by the wallet of a browser', async () => {
    page = await project('page');
    await inProject(page, ['npm', 'run', 'build', '--silent']);
    const { id, program } = town.models.mlp;
    const config = {
      rpc: town.rpc,
      storage: town.storage,
      deployment: town.deployment,
      model: `${id}`,
      program: program.id,
    };
    writeFileSync(join(page, 'dist/config.json'), JSON.stringify(config));
    const browser = await openBrowser();
    try {
      await drawAndRead(browser);
    } finally {
      await browser.close();
    }
  }).timeout(180_000);

  async function drawAndRead(browser: Browser): Promise<void> {
    const context = await browser.newContext();
    const wallet = new TestWallet(accounts(town.chain).requester.privateKey, town.chain);
    await wallet.inject(context);
    const tab = await context.newPage();
    const complaints: string[] = [];
    tab.on('pageerror', ({ message }) => complaints.push(message));
    await tab.goto(origin());
    for (const pixel of ONE) await tab.locator('#pad button').nth(pixel).click();

    wallet.mood = 'refuse';
    await tab.getByRole('button', { name: 'Have it read' }).click();
    await tab
      .getByRole('status')
      .filter({ hasText: /refused|reject/i })
      .waitFor();

    wallet.mood = 'agree';
    await tab.getByRole('button', { name: 'Have it read' }).click();
    await tab.getByRole('status').filter({ hasText: 'It is a 1.' }).waitFor({ timeout: 60_000 });
    const shown = await tab.getByRole('list', { name: 'What happened' }).getByRole('listitem').allTextContents();
    expect(shown).to.include.members([
      'posted',
      'accepted',
      'submitted',
      'result',
      'checked: receipt',
      'checked: judged',
    ]);
    expect(complaints).to.deep.equal([]);
  }
});

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
};

/** Starts the server; its address, once it listens. */
async function serve(home: string, env: Record<string, string>): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['server.ts'], {
    cwd: home,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout!)) {
    const url = /^listening on (\S+)$/.exec(line)?.[1];
    if (url) return { child, url };
  }
  throw new Error('the server ended');
}
