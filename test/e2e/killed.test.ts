import { once } from 'node:events';
import { batchIdOf, ClaimState, type Essaim, JobState } from '@essaim/sdk';
import { expect } from 'chai';
import { accounts, type Role } from '../../scripts/demo/accounts.ts';
import { recordFigure } from '../../scripts/figures.ts';
import { type Daemon, lieIn, Town } from './town.ts';

/** States of a transaction at which a process can die so that its next has to find it again. */
const STATES = ['signed', 'sent', 'mined'] as const;

/** Every transaction of a job's, a demand's and a challenge's life that a daemon sends, as the journal names it. */
const DEEDS = {
  job: ['accepting', 'submitting', 'withdrawing'],
  demand: ['demanding', 'answering'],
  challenge: ['accusing', 'proving', 'collecting'],
} as const;

describe('a daemon that is killed at every state of every transaction and started again', () => {
  let town: Town;
  let reader: Essaim;
  let injected = 0;
  let survived = 0;
  before(async () => {
    town = await Town.open();
    reader = await town.connect('requester');
  });
  after(async () => {
    reader?.close();
    await town?.close();
    const all = STATES.length * Object.values(DEEDS).flat().length;
    if (survived < all) return;
    const command = 'npm run faults';
    recordFigure('count.faults.injected', { value: injected, unit: 'kills', aim: { atLeast: all }, command });
    recordFigure('count.faults.survived', { value: survived, unit: 'kills', aim: { atLeast: injected }, command });
  });

  const nonce = (role: Role) => town.chain.getTransactionCount(accounts(town.chain)[role].address);
  const batchOf = async (jobId: string) => batchIdOf(await reader.contracts.JobMarket.getAddress(), jobId);
  const fee = () => `${town.deployment.addresses.MielToken}=1`;

  /** Starts a daemon that dies at a state of a transaction; with none it lives. */
  async function start(role: Role, script: string, args: string[], at?: string): Promise<Daemon> {
    process.env.KILL_AT = at ?? '';
    try {
      const own = ['--key-file', town.keyFile(role), '--data', town.data(role), ...args];
      return await town.daemon(role, ['--import', './test/e2e/kill-at.ts', script, 'run', ...town.common(), ...own]);
    } finally {
      delete process.env.KILL_AT;
    }
  }
  const provide = (at?: string, ...more: string[]) =>
    start('alice', 'provider/src/main.ts', ['--fee', fee(), ...more], at);
  const verify = (at?: string) => start('verifier', 'verifier/src/main.ts', ['--patience', '200'], at);

  /** Kills a daemon once at each state of a deed. */
  async function dieAt(deed: string, begin: (at: string) => Promise<Daemon>): Promise<void> {
    for (const state of STATES) {
      injected++;
      const { process: child } = (await begin(`${deed} ${state}`)).child;
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      expect(child.signalCode, `${deed} ${state}`).to.equal('SIGKILL');
      survived++;
    }
  }

  it('has its job accepted, submitted and paid with three transactions', async () => {
    const before = await nonce('alice');
    const jobId = await town.post(town.models.mlp, 'alice');
    const [accepting, submitting, withdrawing] = DEEDS.job;
    await dieAt(accepting, provide);
    await dieAt(submitting, provide);
    await town.pass(100_000);
    await dieAt(withdrawing, provide);
    const { state } = await reader.contracts.JobMarket.job(jobId);
    expect(state).to.equal(JobState.Paid);
    expect(await nonce('alice')).to.equal(before + 3);
  });

  it('demands what is withheld once, and answers it once', async () => {
    const [demanding, answering] = DEEDS.demand;
    const withholding = await town.cheat('bob', { cheats: [], withhold: true, hideReceipts: true, silent: true });
    const jobId = await town.post(town.models.mlp, 'bob');
    await withholding.heard('submitted', jobId);
    await withholding.child.stop();
    const [before, answered] = [await nonce('verifier'), await nonce('bob')];
    await dieAt(demanding, verify);
    expect(await nonce('verifier')).to.equal(before + 1);
    const answer = (at?: string) => start('bob', 'provider/src/main.ts', ['--fee', fee(), '--no-publish-traces'], at);
    await dieAt(answering, answer);
    expect(await nonce('bob')).to.equal(answered + 1);
    const { Claims } = reader.contracts;
    expect(await Claims.openDemands(await batchOf(jobId))).to.equal(0n);
    const [bob, verifier] = await Promise.all([answer(), verify()]);
    await verifier.heard('checked', jobId);
    await Promise.all([bob.child.stop(), verifier.child.stop()]);
  });

  it('accuses, proves and collects once', async () => {
    const { program } = town.models.cnn;
    const cheat = await town.cheat('bob', {
      cheats: [{ programId: program.id, claim: 0, lie: lieIn(town.models.cnn) }],
    });
    const jobId = await town.post(town.models.cnn, 'bob');
    await cheat.heard('submitted', jobId);
    const before = await nonce('verifier');
    for (const deed of DEEDS.challenge) await dieAt(deed, verify);
    expect(await reader.contracts.Claims.state(await batchOf(jobId))).to.equal(ClaimState.Rejected);
    expect(await reader.contracts.Penalties.collected(await batchOf(jobId))).to.equal(true);
    expect(await nonce('verifier')).to.equal(before + 3);
    await cheat.child.stop();
  });
});
