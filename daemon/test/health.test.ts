import { once } from 'node:events';
import { get } from 'node:http';
import { Metrics, Pulse, serveHealth } from '@essaim/daemon';
import { watch } from '@essaim/sdk/node';
import { expect } from 'chai';

describe('the health of a daemon', () => {
  it('turns 503 when a cycle of any part stalls, and well again when it goes on', async () => {
    const metrics = new Metrics();
    let now = 0;
    const pulse = new Pulse(1_000, metrics, () => now);
    const stop = new AbortController();
    const { server, port } = await serveHealth({ host: '127.0.0.1', port: 0 }, metrics, pulse, {
      '/more': () => ({ more: 1 }),
    });
    const get = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      return { status: response.status, body: await response.text() };
    };
    let release = (): void => {};
    let fails = false;
    const stuck = () =>
      new Promise<void>((resolve, reject) => {
        release = () => (fails ? reject(new Error('no')) : resolve());
      });
    const running = [
      watch(stuck, 1, pulse.feel('slow', stop.signal), () => {}),
      watch(
        async () => {},
        1,
        pulse.feel('quick', stop.signal),
        () => {},
      ),
    ];
    const turn = () => new Promise((resolve) => setTimeout(resolve, 40));
    await turn();
    expect(await get('/readyz')).to.deep.equal({ status: 503, body: 'not ready: slow\n' });
    expect((await get('/pulse')).status).to.equal(200);

    now = 1_001;
    await turn();
    expect(await get('/pulse')).to.deep.equal({ status: 503, body: 'stalled: slow\n' });
    expect((await get('/livez')).status).to.equal(200);

    release();
    await turn();
    expect((await get('/pulse')).status).to.equal(200);
    expect((await get('/readyz')).status).to.equal(200);

    fails = true;
    release();
    await turn();
    expect(await get('/readyz')).to.deep.equal({ status: 503, body: 'not ready: slow\n' });
    const { body } = await get('/metrics');
    expect(body).to.match(/essaim_cycles_total\{part="slow",result="ok"\} 1\n/);
    expect(body).to.match(/essaim_cycles_total\{part="slow",result="failed"\} 1\n/);
    expect(body).to.match(/essaim_cycle_seconds_count\{part="quick"\} \d/);
    expect(JSON.parse((await get('/more')).body)).to.deep.equal({ more: 1 });
    expect((await get('/none')).status).to.equal(404);
    stop.abort();
    await Promise.all(running);
    server.close();
  });

  it('is not ready while something is waited for that every part needs', async () => {
    const pulse = new Pulse(1_000, new Metrics());
    let there = (): void => {};
    const waiting = pulse.expecting('chain', (work) => work())(
      () =>
        new Promise<void>((resolve) => {
          there = resolve;
        }),
    );
    expect(pulse.unready()).to.deep.equal(['chain']);
    there();
    await waiting;
    expect(pulse.unready()).to.deep.equal([]);
  });

  it('goes on where an address is none', async () => {
    const metrics = new Metrics();
    const health = [{ host: '127.0.0.1', port: 0 }, metrics, new Pulse(1_000, metrics)] as const;
    const { server, port } = await serveHealth(...health);
    const [answer] = await once(get({ port, path: '//' }), 'response');
    expect(answer.statusCode).to.equal(400);
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).to.equal(200);
    server.close();
    server.closeAllConnections();
  });

  it('counts events, and the codes of those that failed', async () => {
    const metrics = new Metrics();
    metrics.count({ event: 'paid' });
    metrics.count({ event: 'failed', code: 'ENGINE_NONE' });
    const text = await metrics.text();
    expect(text).to.include('essaim_events_total{event="paid"} 1');
    expect(text).to.include('essaim_failures_total{event="failed",code="ENGINE_NONE"} 1');
  });
});
