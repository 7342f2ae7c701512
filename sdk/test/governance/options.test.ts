import type { Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { Command } from 'commander';
import { parseEther, ZeroAddress } from 'ethers';
import { type DraftFlags, draftOf, draftOptions, readSignedFile } from '../../src/node/governance/options.ts';
import { failureOf, type World, world } from '../world.ts';

describe('the options of a draft', () => {
  let w: World;
  let reader: Essaim;
  before(async () => {
    w = await world();
    reader = await w.connect(undefined);
  });

  const parsed = (argv: string[]): DraftFlags => {
    const command = draftOptions(new Command())
      .exitOverride()
      .configureOutput({ writeErr: () => undefined });
    return command.parse(argv, { from: 'user' }).opts();
  };
  const draft = (...argv: string[]) => draftOf(reader.governance, parsed(argv));

  it('become its typed parts', async () => {
    const to = w.wallets.poor.address;
    const numbers = ['--set', 'feeRules.protocolFee=2.5%', '--set', 'jobRules.freeExit = 15 min'];
    const settings = ['--setting', 'proposalThreshold=50000MIEL'];
    const hands = ['--guardian', 'none', '--judge', `Conv@11=${to}`, '--unpause'];
    const payments = ['--spend', `${to}=12.5`, '--spend', `${to}=7@${w.token}`, '--spend', `${to}=9@coin`];
    const calls = ['--call', `${to}=0x1234@5`];
    const made = await draft('--title', 'All', ...numbers, ...settings, ...hands, ...payments, ...calls);
    expect(made).to.deep.include({
      title: 'All',
      parameters: { 'feeRules.protocolFee': 250n, 'jobRules.freeExit': 900n },
      settings: { proposalThreshold: parseEther('50000') },
      guardian: ZeroAddress,
      judges: [{ operator: 'Conv', since: 11, judge: to }],
      unpause: true,
      spend: [
        { to, amount: parseEther('12.5') },
        { to, amount: 7n, token: w.token },
        { to, amount: 9n, token: 'coin' },
      ],
      calls: [{ target: to, data: '0x1234', value: 5n }],
    });
  });

  it('that are none are refused before anything is asked', () => {
    for (const argv of [
      ...[
        ['--set', 'feeRules.protocolFee'],
        ['--judge', 'Conv=0x12'],
        ['--judge', 'Conv@11=0x12'],
        ['--spend', '12'],
      ],
      ...[
        ['--spend', `${ZeroAddress}=lots`],
        ['--guardian', 'somebody'],
        ['--call', `${ZeroAddress}=12`],
      ],
    ])
      expect(() => parsed(argv), argv.join(' ')).to.throw();
  });

  it('that name nothing known say what is', async () => {
    expect((await failureOf(draft('--set', 'feeRules.lunch=1'))).code).to.equal('PARAMETER_UNKNOWN');
    expect((await failureOf(draft('--set', 'feeRules.protocolFee=much'))).code).to.equal('PARAMETER_VALUE');
    expect((await failureOf(draft('--text-file', '/nowhere'))).code).to.equal('FILE_UNREADABLE');
    expect(() => readSignedFile(import.meta.filename)).to.throw('it is no JSON');
  });
});
