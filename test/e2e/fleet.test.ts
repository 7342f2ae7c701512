import { expect } from 'chai';
import type { Service } from '../../scripts/stack/service.ts';
import { startRedis } from '../redis.ts';
import { type Daemon, lieIn, Town } from './town.ts';

describe('a fleet of verifiers', () => {
  let town: Town;
  let redis: { address: string; service: Service };
  before(async () => {
    [town, redis] = await Promise.all([Town.open(), startRedis()]);
  });
  after(async () => {
    await town?.close();
    await redis?.service.stop();
  });

  const worker = (): Promise<Daemon> =>
    town.daemon('carol', ['verifier/src/main.ts', 'worker', ...town.common(), '--workers', '1', ...queue()]);
  const queue = (): string[] => ['--queue-file', town.file('queue', redis.address)];

  it('has workers without a key look at submissions, and the verifier that holds one try what is doubtful', async () => {
    const [verifier, ...workers] = await Promise.all([town.verifier('verifier', ...queue()), worker(), worker()]);
    const { cnn } = town.models;
    const [alice, bob] = await Promise.all([
      town.provider('alice'),
      town.cheat('bob', { cheats: [{ programId: cnn.program.id, claim: 1, lie: lieIn(cnn) }] }),
    ]);
    const honest = await Promise.all([1, 2, 3].map((count) => town.post(cnn, 'alice', { count })));
    const lied = await town.post(cnn, 'bob', { count: 2 });
    for (const jobId of honest) await verifier.heard('checked', jobId);
    expect(await verifier.heard('convicted', lied)).to.include({ leaf: 1, verdict: 'convicted' });
    const looked = workers.flatMap(({ lines }) => lines).filter(({ event }) => event === 'looked');
    const doubts = Object.fromEntries(looked.map(({ jobId, doubtful }) => [jobId, doubtful]));
    expect(looked).to.have.length(4);
    expect(doubts).to.deep.equal({ ...Object.fromEntries(honest.map((jobId) => [jobId, 0])), [lied]: 1 });
    expect(verifier.lines.filter(({ event }) => event === 'fleet')).to.deep.equal([]);
    await Promise.all([verifier, alice, bob, ...workers].map(({ child }) => child.stop()));
  });
});
