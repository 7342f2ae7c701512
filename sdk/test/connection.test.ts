import { getEventListeners } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { abis } from '@essaim/sdk';
import { expect } from 'chai';
import { Wallet } from 'ethers';
import { failureOf, reach, request, type World, world } from './world.ts';

const SRC = join(import.meta.dirname, '../src');

describe('a connection', () => {
  let at: World;
  let timers: ReturnType<typeof countTimers> | undefined;
  afterEach(() => timers?.restore());
  before(async () => {
    at = await world();
  });

  it('is refused where no chain answers', async () => {
    for (const rpc of ['http://127.0.0.1:1', 'nonsense', at.node.url]) {
      expect((await failureOf(at.connect(undefined, { rpc }))).code).to.equal('CHAIN_UNREACHABLE');
    }
  });

  it('is refused where the endpoint takes too long', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const rpc = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    expect((await failureOf(at.connect(undefined, { rpc, timeout: 200 }))).code).to.equal('CHAIN_UNREACHABLE');
    silent.closeAllConnections();
    silent.close();
  });

  it('is refused for a deployment on another chain, or one that is incomplete', async () => {
    const elsewhere = { ...at.deployment, chainId: 1 };
    const mismatch = await failureOf(at.connect(undefined, { deployment: elsewhere }));
    expect(mismatch.code).to.equal('CHAIN_MISMATCH');
    expect(mismatch.message).to.include('31337');
    const { JobMarket: _, ...addresses } = at.deployment.addresses;
    const incomplete = await failureOf(at.connect(undefined, { deployment: { ...at.deployment, addresses } }));
    expect(incomplete.code).to.equal('DEPLOYMENT_INVALID');
    expect(incomplete.message).to.include('JobMarket');
    expect((await failureOf(at.connect(undefined, { deployment: null }))).code).to.equal('DEPLOYMENT_INVALID');
  });

  it('connects a wallet that has no provider of its own', async () => {
    const { privateKey, address } = at.wallets.requester;
    const essaim = await at.connect(undefined, { signer: () => new Wallet(privateKey) });
    expect((await essaim.jobs.simulate(request(at))).terms.requester).to.equal(address);
  });

  it('leaves no timer and no listener behind when it is closed', async () => {
    timers = countTimers();
    const outside = new AbortController();
    const essaim = await at.connect('requester');
    const run = essaim.jobs.run(request(at, { provider: at.wallets.rival.address }), {
      signal: outside.signal,
      timeout: 50_000,
    });
    await reach(run, 'posted');
    expect(timers.running()).to.be.above(0);
    expect(getEventListeners(outside.signal, 'abort')).to.have.length(1);
    essaim.close();
    await failureOf(run);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(timers.running()).to.equal(0);
    expect(getEventListeners(outside.signal, 'abort')).to.have.length(0);
  });

  it('never shows a private key or the secret in an endpoint’s address', async () => {
    const secret = 'c0ffee5ec2e7';
    const { privateKey } = at.wallets.requester;
    const key = privateKey.slice(2);
    const shown = (value: unknown) => inspect(value, { depth: 12, showHidden: true });
    const dead = await failureOf(at.connect(undefined, { rpc: `http://127.0.0.1:1/v2/${secret}` }));
    expect(shown(dead)).not.to.include(secret);
    const invalid = await failureOf(at.connect(undefined, { rpc: `not an address ${secret}` }));
    expect(shown(invalid)).not.to.include(secret);

    const broken = await brokenAfter(1, at.rpc);
    const rpc = `http://127.0.0.1:${(broken.address() as AddressInfo).port}/v2/${secret}`;
    const essaim = await at.connect(undefined, { rpc, signer: () => new Wallet(privateKey) });
    const failure = await failureOf(essaim.jobs.run(request(at)));
    expect(failure.code).to.equal('CHAIN_FAILED');
    expect(shown(failure)).not.to.include(secret);
    expect(shown(failure)).not.to.include(key);
    expect(shown(essaim.signer)).not.to.include(key);
    broken.closeAllConnections();
    broken.close();
  });

  it('brings ABIs without bytecode', () => {
    expect(JSON.stringify(abis)).not.to.match(/0x[0-9a-f]{200}/i);
  });

  it('works in a browser: imports nothing of Node, but in the entry for Node that nothing else imports', () => {
    const all = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const files = all.filter((file) => !file.startsWith('node/'));
    expect(files.length).to.be.above(20);
    for (const file of files) {
      const source = readFileSync(join(SRC, file), 'utf8');
      expect(source, file).not.to.match(
        /from '(node:|\.+\/node\/|@essaim\/(runtime|storage\/node))|\bBuffer\b|\bprocess\./,
      );
    }
  });
});

/** Counts timers that the SDK and ethers set from now on and that neither fired nor were cleared. */
function countTimers() {
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  const running = new Set<unknown>();
  const counted = (work: (...args: unknown[]) => void, ms?: number, ...rest: unknown[]) => {
    const isOurs = /sdk\/src|ethers/.test(new Error().stack ?? '');
    const timer = set(
      (...args) => {
        running.delete(timer);
        work(...args);
      },
      ms,
      ...rest,
    );
    if (isOurs) running.add(timer);
    return timer;
  };
  globalThis.setTimeout = counted as typeof setTimeout;
  globalThis.clearTimeout = ((timer: NodeJS.Timeout) => {
    running.delete(timer);
    clear(timer);
  }) as typeof clearTimeout;
  const restore = () => Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
  return { running: () => running.size, restore };
}

/** An endpoint that answers so many requests and then fails. */
async function brokenAfter(answers: number, url: string) {
  let left = answers;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (left-- <= 0) return response.writeHead(500).end('no');
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body: Buffer.concat(chunks) });
    return response.writeHead(200, headers).end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
