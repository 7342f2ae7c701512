import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { type Daemon, lieIn, Town } from './town.ts';

describe('a verifier with a budget', () => {
  let town: Town;
  const jobs: string[] = [];
  before(async () => {
    town = await Town.open();
    const alice = await town.provider('alice');
    for (let each = 0; each < 3; each++) jobs.push(await town.post(town.models.mlp, 'alice'));
    for (const jobId of jobs) await alice.heard('submitted', jobId);
    await alice.child.stop();
  });
  after(() => town?.close());

  const BUDGET = ['--hourly-executions', '1'];
  const decided = ({ lines }: Daemon) =>
    lines.filter(({ event }) => event === 'chosen' || event === 'spared') as unknown as {
      jobId: string;
      event: string;
      chance: number;
      lot: number;
      value: number;
    }[];
  const command = (name: string, ...more: string[]) => {
    const own = ['--key-file', town.keyFile('verifier'), '--data', town.data('verifier-verifier')];
    return promisify(execFile)(process.execPath, ['verifier/src/main.ts', name, ...more, ...town.common(), ...own]);
  };
  async function allDecided(): Promise<ReturnType<typeof decided>> {
    const verifier = await town.verifier('verifier', ...BUDGET);
    while (decided(verifier).length < jobs.length) await new Promise((resolve) => setTimeout(resolve, 50));
    for (const { event, jobId } of decided(verifier)) if (event === 'chosen') await verifier.heard('checked', jobId);
    await verifier.child.stop();
    return decided(verifier).toSorted((a, b) => jobs.indexOf(a.jobId) - jobs.indexOf(b.jobId));
  }

  it('draws what it looks at by chances that fit the budget, says why, and does the same after a restart', async () => {
    const first = await allDecided();
    // fee 2; lock 100, and 10 more for each job held; bounty a quarter of it
    expect(first.map(({ value }) => value)).to.deep.equal([127, 139.5, 152]);
    const last = first.at(-1)!;
    expect(last.chance).to.be.closeTo(152 / (127 + 139.5 + 152), 0.001);
    for (const { event, chance, lot } of first) expect(event).to.equal(lot < chance ? 'chosen' : 'spared');
    const { stdout } = await command('simulate', jobs[2], ...BUDGET);
    const told = JSON.parse(stdout.split('\n')[0]);
    expect(told).to.include({ event: last.event, jobId: jobs[2], lot: last.lot });
    expect(told.why).to.match(/152\.0 MIEL at risk .* doubt \d\.\d+ .* 3 batches within the hour: chance 36\.3 %, lot/);
    const status = (await command('status', ...BUDGET)).stdout;
    const spared = first.filter(({ event }) => event === 'spared').length;
    expect(status).to.match(
      new RegExp(`looks +drawn, within 1 claims an hour; within a day ${3 - spared} checked clean, ${spared} spared`),
    );

    const again = await town.verifier('verifier', ...BUDGET);
    for (const { event, jobId } of first) await again.heard(event === 'chosen' ? 'checked' : 'spared', jobId);
    await again.child.stop();
  });

  it('looks at everything without one, and at what was spared before too', async () => {
    const { cnn } = town.models;
    const cheat = await town.cheat('bob', { cheats: [{ programId: cnn.program.id, claim: 0, lie: lieIn(cnn) }] });
    const wrong = await town.post(cnn, 'bob');
    await cheat.heard('submitted', wrong);
    await cheat.child.stop();
    const verifier = await town.verifier();
    await verifier.heard('convicted', wrong);
    for (const jobId of jobs) await verifier.heard('checked', jobId);
    await verifier.child.stop();
    expect(decided(verifier)).to.deep.equal([]);
  });
});
