import { AUDIT_TERM, NO_INNER_VALUES } from '@essaim/protocol';
import { batchIdOf, ClaimState, type Essaim, findTerms } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { Killer } from './kill/killer.ts';
import { lieIn, Town } from './town.ts';

/** So much more than the collateral that every batch is audited. */
const FEE = parseEther('1000');
const DRAW = 33;
const THREE_QUARTERS = (3 * 86_400) / 4 + 60;

describe('an auditor that is killed at every state of every transaction', function () {
  this.timeout(180_000);
  let town: Town;
  let killer: Killer;
  let reader: Essaim;
  before(async () => {
    town = await Town.open();
    killer = new Killer(town);
    reader = await town.connect('requester');
    await town.command('carol', 'enroll', '--provide', String(parseEther('5000')));
    await nextTerm();
  });
  after(async () => {
    reader?.close();
    await town?.close();
  });

  async function nextTerm(): Promise<void> {
    const { timestamp } = (await town.chain.getBlock('latest'))!;
    await town.pass(AUDIT_TERM - (timestamp % AUDIT_TERM));
  }
  async function draw(): Promise<void> {
    for (let i = 0; i < DRAW; i++) await town.chain.send('evm_mine', []);
  }
  const auditor = (...more: string[]) => killer.verifier('carol', ...more);
  const alone = () => auditor('--assigned-only');
  const provision = (role: 'carol' | 'dave') => reader.staking.provision(accounts(town.chain)[role].address, 'audits');
  const auditsOf = async (jobId: string) => {
    const { AuditPool, JobMarket } = reader.contracts;
    return AuditPool.queryFilter(AuditPool.filters.Audited(batchIdOf(await JobMarket.getAddress(), jobId)));
  };

  it('audits what it is drawn for once, answers for it once, and is paid once', () =>
    killer.play('audit', async () => {
      const { AuditPool, Availability } = reader.contracts;
      const jobId = await honestJob();
      await draw();
      const before = await killer.nonce('carol');
      await killer.dieAt('recording the draw', alone());
      await killer.dieAt('auditing leaf', alone());
      const [{ args }] = await auditsOf(jobId);
      const value = await Availability.bondFor(args.auditBatchId, 64, 10n ** 9n);
      await (await Availability.demandClaim(args.auditBatchId, 0, 2, 0, 2, { value })).wait();
      await killer.dieAt('answering for audit', alone());
      expect(await killer.nonce('carol')).to.equal(before + 3);
      await town.pass(2 * 86_400);
      for (const deed of ['ending job', 'settling audits of job', 'collecting what']) await killer.dieAt(deed, alone());
      expect(await auditsOf(jobId)).to.have.length(1);
      expect((await provision('carol')).locked).to.equal(parseEther('250'));
      const { MielToken } = town.deployment.addresses;
      expect(await reader.audits.owed(MielToken, accounts(town.chain).carol.address)).to.equal(0n);
      expect((await AuditPool.queryFilter(AuditPool.filters.Collected())).length).to.equal(1);
    }));

  it('strikes once who passed what it convicts', () =>
    killer.play('blind audit', async () => {
      await replace();
      const jobId = await cheatedJob();
      await draw();
      const { AuditPool, JobMarket, Claims, Penalties } = reader.contracts;
      const terms = await findTerms(reader.contracts, jobId, reader.deployment.startBlock);
      const [{ args }] = await JobMarket.queryFilter(JobMarket.filters.Submitted(jobId));
      await record(jobId);
      const copied = { index: 0, passed: true, traceRoot: args.traceRoot, innerRoot: NO_INNER_VALUES };
      const lazy = await town.connect('dave');
      await (await lazy.contracts.AuditPool.audit(terms, { ...copied, inputsRoot: terms.inputsRoot }, '0x')).wait();
      lazy.close();
      for (const deed of ['showing the fault of batch', 'striking an audit of job', 'burning the lock of audit'])
        await killer.dieAt(deed, auditor('--audits'));
      const [{ args: audit }] = await auditsOf(jobId);
      expect(await Claims.state(audit.auditBatchId)).to.equal(ClaimState.Rejected);
      expect(await Penalties.collected(audit.auditBatchId)).to.equal(true);
      expect((await provision('dave')).tokens).to.equal(parseEther('4750'));
      expect(await AuditPool.shown(batchIdOf(await JobMarket.getAddress(), jobId), 0)).to.equal(true);
    }));

  it('reports once an audit that did not come', () =>
    killer.play('missed audit', async () => {
      const jobId = await honestJob();
      await draw();
      await record(jobId);
      await town.pass(THREE_QUARTERS);
      const before = await killer.nonce('carol');
      await killer.dieAt('reporting a missed audit of job', auditor('--audits'));
      expect((await provision('dave')).tokens).to.equal(parseEther('4725'));
      expect(await killer.nonce('carol')).to.equal(before + 1);
    }));

  /** Has dave in the seat instead of carol. */
  async function replace(): Promise<void> {
    await town.command('carol', 'resign');
    await town.command('dave', 'enroll', '--provide', String(parseEther('5000')));
    await nextTerm();
  }

  async function honestJob(): Promise<string> {
    const provider = await town.provider('alice');
    const jobId = await town.post(town.models.mlp, 'alice', { fee: FEE });
    await provider.heard('submitted', jobId);
    await provider.child.stop();
    return jobId;
  }

  async function cheatedJob(): Promise<string> {
    const { mlp } = town.models;
    const cheat = await town.cheat('bob', { cheats: [{ programId: mlp.program.id, claim: 0, lie: lieIn(mlp) }] });
    const jobId = await town.post(mlp, 'bob', { fee: FEE });
    await cheat.heard('submitted', jobId);
    await cheat.child.stop();
    return jobId;
  }

  /** Records the value that draws a job's audits: the local chain keeps hashes for 256 blocks. */
  async function record(jobId: string): Promise<void> {
    const { Claims, JobMarket, BlockRandomness } = reader.contracts;
    const [, , block] = await Claims.submission(batchIdOf(await JobMarket.getAddress(), jobId));
    await reader.audits.record(Number(await BlockRandomness.roundFor(block, 0n)));
  }
});
