import { readFileSync } from 'node:fs';
import { opcodeOf } from '@essaim/protocol';
import type { Draft, Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { encodeBytes32String, id, parseEther, ZeroAddress } from 'ethers';
import { changeArguments } from '../../src/governance/parameters.ts';
import { SETTINGS } from '../../src/governance/settings.ts';
import { failureOf, type World, world } from '../world.ts';

describe('proposals in typed parts', () => {
  let w: World;
  let founder: Essaim;
  let treasury: string;
  before(async () => {
    w = await world();
    founder = await w.connect('founder');
    treasury = await founder.contracts.TimelockController.getAddress();
    await founder.governance.delegate(w.wallets.founder.address, 'token');
  });

  const prepared = (parts: Partial<Draft>) => founder.governance.prepare({ title: 'A change', ...parts });
  const refusal = async (parts: Partial<Draft>) => (await failureOf(prepared(parts))).code;
  const does = async (parts: Partial<Draft>) => {
    const { actions } = await prepared(parts);
    return (await founder.governance.decode(actions)).flatMap(({ changes }) => changes);
  };

  it('change parameters, all from one epoch on', async () => {
    const { actions } = await prepared({ parameters: { 'jobRules.freeExit': 900n, 'slashRules.bounty': 2_000n } });
    expect(actions).to.have.length(1);
    expect(await does({ parameters: { 'jobRules.freeExit': 900n, 'slashRules.bounty': 2_000n } })).to.deep.equal([
      { what: 'jobRules.freeExit', before: '600 s (10 min)', after: '900 s (15 min)' },
      { what: 'slashRules.bounty', before: '2,500 bp of the slash (25 %)', after: '2,000 bp of the slash (20 %)' },
    ]);
  });

  it('are built for every parameter, as far as one change goes, and not a unit further', async () => {
    const table = await founder.governance.parameters();
    for (const { name, value, lowest, highest } of table) {
      for (const end of [lowest, highest]) if (end !== value) changeArguments(table, { [name]: end });
      for (const end of [highest + 1n, lowest - 1n])
        expect(() => changeArguments(table, { [name]: end }), name).to.throw(/cannot (be|go from)/);
    }
  });

  it('name what is wrong with a parameter', async () => {
    const unknown = await failureOf(prepared({ parameters: { 'feeRules.lunch': 1n } as never }));
    expect(unknown).to.include({ code: 'PARAMETER_UNKNOWN' });
    expect(unknown.help).to.include('feeRules.protocolFee');
    expect(await refusal({ parameters: { 'feeRules.protocolFee': 200n } })).to.equal('PARAMETER_SAME');
    expect(await refusal({ parameters: { 'feeRules.protocolFee': 501n } })).to.equal('PARAMETER_BOUNDS');
    const far = await failureOf(prepared({ parameters: { 'feeRules.protocolFee': 401n } }));
    expect(far).to.include({ code: 'PARAMETER_STEP' });
    expect(far.help).to.include('from 100 bp of the fee (1 %) to 400 bp of the fee (4 %)');
  });

  it('change the governor’s own numbers within the bounds of its code', async () => {
    const source = readFileSync(new URL('../../../contracts/governance/EssaimGovernor.sol', import.meta.url), 'utf8');
    const units: Record<string, bigint> = { hours: 3_600n, days: 86_400n };
    const number = (text: string) => {
      const [, digits, zeros, unit] = text.match(/^([\d_]+)(e18)?(?: (\w+))?$/) ?? [];
      return BigInt(digits.replaceAll('_', '')) * (zeros ? 10n ** 18n : 1n) * (units[unit] ?? 1n);
    };
    const bounds = [...source.matchAll(/_requireBounds\("(\w+)", value, ([^,]+), ([^)]+)\)/g)].map(
      ([, name, least, most]) => [name, number(least), number(most)],
    );
    expect(Object.entries(SETTINGS).map(([name, { least, most }]) => [name, least, most])).to.deep.equal(bounds);
    expect(await does({ settings: { votingPeriod: 7n * 86_400n } })).to.deep.equal([
      { what: 'the governor’s votingPeriod', before: '432,000 s (5 days)', after: '604,800 s (7 days)' },
    ]);
    expect(await refusal({ settings: { votingPeriod: 86_400n } })).to.equal('SETTING_BOUNDS');
    expect(await refusal({ settings: { votingPeriod: 432_000n } })).to.equal('SETTING_SAME');
    expect(await refusal({ settings: { mood: 1n } as never })).to.equal('SETTING_UNKNOWN');
  });

  it('add judges that have code and are not there yet', async () => {
    const { MoveJudge, MielToken, JudgeRegistry } = founder.deployment.addresses as Record<string, string>;
    expect(await refusal({ judges: [{ operator: 'Relayout', since: 1, judge: MoveJudge }] })).to.equal('JUDGE_TAKEN');
    const nobody = w.wallets.poor.address;
    expect(await refusal({ judges: [{ operator: 'Conv', since: 11, judge: nobody }] })).to.equal('JUDGE_CODE');
    expect(await does({ judges: [{ operator: 'Conv', since: 11, judge: MielToken }] })).to.deep.equal([
      { what: 'adds a judge for Conv since 11', after: `MielToken ${MielToken}` },
    ]);
    const { actions } = await prepared({ judges: [{ operator: 'Grow', since: 3, judge: MielToken }] });
    expect(actions[0].target).to.equal(JudgeRegistry);
    const [unknown] = await founder.governance.decode(actions);
    expect(unknown.changes[0].what).to.equal(`adds a judge for an unknown operator ${opcodeOf('Grow', 3)}`);
  });

  it('spend what the treasury holds, and no more in all', async () => {
    const to = w.wallets.poor.address;
    const pay = (amount: string) => ({ to, amount: parseEther(amount) });
    expect(await does({ spend: [pay('12.5')] })).to.deep.equal([{ what: `pays 12.5 MIEL from the treasury to ${to}` }]);
    const much = { spend: [pay('200000000'), pay('250000000')] };
    expect(await refusal(much)).to.equal('TREASURY_BALANCE');
    expect(await refusal({ spend: [{ ...pay('1'), token: 'coin' }] })).to.equal('TREASURY_BALANCE');
    expect(await refusal({ spend: [pay('0')] })).to.equal('TREASURY_AMOUNT');
    expect(await refusal({ spend: [{ to: 'poor', amount: 1n }] })).to.equal('PROPOSAL_ADDRESS');
  });

  it('name another guardian, or none', async () => {
    const changes = await does({ guardian: ZeroAddress });
    expect(changes[0]).to.include({ what: 'the guardian, who may pause new jobs and runs', after: ZeroAddress });
    expect(await refusal({ guardian: 'somebody' })).to.equal('PROPOSAL_ADDRESS');
  });

  it('do not end a pause that ends sooner by itself', async () => {
    const none = await failureOf(prepared({ unpause: true }));
    expect(none).to.include({ code: 'PAUSE_LAPSES', message: 'nothing is paused' });
  });

  it('need something to do, a title of one line, and links that open', async () => {
    expect(await refusal({})).to.equal('PROPOSAL_EMPTY');
    const parameters = { 'jobRules.freeExit': 900n };
    expect(await refusal({ parameters, title: ' ' })).to.equal('PROPOSAL_TITLE');
    expect(await refusal({ parameters, title: 'a\nb' })).to.equal('PROPOSAL_TITLE');
    expect(await refusal({ parameters, links: ['javascript:alert(1)'] })).to.equal('PROPOSAL_LINK');
    expect(await refusal({ calls: [{ target: treasury, value: 0n, data: '0x123' }] })).to.equal('PROPOSAL_CALL');
    const { description } = await prepared({ parameters, text: 'Why', links: ['ipfs://bafy'] });
    expect(description).to.equal(`# A change\n\nWhy\n\n- <ipfs://bafy>\n\n#proposer=${w.wallets.founder.address}`);
  });

  it('show calls that nothing here can read as they are', async () => {
    const { MielToken, ProtocolParameters } = founder.contracts;
    const change = await ProtocolParameters.change.populateTransaction(
      [encodeBytes32String('jobRules.freeExit')],
      [900n],
    );
    const odd = { target: change.to, value: 0n, data: `${change.data}00` };
    const foreign = { target: w.wallets.poor.address, value: 7n, data: id('what') };
    const token = await MielToken.transfer.populateTransaction(treasury, 5n);
    const paid = { target: w.wallets.poor.address, value: 0n, data: token.data };
    const shown = await founder.governance.decode([odd, foreign, paid]);
    expect(shown.map(({ call }) => call === undefined)).to.deep.equal([true, true, false]);
    expect(shown.map(({ data }) => data)).to.deep.equal([odd, foreign, paid].map(({ data }) => data));
    expect(shown[1].changes.map(({ what }) => what)).to.deep.equal([
      `pays 7 wei of the chain’s coin to ${foreign.target}`,
      `calls ${foreign.target} with data that nothing here can read`,
    ]);
    expect(shown[2].changes[0].what).to.include('pays 5 of the smallest unit of the token at');
  });

  it('are made once, and taken back by who made them', async () => {
    const proposal = await prepared({ parameters: { 'jobRules.freeExit': 1_000n } });
    await founder.governance.propose(proposal);
    expect((await failureOf(founder.governance.propose(proposal))).code).to.equal('PROPOSAL_EXISTS');
    const seller = await w.connect('seller');
    expect((await failureOf(seller.governance.cancel(proposal.id))).code).to.equal('PROPOSAL_PROPOSER');
    expect((await failureOf(seller.governance.queue(proposal.id))).code).to.equal('PROPOSAL_STATE');
    expect((await failureOf(seller.governance.proposal(7n))).code).to.equal('PROPOSAL_UNKNOWN');
    await founder.governance.cancel(proposal.id);
    const { state, title, text } = await founder.governance.proposal(proposal.id);
    expect({ state, title, text }).to.deep.equal({ state: 'cancelled', title: 'A change', text: '# A change' });
  });

  it('can be signed by who makes them and sent by another', async () => {
    const signed = await founder.governance.signProposal(
      await prepared({ parameters: { 'jobRules.freeExit': 1_100n } }),
    );
    const poor = await w.connect('poor');
    await poor.governance.relay(JSON.parse(JSON.stringify(signed)));
    const made = (await poor.governance.proposals()).at(-1);
    expect(made).to.include({ proposer: w.wallets.founder.address, state: 'pending' });
  });

  it('need an account only where something is sent', async () => {
    const reader = await w.connect(undefined);
    expect((await failureOf(reader.governance.prepare({ title: 'x' }))).code).to.equal('WALLET_MISSING');
    expect(await reader.governance.proposals()).to.be.an('array');
    const failure = await failureOf(reader.governance.power(w.wallets.founder.address, 10n ** 11n));
    expect(failure.code).to.equal('POWER_FUTURE');
  });
});
