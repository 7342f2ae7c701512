import { expect } from 'chai';
import { parameterTable } from '../../../scripts/lib/parameter-table.ts';
import { connection } from '../market/fixture.ts';

const { ethers, networkHelpers } = connection;
const DAY = 86_400;
const key = (name: string) => ethers.encodeBytes32String(name);

async function deploy() {
  const [timelock, guardian, other] = await ethers.getSigners();
  const parameters = await ethers.deployContract('ProtocolParameters', [timelock, guardian]);
  return { parameters, timelock, guardian, other };
}

describe('ProtocolParameters', () => {
  let s: Awaited<ReturnType<typeof deploy>>;
  const change = (changes: Record<string, bigint>, by = s.timelock) =>
    s.parameters.connect(by).change(Object.keys(changes).map(key), Object.values(changes));
  const current = async (name: string) => (await s.parameters.parameterOf(key(name))).value;
  const fails = (sent: Promise<unknown>, error: string) =>
    expect(sent).to.be.revertedWithCustomError(s.parameters, error);

  beforeEach(async () => {
    s = await networkHelpers.loadFixture(deploy);
  });

  it('is the table of docs/parameters.md, name by name: first value, least and most', async () => {
    const documented = parameterTable();
    const count = Number(await s.parameters.count());
    const found = await Promise.all(Array.from({ length: count }, (_, i) => s.parameters.parameter(i)));
    const coded = found.map((row) => [
      ethers.decodeBytes32String(row.key),
      row.initial,
      row.least,
      row.most,
      row.value,
    ]);
    const expected = documented.map(({ name, value, least, most }) => [name, value, least, most, value]);
    expect(coded).to.deep.equal(expected);
    await fails(s.parameters.parameter(count), 'Parameters_Unknown');
  });

  it('bounds bounty and compensation to half of a slash, and every open batch to less than the thaw', () => {
    const most = (name: string) => parameterTable().find((line) => line.name === name)!.most;
    expect(most('slashRules.bounty') + most('slashRules.compensation') <= 5_000n).to.equal(true);
    expect(most('slashRules.bounty') <= 2_500n).to.equal(true);
    const clocks = (17n * most('demandRules.clockSeconds') * (1n + most('demandRules.extensions'))) / 4n;
    const open = most('claimRules.windowSeconds') + clocks + most('claimRules.graceSeconds');
    expect(open < 14n * 86_400n).to.equal(true);
  });

  it('answers each rule with the values of the table', async () => {
    const documented = new Map(parameterTable().map(({ name, value }) => [name, value]));
    const found: string[] = [];
    for (const getter of new Set([...documented.keys()].map((name) => name.split('.')[0]))) {
      const answer = await s.parameters.getFunction(getter)(...(getter === 'accusationRules' ? [] : [1]));
      const values = typeof answer === 'bigint' ? { forfeit: answer } : answer.toObject();
      for (const [name, value] of Object.entries(values)) {
        expect(value, `${getter}.${name}`).to.equal(documented.get(`${getter}.${name}`));
        found.push(`${getter}.${name}`);
      }
    }
    expect(found.sort()).to.deep.equal([...documented.keys()].sort());
  });

  it('begins an epoch with each change and never changes one that began', async () => {
    await expect(change({ 'jobRules.freeExit': 900n, 'slashRules.bounty': 2_000n }))
      .to.emit(s.parameters, 'Changed')
      .withArgs(2, key('jobRules.freeExit'), 600, 900);
    expect(await s.parameters.epoch()).to.equal(2n);
    expect((await s.parameters.jobRules(1)).freeExit).to.equal(600n);
    expect((await s.parameters.jobRules(2)).freeExit).to.equal(900n);
    expect((await s.parameters.slashRules(1)).bounty).to.equal(2_500n);
    expect((await s.parameters.slashRules(2)).bounty).to.equal(2_000n);
    expect((await s.parameters.claimRules(2)).windowSeconds).to.equal(86_400n);
    await fails(s.parameters.jobRules(3), 'Parameters_Epoch');
    await fails(s.parameters.jobRules(0), 'Parameters_Epoch');
  });

  it('keeps every value within its bounds, at each end of them', async () => {
    for (const { name, least, most } of parameterTable()) {
      if (least > 0n) await fails(change({ [name]: least - 1n }), 'Parameters_Bounds');
      await fails(change({ [name]: most + 1n }), 'Parameters_Bounds');
    }
  });

  it('lets one change at most double or halve a value', async () => {
    await fails(change({ 'claimRules.windowBlocks': 7_201n }), 'Parameters_Step');
    await fails(change({ 'claimRules.windowBlocks': 1_799n }), 'Parameters_Step');
    await change({ 'claimRules.windowBlocks': 7_200n });
    expect(await current('claimRules.windowBlocks')).to.equal(7_200n);
  });

  it('measures the step of a parameter named twice from the value before the change', async () => {
    const twice = s.parameters.change(
      [key('claimRules.windowBlocks'), key('claimRules.windowBlocks')],
      [7_200n, 14_400n],
    );
    await fails(twice, 'Parameters_Step');
  });

  it('can leave zero again, in small steps', async () => {
    const halve = async (from: bigint) => {
      for (let v = from; v > 0n; v /= 2n) {
        await change({ 'slashRules.compensation': v / 2n });
        await networkHelpers.time.increase(DAY);
      }
    };
    await halve(2_000n);
    expect(await current('slashRules.compensation')).to.equal(0n);
    await fails(change({ 'slashRules.compensation': 157n }), 'Parameters_Step');
    await change({ 'slashRules.compensation': 156n });
  });

  it('takes one change a day', async () => {
    await change({ 'jobRules.freeExit': 900n });
    await fails(change({ 'jobRules.freeExit': 1_000n }), 'Parameters_TooSoon');
    await networkHelpers.time.increaseTo(await s.parameters.nextChange());
    await change({ 'jobRules.freeExit': 1_000n });
  });

  it('refuses unknown names, empty and uneven changes, and anyone but the timelock', async () => {
    await fails(change({ 'jobRules.freeLunch': 1n }), 'Parameters_Unknown');
    await fails(change({}), 'Parameters_Length');
    await fails(s.parameters.change([key('jobRules.freeExit')], []), 'Parameters_Length');
    await fails(change({ 'jobRules.freeExit': 900n }, s.other), 'Parameters_Caller');
    await fails(change({ 'jobRules.freeExit': 900n }, s.guardian), 'Parameters_Caller');
  });

  describe('the guardian', () => {
    const pause = (seconds: number, by = s.guardian) => s.parameters.connect(by).pause(seconds);

    it('holds new jobs back for a while, which ends by itself', async () => {
      await pause(3 * DAY);
      expect(await s.parameters.newJobsAllowed()).to.equal(false);
      await networkHelpers.time.increaseTo(await s.parameters.pausedUntil());
      expect(await s.parameters.newJobsAllowed()).to.equal(true);
    });

    it('who never lifts the pause gets at most half of all time', async () => {
      await pause(7 * DAY);
      await fails(pause(7 * DAY), 'Parameters_Pause');
      await networkHelpers.time.increase(7 * DAY);
      await fails(pause(1), 'Parameters_Pause');
      await networkHelpers.time.increase(7 * DAY);
      await pause(7 * DAY);
    });

    it('cannot pause for longer than a week, nor for nothing', async () => {
      await fails(pause(7 * DAY + 1), 'Parameters_Pause');
      await fails(pause(0), 'Parameters_Pause');
      await fails(pause(DAY, s.other), 'Parameters_Caller');
    });

    it('ends its pause itself where the danger is over, and has to wait as long as before', async () => {
      await fails(s.parameters.connect(s.other).unpause(), 'Parameters_Caller');
      await fails(s.parameters.connect(s.guardian).unpause(), 'Parameters_NotPaused');
      await pause(DAY);
      await expect(s.parameters.connect(s.guardian).unpause()).to.emit(s.parameters, 'Unpaused');
      expect(await s.parameters.newJobsAllowed()).to.equal(true);
      await fails(pause(1), 'Parameters_Pause');
      await networkHelpers.time.increase(DAY);
      await pause(1);
    });

    it('is overruled and replaced by the timelock alone', async () => {
      await pause(DAY);
      await s.parameters.unpause();
      expect(await s.parameters.newJobsAllowed()).to.equal(true);
      await fails(s.parameters.connect(s.guardian).setGuardian(s.guardian), 'Parameters_Caller');
      await expect(s.parameters.setGuardian(ethers.ZeroAddress)).to.emit(s.parameters, 'GuardianSet');
      await networkHelpers.time.increase(10 * DAY);
      await fails(pause(DAY), 'Parameters_Caller');
    });
  });
});
