import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Essaim, type EssaimError, Governance, type Model, type Terms } from '@essaim/sdk';
import { simulate } from '@essaim/sdk/node';
import { expect } from 'chai';
import { encodeBytes32String, type JsonRpcProvider, parseEther, ZeroAddress } from 'ethers';
import { accounts, type Role } from '../../scripts/demo/accounts.ts';
import { acceptByHand, NO_RECEIPT } from './by-hand.ts';
import { FEE, Town } from './town.ts';

const DAY = 86_400;
const run = promisify(execFile);

type Answer = Record<string, unknown>;

describe('holders of MIEL', () => {
  let town: Town;
  let model: Model;
  let bob: Essaim;
  let older: Terms;
  let id: string;

  before(async () => {
    town = await Town.open();
    model = town.models.mlp;
    bob = await town.connect('bob');
    const { MielToken } = (await town.connect('founder')).contracts;
    const grants = { carol: '30000000', dave: '20000000', dora: '200000' };
    for (const [role, amount] of Object.entries(grants))
      await (await MielToken.transfer(address(role as Role), parseEther(amount))).wait();
    const dora = await town.connect('dora');
    const { StakeManager } = dora.contracts;
    await (await dora.contracts.MielToken.approve(await StakeManager.getAddress(), parseEther('150000'))).wait();
    await (await StakeManager.stake(parseEther('150000'))).wait();
    dora.close();
    older = await submitted();
  });
  after(async () => {
    bob?.close();
    await town?.close();
  });

  const address = (role: Role): string => accounts(town.chain)[role].address;

  /** Runs the command line as a role and reads what it prints. */
  async function tool<T = Answer>(role: Role, command: string, ...args: string[]): Promise<T> {
    const common = town.common().slice(0, 4);
    const key = READING.includes(command) ? [] : ['--key-file', town.keyFile(role)];
    const argv = ['sdk/src/node/governance/main.ts', command, ...args, ...common, ...key, '--polling', '60'];
    return JSON.parse((await run(process.execPath, argv)).stdout) as T;
  }

  /** Code of the error that something done as a role ends with. */
  async function refused(role: Role, work: (governance: Essaim['governance']) => Promise<unknown>): Promise<string> {
    const code = await as(role, (governance) =>
      work(governance).then(
        () => 'nothing failed',
        (error) => error.code,
      ),
    );
    return code;
  }

  async function as<T>(role: Role, work: (governance: Essaim['governance']) => Promise<T>): Promise<T> {
    const essaim = await town.connect(role);
    try {
      return await work(essaim.governance);
    } finally {
      essaim.close();
    }
  }

  const saved = (name: string, signed: unknown): string => {
    const file = join(town.folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(signed));
    return file;
  };

  /** A job of bob's whose result is submitted. */
  async function submitted(): Promise<Terms> {
    const jobId = await town.post(model, 'bob');
    const { terms, traces } = await acceptByHand(bob, model, jobId);
    await (await bob.contracts.JobMarket.submit(terms, traces[0].traceRoot, NO_RECEIPT)).wait();
    return terms;
  }

  /** What bob gets for a job, in parts of 10,000 of its fee. */
  async function paid(send: () => Promise<{ wait(): Promise<unknown> }>): Promise<bigint> {
    const { MielToken } = bob.contracts;
    const before = await MielToken.balanceOf(address('bob'));
    await (await send()).wait();
    return (((await MielToken.balanceOf(address('bob'))) - before) * 10_000n) / FEE;
  }

  it('see what votes they have, and are told what lies idle', async () => {
    const power = await tool('carol', 'power', address('carol'));
    expect(power).to.deep.include({ votes: '0 MIEL' });
    expect(power.own).to.deep.include({ liquid: '30,010,000 MIEL, voting for nobody: delegate to yourself' });
    const staked = await as('dora', (governance) => governance.power(address('dora')));
    expect(staked).to.include({ total: parseEther('150000'), liquid: 0n, staked: parseEther('150000') });
    expect(staked.parts?.staked).to.deep.equal({ own: parseEther('150000'), delegate: address('dora') });
  });

  it('under the threshold are told what is missing', async () => {
    const draft = { title: 'Fee', parameters: { 'feeRules.protocolFee': 250n } };
    const failure = await as('carol', async (governance) =>
      governance.propose(await governance.prepare(draft)).then(
        () => undefined,
        (error: EssaimError) => error,
      ),
    );
    expect(failure).to.include({ code: 'PROPOSAL_THRESHOLD' });
    expect(failure?.message).to.include('100,000 MIEL are missing');
    expect(failure?.help).to.include('delegate to yourself first: your 30,010,000 MIEL vote for nobody yet');
  });

  it('delegate by a signature that another sends', async () => {
    const signed = await as('carol', (governance) => governance.signDelegation(address('dora'), 'token'));
    await tool('verifier', 'send', saved('delegation', signed));
    await as('dave', (governance) => governance.delegate(address('dave'), 'token'));
    expect((await as('dora', (governance) => governance.power(address('dora')))).total).to.equal(
      parseEther('30160000'),
    );
    expect(await refused('verifier', (governance) => governance.relay(signed))).to.equal('SIGNED_USED');
  });

  it('see what a change would do before they propose it', async () => {
    const draft = ['--title', 'A protocol fee of 2.5 %', '--set', 'feeRules.protocolFee=2.5%'];
    const links = ['--text', 'The treasury pays for audits.', '--link', 'https://example.org/why'];
    const tried = await tool('dora', 'simulate', ...draft);
    const values = { before: '200 bp of the fee (2 %)', after: '250 bp of the fee (2.5 %)' };
    const epoch = { what: 'epoch of the parameters', before: '1', after: '2' };
    expect(tried.changes).to.deep.equal([{ what: 'feeRules.protocolFee', ...values }, epoch]);
    id = (await tool('dora', 'propose', ...draft, ...links)).proposed as string;
    const view = await bob.governance.proposal(BigInt(id));
    const simulated = await simulate(town.rpc, bob.deployment, view);
    expect(simulated).to.deep.include({ changes: tried.changes });
    const [action] = (await tool<{ actions: { does: string[] }[] }>('dora', 'show', id)).actions;
    expect(action.does).to.deep.equal([`feeRules.protocolFee: ${values.before} → ${values.after}`]);
  });

  it('see all that a draft touches: numbers, money, judges, roles and hands', async () => {
    const { MielToken, TimelockController } = bob.deployment.addresses;
    const { PROPOSER_ROLE, grantRole } = bob.contracts.TimelockController;
    const grant = await grantRole.populateTransaction(await PROPOSER_ROLE(), address('carol'));
    const tried = await tool<Record<string, Answer[] | Record<string, string[]>>>(
      ...(['dora', 'simulate', '--set', 'jobRules.freeExit=15min', '--setting', 'votingPeriod=7d'] as const),
      ...['--judge', `Conv@11=${MielToken}`, '--spend', `${address('carol')}=12.5`, '--guardian', 'none'],
      ...['--call', `${grant.to}=${grant.data}`],
    );
    const changed = (tried.changes as Answer[]).map(({ what, after }) => [what, after]);
    expect(changed).to.deep.equal([
      ['jobRules.freeExit', '900 s (15 min)'],
      ['the governor’s votingPeriod', '604,800 s (7 days)'],
      ['epoch of the parameters', '2'],
      ['guardian', ZeroAddress],
      ['MIEL in the treasury', '299,999,987.5 MIEL'],
    ]);
    const { moved, roles, judges } = tried.happened as Record<string, string[]>;
    const treasury = `the treasury (TimelockController) ${TimelockController}`;
    expect(moved).to.deep.equal([`12.5 MIEL from ${treasury} to ${address('carol')}`]);
    expect(roles).to.deep.equal([`${address('carol')} gets PROPOSER_ROLE of ${treasury}`]);
    expect(judges[0]).to.include(`Conv since 11 is judged by MielToken ${MielToken}`);
  });

  it('try a draft out by one call of the chain, where nothing can be copied', async () => {
    const { governance, contracts } = bob;
    const { updateDelay } = contracts.TimelockController;
    const { to: target, data } = await updateDelay.populateTransaction(3 * DAY);
    const draft = {
      ...{ title: 'Much', parameters: { 'jobRules.freeExit': 900n }, settings: { votingPeriod: BigInt(7 * DAY) } },
      ...{ guardian: ZeroAddress, spend: [{ to: address('carol'), amount: parseEther('12.5') }] },
      calls: [{ target, data, value: 0n }],
    };
    const { actions } = await governance.prepare(draft, address('dora'));
    const tried = await governance.tryOut(actions, BigInt(4_000_000_000));
    const simulated = await simulate(town.rpc, bob.deployment, { actions });
    expect(tried.refused).to.equal(undefined);
    expect(tried.changes).to.have.length(6);
    expect(simulated).to.deep.include({ changes: tried.changes });
    const [freeExit] = await governance.parameters();
    expect(freeExit).to.include({ name: 'jobRules.freeExit', value: 600n });
  });

  it('are told where an endpoint cannot try anything out', async () => {
    const { context } = bob.governance;
    const deaf = new Proxy(context.provider as JsonRpcProvider, {
      get(provider, name) {
        if (name === 'send') return (method: string, [call, block]: unknown[]) => provider.send(method, [call, block]);
        const value = provider[name as keyof JsonRpcProvider] as unknown;
        return typeof value === 'function' ? value.bind(provider) : value;
      },
    });
    const { actions } = await bob.governance.prepare({ title: 'None', guardian: ZeroAddress }, address('dora'));
    const code = await new Governance({ ...context, provider: deaf }).tryOut(actions).then(
      () => 'it was tried out',
      (error) => error.code,
    );
    expect(code).to.equal('TRIAL_UNAVAILABLE');
  });

  it('are told why a proposal cannot be carried out', async () => {
    const { ProtocolParameters } = bob.contracts;
    const key = encodeBytes32String('feeRules.protocolFee');
    const { data, to: target } = await ProtocolParameters.change.populateTransaction([key], [450n]);
    const result = await simulate(town.rpc, bob.deployment, { actions: [{ target, data, value: 0n }] });
    expect(result).to.have.nested.property('reverted.code', 'Parameters_Step');
    const { refused } = await bob.governance.tryOut([{ target, data, value: 0n }]);
    expect(refused).to.have.nested.property('error.code', 'Parameters_Step');
  });

  it('vote, one of them by signature, queue and execute', async () => {
    const proposal = BigInt(id);
    expect(await refused('dora', (governance) => governance.vote(proposal, 'for'))).to.equal('PROPOSAL_STATE');
    await town.pass(DAY + 1);
    const signed = await tool('dave', 'vote', id, 'for', '--sign', '--reason', 'it is little');
    await as('verifier', (governance) => governance.relay(signed));
    await tool('dora', 'vote', id, 'for', '--reason', 'audits cost');
    expect(await refused('dora', (governance) => governance.vote(proposal, 'against'))).to.equal('PROPOSAL_VOTED');
    expect(await refused('verifier', (governance) => governance.vote(proposal, 'for'))).to.equal('VOTES_NONE');
    const [listed] = await tool<{ votes: Answer; quorum: string; next: string; state: string }[]>('dora', 'list');
    expect(listed).to.include({ state: 'active' });
    expect(listed.votes).to.deep.equal({ for: '50,170,000 MIEL', against: '0 MIEL', abstain: '0 MIEL' });
    expect(listed.quorum).to.match(/, reached$/);
    expect(listed.next).to.match(/^voting ends at .* in \d+ days/);
    await town.pass(7 * DAY);
    await as('verifier', (governance) => governance.queue(proposal));
    expect(await refused('verifier', (governance) => governance.execute(proposal))).to.equal('PROPOSAL_EARLY');
    const view = await bob.governance.proposal(proposal);
    expect(await simulate(town.rpc, bob.deployment, view))
      .to.have.property('changes')
      .with.length(2);
    await town.pass(2 * DAY + 1);
    const execution = await as('dave', (governance) => governance.signStep(proposal, 'execute'));
    await as('verifier', (governance) => governance.relay(execution));
    expect((await bob.governance.proposal(proposal)).state).to.equal('executed');
    expect((await bob.governance.outcome(proposal))?.events).to.deep.equal([
      'epoch 2 begins with feeRules.protocolFee 250 bp of the fee (2.5 %) (was 200 bp of the fee (2 %))',
    ]);
  });

  it('changed what later jobs pay, and nothing for those that were there', async () => {
    const { ProtocolParameters, JobMarket } = bob.contracts;
    expect((await ProtocolParameters.feeRules(1)).protocolFee).to.equal(200n);
    expect((await ProtocolParameters.feeRules(2)).protocolFee).to.equal(250n);
    expect(await paid(() => JobMarket.withdraw(older))).to.equal(9_500n);
    const later = await submitted();
    const requester = await town.connect('requester');
    expect(await paid(() => requester.contracts.JobMarket.release(later))).to.equal(9_450n);
    requester.close();
  });
});

/** Commands that need no account. */
const READING = ['power', 'show', 'list', 'simulate', 'parameters', 'pool', 'pools'];
