import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { promisify } from 'node:util';
import { batchIdOf, type Essaim, JobState, pause } from '@essaim/sdk';
import { expect } from 'chai';
import { type Daemon, Town } from './town.ts';

/** Bytes that the bond of a demand for a segment's list is of. */
const SEGMENT = 3_072;

describe('a provider that leaves, or comes back with nothing', () => {
  let town: Town;
  let requester: Essaim;
  before(async () => {
    town = await Town.open();
    requester = await town.connect('requester');
  });
  after(async () => {
    requester?.close();
    await town?.close();
  });

  const stateOf = async (jobId: string) => (await requester.contracts.JobMarket.job(jobId)).state;
  const exitOf = async ({ child: { process: child } }: Daemon) => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode;
  };

  it('accepts nothing new when it is asked to drain, and ends when its last claim is final and paid', async () => {
    const alice = await town.provider('alice');
    const jobId = await town.post(town.models.mlp, 'alice');
    await alice.heard('submitted', jobId);
    const own = ['--key-file', town.keyFile('alice'), '--data', town.data('alice')];
    const command = (name: string) =>
      promisify(execFile)(process.execPath, ['provider/src/main.ts', name, ...town.common(), ...own]);
    await command('drain');
    expect(await alice.heard('draining')).to.include({ seconds: null, accepted: 0, submitted: 1 });
    const late = await town.post(town.models.mlp, 'alice');
    expect((await command('status')).stdout)
      .to.match(/draining +it was asked to accept nothing new, until every claim is final/)
      .and.to.match(/jobs +0 to run, 1 pending/);
    await town.pass(27 * 3_600);
    await alice.heard('paid', jobId);
    expect(await alice.heard('drained')).to.include({ accepted: 0, submitted: 0, until: null });
    expect(await exitOf(alice)).to.equal(0);
    expect(await stateOf(late)).to.equal(JobState.Posted);
    await requester.jobs.refund(late);
  });

  it('finishes what it accepted when it is told to stop, and stops now when it is told so twice', async () => {
    const alice = await town.provider('alice', '--concurrency', '2');
    const jobs = [await town.post(town.models.cnn, 'alice', { count: 8 }), await town.post(town.models.mlp, 'alice')];
    await Promise.all(jobs.map((jobId) => alice.heard('accepted', jobId)));
    alice.child.process.kill('SIGTERM');
    const drained = await alice.heard('drained');
    expect(drained).to.include({ accepted: 0, submitted: 2 });
    expect(Number(drained.until)).to.be.greaterThan(0);
    expect(await exitOf(alice)).to.equal(0);
    for (const jobId of jobs) expect(await stateOf(jobId)).to.equal(JobState.Submitted);

    const again = await town.provider('alice', '--drain-limit', '1000000', '--listen', '127.0.0.1:0');
    const metrics = async () => (await fetch(`http://127.0.0.1:${again.child.ready.listen}/metrics`)).text();
    while (!/essaim_cycles_total\{part="jobs",result="ok"\}/.test(await metrics())) await pause(50);
    again.child.process.kill('SIGTERM');
    expect((await again.heard('draining')).seconds).to.be.greaterThan(900_000);
    again.child.process.kill('SIGTERM');
    expect(await exitOf(again)).to.equal(0);
    expect(again.lines.some(({ event }) => event === 'drained')).to.equal(false);
  });

  it('answers for a segment although its whole data folder is gone', async () => {
    const batch = await town.publish('cnn-b64');
    const alice = await town.provider('alice', '--no-publish-traces');
    const jobId = await town.post(batch, 'alice');
    await alice.heard('submitted', jobId);
    await alice.child.stop();
    rmSync(town.data('alice'), { recursive: true });
    const { Availability, JobMarket } = requester.contracts;
    const batchId = batchIdOf(await JobMarket.getAddress(), jobId);
    const value = await Availability.bondFor(batchId, SEGMENT, 10n ** 11n);
    const inner = batch.program.boundary.indexOf(false);
    const segment = batch.program.segments.findIndex((each) => inner < each.firstValue + each.valueCount);
    await (await Availability.demandSegment(batchId, 0, segment, { value })).wait();
    const back = await town.provider('alice');
    expect(await back.heard('answered', jobId)).to.include({ kind: 'segment', index: segment });
    expect(await requester.contracts.Claims.openDemands(batchId)).to.equal(0n);
    await back.child.stop();
  });
});
