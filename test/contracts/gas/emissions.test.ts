import { assertFigure } from '../../../scripts/figures.ts';
import { backed, emissionsFixture, nextDay, paid } from '../emissions/fixture.ts';
import { connection } from '../market/fixture.ts';

const { networkHelpers } = connection;
const COMMAND = 'npm run gas';
const gasOf = async (sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>) =>
  Number((await (await sent).wait())!.gasUsed);

describe('Gas of emissions', () => {
  it('records a job for at most 160,000, pays operator and delegators for at most 260,000 and a data set for at most 190,000', async () => {
    const s = await networkHelpers.loadFixture(emissionsFixture);
    const { emissions } = s;
    await backed(s);
    const jobs = [await paid(s, {}, true), await paid(s, {}, true)];
    const ids = await Promise.all(jobs.map((terms) => s.market.jobIdOf(terms)));
    await nextDay();
    await emissions.recordJob(jobs[0]);
    const record = await gasOf(emissions.recordJob(jobs[1]));
    await nextDay();
    await emissions.claim(ids[0]);
    await emissions.claimData(ids[0], 1);
    const claim = await gasOf(emissions.claim(ids[1]));
    const data = await gasOf(emissions.claimData(ids[1], 1));
    if (process.env.GAS_DETAIL) console.log({ record, claim, data });
    assertFigure('gas.emissions.record', { value: record, unit: 'gas', aim: { atMost: 160_000 }, command: COMMAND });
    assertFigure('gas.emissions.claim', { value: claim, unit: 'gas', aim: { atMost: 260_000 }, command: COMMAND });
    assertFigure('gas.emissions.data', { value: data, unit: 'gas', aim: { atMost: 190_000 }, command: COMMAND });
  });
});
