import type { ParameterView } from '@essaim/sdk';
import { expect } from 'chai';
import { getAddress, ZeroAddress } from 'ethers';
import { checkPart, draftOf, type Now, whyNotYet } from '../../src/pages/governance/propose/draft.ts';

const fee: ParameterView = {
  ...{ name: 'feeRules.protocolFee', unit: 'bp of the fee', value: 200n, least: 0n, most: 500n },
  ...{ lowest: 100n, highest: 400n, initial: 200n },
};
const settings = {
  ...{ votingDelay: 86_400n, votingPeriod: 432_000n, proposalThreshold: 10n ** 23n },
  ...{ quorumNumerator: 4n, lateQuorumVoteExtension: 172_800n },
};
const now: Now = { parameters: [fee], settings, treasury: 10n ** 21n };
const set = (text: string) => checkPart({ kind: 'parameter', name: fee.name, text }, now);
const pay = (to: string, text: string) => checkPart({ kind: 'payment', to, text }, now);
const someone = getAddress('0x00000000000000000000000000000000000000aa');

describe('a proposal that is being written', () => {
  it('takes values in the unit of a parameter or in words', () => {
    expect(set('250')).to.deep.equal({ is: 'right', value: 250n });
    expect(set('2.5%')).to.deep.equal({ is: 'right', value: 250n });
    expect(checkPart({ kind: 'setting', name: 'votingPeriod', text: '7d' }, now)).to.include({
      is: 'right',
      value: 604_800n,
    });
    expect(set(' ')).to.deep.equal({ is: 'empty' });
  });

  it('says while one types what is out of bounds, too far for one change, or no value', () => {
    expect(set('600')).to.include({ is: 'wrong', message: 'feeRules.protocolFee cannot be 600 bp of the fee (6 %)' });
    const far =
      'feeRules.protocolFee cannot go from 200 bp of the fee (2 %) to 450 bp of the fee (4.5 %) in one change';
    expect(set('450')).to.include({ is: 'wrong', message: far });
    expect(set('200')).to.have.property('message').that.includes('already');
    expect(set('much')).to.have.property('message').that.includes('no value');
    expect(checkPart({ kind: 'setting', name: 'votingPeriod', text: '60d' }, now)).to.include({ is: 'wrong' });
  });

  it('pays MIEL that the treasury has, to an address', () => {
    expect(pay(someone, '12.5')).to.deep.equal({ is: 'right', value: 12_500_000_000_000_000_000n });
    expect(pay(someone, '2000 MIEL')).to.include({ message: 'the treasury holds less than that' });
    expect(pay('dora', '1')).to.include({ message: 'who is paid has no address yet' });
  });

  it('says what is missing before it can be tried out', () => {
    const writing = { title: '', text: '', link: '', parts: [] };
    expect(whyNotYet(writing, now)).to.include('title');
    const titled = { ...writing, title: 'A fee' };
    expect(whyNotYet(titled, now)).to.include('Add something');
    const parts = [{ kind: 'parameter' as const, name: fee.name, text: '900' }];
    expect(whyNotYet({ ...titled, parts }, now)).to.include('not right');
    expect(whyNotYet({ ...titled, parts: [{ ...parts[0], text: '' }] }, now)).to.include('no value');
    expect(whyNotYet({ ...titled, link: 'javascript:alert(1)', parts: [{ kind: 'unpause' }] }, now)).to.include('link');
    expect(whyNotYet({ ...titled, parts: [{ ...parts[0], text: '250' }] }, now)).to.equal(undefined);
  });

  it('becomes the draft that the governor’s tools take', () => {
    const draft = draftOf(
      {
        ...{ title: ' Much ', text: '', link: 'https://example.org/why' },
        parts: [
          { kind: 'parameter', name: fee.name, text: '2.5%' },
          { kind: 'payment', to: someone.toLowerCase(), text: '1' },
          { kind: 'guardian', text: 'none' },
          { kind: 'unpause' },
        ],
      },
      now,
    );
    expect(draft).to.deep.equal({
      ...{
        title: 'Much',
        text: '',
        links: ['https://example.org/why'],
        settings: {},
        guardian: ZeroAddress,
        unpause: true,
      },
      ...{ parameters: { [fee.name]: 250n }, spend: [{ to: someone, amount: 10n ** 18n }] },
    });
  });
});
