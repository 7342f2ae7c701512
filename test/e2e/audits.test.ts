import { AUDIT_TERM, auditPay, listRoot, NO_INNER_VALUES, readRoots } from '@essaim/protocol';
import { openTracer } from '@essaim/runtime';
import { batchIdOf, type Essaim, findTerms, type Model } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { Auditor } from '../../verifier/src/audits/auditor.ts';
import { KeptAudits } from '../../verifier/src/audits/kept.ts';
import { readAudited } from '../../verifier/src/audits/record.ts';
import { demand } from '../../verifier/src/demand.ts';
import { Places } from '../../verifier/src/places.ts';
import { until } from './patience.ts';
import { type Daemon, lieIn, Town } from './town.ts';

/** So much more than the collateral that every batch is audited. */
const FEE = parseEther('1000');
/** Two windows, after which all is settled. */
const TWO_WINDOWS = 2 * 86_400;
const THREE_QUARTERS = (3 * 86_400) / 4 + 60;
const DRAW = 33;

describe('an auditor', () => {
  let town: Town;
  let reader: Essaim;
  /** A model whose trace commits to boundary values only. */
  let cut: Model;
  before(async () => {
    town = await Town.open();
    reader = await town.connect('requester');
    cut = await town.publish('cnn-b64');
  });
  after(async () => {
    reader?.close();
    await town?.close();
  });

  /** Moves to the first second of the next term. */
  async function nextTerm(): Promise<void> {
    const { timestamp } = (await town.chain.getBlock('latest'))!;
    await town.pass(AUDIT_TERM - (timestamp % AUDIT_TERM));
  }

  /** Lets the blocks come that draw what was submitted. */
  async function draw(): Promise<void> {
    for (let i = 0; i < DRAW; i++) await town.chain.send('evm_mine', []);
  }

  const provisionOf = (account: string) => reader.staking.provision(account, 'audits');

  let auditor: Daemon;
  const { carol, dave } = { carol: 'carol', dave: 'dave' } as const;

  let provider: Daemon;
  let right: string;

  it('takes a seat, and passes what is right', async () => {
    const seat = await town.command(carol, 'enroll', '--provide', String(parseEther('5000')));
    expect(seat).to.include({ event: 'seat', seat: 0, bond: String(parseEther('250')) });
    await nextTerm();
    auditor = await town.verifier(carol, '--assigned-only', '--data', town.data(carol));
    provider = await town.provider('alice');
    right = await town.post(cut, 'alice', { fee: FEE });
    await provider.heard('submitted', right);
    await draw();
    expect(await auditor.heard('audited', right)).to.include({ passed: true, leaf: 0 });
    expect((await provisionOf(accounts(town.chain)[carol].address)).locked).to.equal(parseEther('500'));
  });

  it('answers what is asked of its audit from what it kept, with the inner values that it committed to', async () => {
    const { auditBatchId } = await auditor.heard('audited', right);
    await auditor.child.stop();
    auditor = await town.verifier(carol, '--assigned-only', '--data', town.data(carol));
    const demander = await town.connect('founder');
    const desk = { essaim: demander, trace: openTracer(), say: () => {}, patience: 0 };
    const asked = { told: { jobId: right, provider: '' }, batchId: String(auditBatchId) };
    const { header, segments } = cut.program;
    const values = { leaf: 0, kind: 'values', index: 0, first: 0, count: header.valueCount } as const;
    const { question, answer } = await demand(desk, asked, values, null);
    const { root, count } = await demander.contracts.Claims.batch(asked.batchId);
    const { roots } = readRoots(question, answer, { root, count: Number(count) });
    const { record } = await auditOf(demander, asked.batchId);
    expect(listRoot(roots)).to.equal(record.traceRoot);
    const drawn = Number(record.segment % BigInt(segments.length));
    const { segmentRoot } = demander.contracts.Availability;
    for (let index = 0; index < segments.length; index++)
      await demand(desk, asked, { leaf: 0, kind: 'segment', index, first: 0, count: 0 }, null);
    expect(await segmentRoot(asked.batchId, 0, drawn)).to.equal(record.innerRoot);
    demander.close();
  });

  it('is paid when both are final', async () => {
    await town.pass(TWO_WINDOWS);
    const { pay } = await auditor.heard('settled', right);
    const rules = await reader.contracts.ProtocolParameters.auditRules(1);
    expect(BigInt(String(pay))).to.equal(auditPay(rules, (FEE * 300n) / 10_000n, 10_000n, 1n));
    expect((await auditor.heard('audit-paid')).amount).to.equal(pay);
    expect((await provisionOf(accounts(town.chain)[carol].address)).locked).to.equal(parseEther('250'));
    await provider.child.stop();
  });

  it('fails what is wrong, and convicts it', async () => {
    await nextTerm();
    const jobId = await cheatedJob();
    await draw();
    expect(await auditor.heard('audited', jobId)).to.include({ passed: false, leaf: 0 });
    expect(await auditor.heard('convicted', jobId)).to.include({ fault: 'element', verdict: 'convicted' });
    await auditor.child.stop();
  });

  it('does what others served while an executor keeps silent', async () => {
    const silent = await town.cheat('bob', { cheats: [], withhold: true, hideReceipts: true, silent: true });
    const withheld = await town.post(town.models.mlp, 'bob', { fee: FEE });
    await silent.heard('submitted', withheld);
    provider = await town.provider('alice');
    const served = await town.post(town.models.mlp, 'alice', { fee: FEE });
    await provider.heard('submitted', served);
    await draw();
    const [essaim, stop] = [await town.connect(carol), new AbortController()];
    const heard: string[] = [];
    const say = (event: object) => {
      const { event: name, jobId } = event as { event: string; jobId?: string };
      heard.push(`${name} ${jobId}`);
    };
    const kept = new KeptAudits(town.data('one-place'));
    const desk = { essaim, trace: openTracer(), say, patience: 200, kept, alone: true };
    const running = new Auditor(desk, new Places(1)).run(stop.signal);
    await until(
      () => heard.includes(`demanded ${withheld}`) && heard.includes(`audited ${served}`),
      () => heard,
    );
    stop.abort();
    await running;
    essaim.close();
    await Promise.all([silent.child.stop(), provider.child.stop()]);
  });

  it('strikes who passed without looking what it convicts', async () => {
    await town.command(carol, 'resign');
    const lazy = await town.connect(dave);
    const { address } = accounts(town.chain)[dave];
    await town.command(dave, 'enroll', '--provide', String(parseEther('5000')));
    await nextTerm();
    const jobId = await cheatedJob();
    await draw();
    await passBlindly(lazy, jobId);
    auditor = await town.verifier(carol, '--audits', '--data', town.data(carol));
    expect(await auditor.heard('convicted', jobId)).to.include({ fault: 'element', verdict: 'convicted' });
    expect(await auditor.heard('struck', jobId)).to.include({ auditor: address });
    const isUnlocked = async () => (await provisionOf(address)).locked === parseEther('250');
    await until(isUnlocked, () => auditor.lines.slice(-20));
    expect((await provisionOf(address)).tokens).to.equal(parseEther('4750'));
    lazy.close();
  });

  it('reports an audit that did not come, which costs a part of the bond', async () => {
    provider = await town.provider('alice');
    const jobId = await town.post(town.models.mlp, 'alice', { fee: FEE });
    await provider.heard('submitted', jobId);
    await draw();
    // the local chain keeps hashes for 256 blocks
    await record(jobId);
    await town.pass(THREE_QUARTERS);
    const { address } = accounts(town.chain)[dave];
    const burned = String(parseEther('25'));
    expect(await auditor.heard('audit-missed', jobId)).to.include({ auditor: address, burned });
    expect((await provisionOf(address)).tokens).to.equal(parseEther('4725'));
    await provider.child.stop();
    await auditor.child.stop();
  });

  it('takes whatever leaf it can of a batch whose draw expired', async () => {
    provider = await town.provider('alice');
    const jobId = await town.post(town.models.mlp, 'alice', { fee: FEE });
    await provider.heard('submitted', jobId);
    await town.chain.send('hardhat_mine', ['0x2100']);
    auditor = await town.verifier(dave, '--assigned-only', '--data', town.data(dave));
    expect(await auditor.heard('audited', jobId)).to.include({ passed: true, leaf: 0 });
    expect(auditor.lines.some(({ event }) => event === 'drawn')).to.equal(false);
    await provider.child.stop();
    await auditor.child.stop();
  });

  async function auditOf(essaim: Essaim, auditBatchId: string) {
    const { AuditPool } = essaim.contracts;
    const [log] = await AuditPool.queryFilter(AuditPool.filters.Audited(undefined, auditBatchId));
    return readAudited(essaim, log)!;
  }

  /** Records the value that draws a job's audits. */
  async function record(jobId: string): Promise<void> {
    const { Claims, JobMarket, BlockRandomness } = reader.contracts;
    const [, , block] = await Claims.submission(batchIdOf(await JobMarket.getAddress(), jobId));
    await reader.audits.record(Number(await BlockRandomness.roundFor(block, 0n)));
  }

  /** A job that bob did wrongly. */
  async function cheatedJob(): Promise<string> {
    const { mlp } = town.models;
    const cheat = await town.cheat('bob', { cheats: [{ programId: mlp.program.id, claim: 0, lie: lieIn(mlp) }] });
    const jobId = await town.post(mlp, 'bob', { fee: FEE });
    await cheat.heard('submitted', jobId);
    await cheat.child.stop();
    return jobId;
  }

  /** Passes a job of one input by its executor's own trace, without running anything. */
  async function passBlindly({ contracts, deployment }: Essaim, jobId: string): Promise<void> {
    const { AuditPool, JobMarket } = contracts;
    const terms = await findTerms(contracts, jobId, deployment.startBlock);
    const [{ args }] = await JobMarket.queryFilter(JobMarket.filters.Submitted(jobId));
    await record(jobId);
    const { inputsRoot } = terms;
    const copied = { index: 0, passed: true, inputsRoot, traceRoot: args.traceRoot, innerRoot: NO_INNER_VALUES };
    await (await AuditPool.audit(terms, copied, '0x')).wait();
  }
});
