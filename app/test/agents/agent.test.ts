import type { Deployment, ProvisionRow } from '@essaim/sdk';
import { expect } from 'chai';
import { checkBacking } from '../../src/pages/agents/agent/backing-check.ts';
import { inShort, recordOf, shownOf } from '../../src/pages/agents/record.ts';
import { delegatedStake, ownStake, rolesOf, stakedFor } from '../../src/pages/agents/stake.ts';

const MIEL = 10n ** 18n;
const deployment = { addresses: { JobMarket: '0xAa', TrainingRegistry: '0xBb', AuditPool: '0xCc' } } as Deployment;
const provision = (client: string, amount: bigint, delegated?: bigint): ProvisionRow => ({
  ...{ client, slasher: '0x1', amount, thawing: 0n, thawingUntil: 0 },
  pool: delegated === undefined ? null : { fees: '0xf', cut: 100, amount: delegated },
});

describe('an account as a person sees it', () => {
  it('has its record in words, what it did badly first', () => {
    expect(inShort({ paid: 3, late: 1, convictions: 1, challenges: 2 })).to.equal(
      'Convicted once, late once, 3 jobs paid, 2 challenges won',
    );
    expect(inShort({ paid: 1 })).to.equal('1 job paid');
    expect(inShort({ accepted: 2 })).to.equal('2 jobs taken');
    expect(inShort({})).to.equal('Nothing counted yet');
  });

  it('does not count what the chain alone cannot tell', () => {
    const told = recordOf({ paid: 2, late: 1 }).filter(({ value }) => value !== undefined);
    expect(told.map(({ name, value, tone }) => [name, value, tone])).to.deep.equal([
      ['Jobs paid', 2, 'good'],
      ['Jobs late', 1, 'bad'],
    ]);
    expect(recordOf({ late: 0 })[2].tone).to.equal('');
    const shown = shownOf({ paid: 0, late: 0, convictions: 0, accepted: 0, challenges: 1, missed: 0, posted: 0 });
    expect(shown.map(({ name }) => name)).to.deep.equal(['Jobs paid', 'Jobs late', 'Convictions', 'Challenges won']);
  });

  it('is known by what its stake backs', () => {
    const provisions = [provision('0xaa', 10n, 40n), provision('0xCC', 5n)];
    expect(stakedFor('0xaA', deployment)).to.equal('jobs');
    expect(stakedFor('0xdd', deployment)).to.equal('other');
    expect(ownStake({ free: 1n, unbonding: 2n, provisions })).to.equal(18n);
    expect(delegatedStake(provisions)).to.equal(40n);
    expect(rolesOf({ provisions, auditSeat: 3, posted: 1, challenges: 0 }, deployment)).to.deep.equal([
      ...['runs jobs', 'audits', 'buys inferences'],
    ]);
  });

  it('says while one types what cannot be delegated to a pool', () => {
    const room = 100n * MIEL;
    expect(checkBacking('12.5', room, room)).to.deep.equal({ amount: 12_500_000_000_000_000_000n });
    expect(checkBacking('12.5 MIEL', room, room)).to.have.property('amount');
    expect(checkBacking('', room, room).why).to.include('Give an amount');
    expect(checkBacking('ten', room, room).why).to.include('no amount');
    expect(checkBacking('0', room, room).why).to.include('more than zero');
    expect(checkBacking('1.0005', room, room).why).to.include('three decimals');
    expect(checkBacking('101', room, 500n * MIEL).why).to.include('takes 100 MIEL more');
    expect(checkBacking('50', room, 20n * MIEL).why).to.equal('Your wallet holds 20 MIEL.');
  });
});
