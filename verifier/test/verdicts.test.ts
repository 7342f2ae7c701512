import { Metrics, Pulse, serveHealth } from '@essaim/daemon';
import { expect } from 'chai';
import { verdictsOf, verifierAway } from '../src/monitor/looks.ts';
import { Tally } from '../src/tally.ts';

const key = (number: number): string => `0x${number.toString(16).padStart(64, '0')}`;

describe('the verdicts that a verifier serves', () => {
  const tally = new Tally();
  let close: () => void;
  let url: string;
  before(async () => {
    for (let job = 0; job < 300; job++) tally.note({ event: 'checked', jobId: key(job), provider: key(1) });
    const metrics = new Metrics();
    const health = [{ host: '127.0.0.1', port: 0 }, metrics, new Pulse(1_000, metrics)] as const;
    const { server, port } = await serveHealth(...health, { '/verdicts': tally.page });
    url = `http://127.0.0.1:${port}`;
    close = () => server.close();
  });
  after(() => close());

  it('are those that a monitor asks for, however many', async () => {
    const asked = Array.from({ length: 200 }, (_, at) => key(2 * at));
    const found = await verdictsOf(url, asked);
    expect(Object.keys(found)).to.have.members(asked.slice(0, 150));
    expect(new Set(Object.values(found))).to.deep.equal(new Set(['checked']));
    expect(await verdictsOf(url, [])).to.deep.equal({});
  });

  it('are all of them where nothing is asked for', async () => {
    const all = (await (await fetch(`${url}/verdicts`)).json()) as Record<string, string>;
    expect(Object.keys(all)).to.have.length(300);
  });

  it('are none, and an alarm, where it does not answer', async () => {
    const away = 'http://127.0.0.1:1';
    expect(await verdictsOf(away, [key(0)])).to.deep.equal({});
    expect(await verifierAway(url)).to.deep.equal([]);
    expect(await verifierAway(away)).to.deep.equal([
      { alarm: 'verifier', about: away, message: 'the verifier does not answer' },
    ]);
  });
});
