import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { type Child, Family, type Line } from '../../scripts/lib/processes.ts';
import type { Service } from '../../scripts/stack/service.ts';
import { startRedis } from '../../test/redis.ts';
import type { Submitted } from '../src/case.ts';
import { Fleet } from '../src/fleet/fleet.ts';
import type { Finding } from '../src/fleet/look.ts';

const WORKER = fileURLToPath(new URL('./fleet-worker.ts', import.meta.url));
const deployment = { chainId: 31_337, addresses: { JobMarket: 'market' } } as never;
const submitted = (jobId: string, batchRoot = '0xroot'): Submitted => ({
  ...{ jobId, batchRoot },
  provider: '0xprovider',
  receipt: '0xreceipt',
});

describe('a fleet', () => {
  let redis: { address: string; service: Service };
  let family: Family;
  let fleets: Fleet[];
  let lines: Line[];
  /** Submissions that a verifier looked at itself. */
  let own: string[];
  let failures: string[];

  before(async () => {
    redis = await startRedis();
  });
  beforeEach(() => {
    family = new Family();
    [fleets, lines, own, failures] = [[], [], [], []];
  });
  afterEach(async () => {
    await Promise.all(fleets.map((fleet) => fleet.close()));
    await family.stop();
  });
  after(() => redis?.service.stop());

  const open = async (address = redis.address, patience = 20_000): Promise<Fleet> => {
    const alone = async ({ jobId }: Submitted): Promise<Finding> => {
      own.push(jobId);
      return { doubtful: 'all' };
    };
    const tell = ({ message }: { message: string }) => failures.push(message);
    const fleet = await Fleet.open({ address, deployment, alone, patience, tell });
    fleets.push(fleet);
    return fleet;
  };
  const worker = (name: string, slow = 0): Promise<Child> =>
    family.start(name, [WORKER, redis.address, name, String(slow)], (line) => lines.push(line));
  const began = (jobId: string) => lines.filter((line) => line.event === 'began' && line.jobId === jobId);

  it('has two workers look at all submissions, each at some of them, and says which claims are doubtful', async () => {
    const fleet = await open();
    await Promise.all([worker('one', 30), worker('two', 30)]);
    const jobs = Array.from({ length: 40 }, (_, i) => `${i % 10 === 3 ? 'bad' : 'good'}-${i}`);
    const found = await Promise.all(jobs.map((jobId) => fleet.look(submitted(jobId))));
    expect(found).to.deep.equal(jobs.map((jobId) => ({ doubtful: jobId.startsWith('bad') ? [1] : [] })));
    expect(new Set(lines.map(({ name }) => name))).to.deep.equal(new Set(['one', 'two']));
    for (const jobId of jobs) expect(began(jobId)).to.have.length(1);
    expect(own).to.deep.equal([]);
  });

  it('looks once at what two verifiers ask for, or one that was started again, and anew at another batch', async () => {
    const [first, second] = [await open(), await open()];
    await worker('one');
    const found = await Promise.all([first, second].map((fleet) => fleet.look(submitted('bad-twice'))));
    expect(found).to.deep.equal([{ doubtful: [1] }, { doubtful: [1] }]);
    expect(await (await open()).look(submitted('bad-twice'))).to.deep.equal({ doubtful: [1] });
    expect(began('bad-twice')).to.have.length(1);
    await first.look(submitted('bad-twice', '0xother'));
    expect(began('bad-twice')).to.have.length(2);
  });

  it('loses nothing when a worker is killed: another one looks at what it had in hand', async () => {
    const fleet = await open();
    const dying = await worker('dying', 60_000);
    const looks = ['bad-killed-1', 'good-killed-2'].map((jobId) => fleet.look(submitted(jobId)));
    while (lines.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    dying.process.kill('SIGKILL');
    await worker('other');
    expect(await Promise.all(looks)).to.deep.equal([{ doubtful: [1] }, { doubtful: [] }]);
    expect(began('bad-killed-1').map(({ name }) => name)).to.deep.equal(['dying', 'other']);
    expect(own).to.deep.equal([]);
  });

  it('leaves to the verifier what workers fail at again and again, and what nobody takes', async () => {
    const fleet = await open(undefined, 100);
    expect(await fleet.look(submitted('good-nobody'))).to.deep.equal({ doubtful: 'all' });
    const patient = await open();
    await worker('one');
    expect(await patient.look(submitted('failing'))).to.deep.equal({ doubtful: 'all' });
    expect(own).to.deep.equal(['good-nobody', 'failing']);
    expect(began('failing').length).to.be.above(1);
    expect(failures[1]).to.include('the chain is away');
  });

  it('goes on without its Redis', async () => {
    const fleet = await open('redis://127.0.0.1:1');
    expect(await fleet.look(submitted('good-alone'))).to.deep.equal({ doubtful: 'all' });
    expect(own).to.deep.equal(['good-alone']);
  });
});
