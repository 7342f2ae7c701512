import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { connection } from './fixture.ts';

const { ethers } = connection;

/** The table of docs/parameters.md: name → [value, least, most]. */
function table(): Map<string, [bigint, bigint, bigint]> {
  const text = readFileSync(new URL('../../../docs/parameters.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `(\S+)` \| (\d+) \| [^|]+ \| (\d+) \| (\d+) \| [^|]+ \|$/gm)];
  return new Map(rows.map(([, name, ...numbers]) => [name, numbers.map(BigInt) as [bigint, bigint, bigint]]));
}

describe('FixedParameters', () => {
  const getters = [
    ...['jobRules', 'feeRules', 'claimRules', 'slashRules', 'demandRules', 'runRules'],
    ...['emissionRules', 'auditRules', 'accusationRules'],
  ];

  it('holds exactly the values of docs/parameters.md, each within its bounds', async () => {
    const parameters = await ethers.deployContract('FixedParameters');
    const documented = table();
    const found: string[] = [];
    for (const getter of getters) {
      const answer = await parameters.getFunction(getter)(...(getter === 'accusationRules' ? [] : [1]));
      for (const [name, value] of Object.entries<bigint>(
        typeof answer === 'bigint' ? { forfeit: answer } : answer.toObject(),
      )) {
        const row = documented.get(`${getter}.${name}`);
        expect(row, `${getter}.${name} is documented`).to.not.equal(undefined);
        const [expected, least, most] = row!;
        expect(value, `${getter}.${name}`).to.equal(expected);
        expect(expected >= least && expected <= most, `${getter}.${name} within its bounds`).to.equal(true);
        found.push(`${getter}.${name}`);
      }
    }
    expect(found.sort()).to.deep.equal([...documented.keys()].sort());
  });

  it('bounds bounty and compensation to half of a slash, and every open batch to less than the thaw', () => {
    const most = (name: string) => table().get(name)![2];
    expect(most('slashRules.bounty') + most('slashRules.compensation') <= 5_000n).to.equal(true);
    expect(most('slashRules.bounty') <= 2_500n).to.equal(true);
    const clocks = (17n * most('demandRules.clockSeconds') * (1n + most('demandRules.extensions'))) / 4n;
    const open = most('claimRules.windowSeconds') + clocks + most('claimRules.graceSeconds');
    expect(open < 14n * 86_400n).to.equal(true);
  });

  it('is in epoch 1, knows no other, and allows new jobs', async () => {
    const parameters = await ethers.deployContract('FixedParameters');
    expect(await parameters.epoch()).to.equal(1n);
    expect(await parameters.newJobsAllowed()).to.equal(true);
    for (const getter of getters.slice(0, -1)) {
      await expect(parameters.getFunction(getter)(2))
        .to.be.revertedWithCustomError(parameters, 'Parameters_Epoch')
        .withArgs(2);
    }
  });
});
