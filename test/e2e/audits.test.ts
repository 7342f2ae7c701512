import { AUDIT_TERM, auditPay } from '@essaim/protocol';
import type { Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { type Daemon, lieIn, Town } from './town.ts';

/** So much more than the collateral that every batch is audited. */
const FEE = parseEther('1000');
/** Two windows, after which all is settled. */
const TWO_WINDOWS = 2 * 86_400;
const DRAW = 33;

describe('an auditor', () => {
  let town: Town;
  let reader: Essaim;
  before(async () => {
    town = await Town.open();
    reader = await town.connect('requester');
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
  const draw = () => town.chain.send('hardhat_mine', [`0x${DRAW.toString(16)}`]);

  const provisionOf = (account: string) => reader.staking.provision(account, 'audits');

  let auditor: Daemon;
  const { carol, dave } = { carol: 'carol', dave: 'dave' } as const;

  it('takes a seat, passes what is right, and is paid when both are final', async () => {
    const seat = await town.command(carol, 'enroll', '--provide', String(parseEther('5000')));
    expect(seat).to.include({ event: 'seat', seat: 0, bond: String(parseEther('250')) });
    await nextTerm();
    auditor = await town.verifier(carol, '--assigned-only', '--data', town.data(carol));
    const provider = await town.provider('alice');
    const jobId = await town.post(town.models.mlp, 'alice', { fee: FEE });
    await provider.heard('submitted', jobId);
    await draw();
    expect(await auditor.heard('audited', jobId)).to.include({ passed: true, leaf: 0 });
    const account = accounts(town.chain)[carol].address;
    expect((await provisionOf(account)).locked).to.equal(parseEther('500'));
    await town.pass(TWO_WINDOWS);
    const { pay } = await auditor.heard('settled', jobId);
    const rules = await reader.contracts.ProtocolParameters.auditRules(1);
    expect(BigInt(pay as string)).to.equal(auditPay(rules, (FEE * 300n) / 10_000n, 10_000n, 1n));
    const { amount } = await auditor.heard('audit-paid');
    expect(amount).to.equal(pay);
    expect((await provisionOf(account)).locked).to.equal(parseEther('250'));
    await provider.child.stop();
  });

  it('fails what is wrong, and convicts it', async () => {
    await nextTerm();
    const { mlp } = town.models;
    const cheat = await town.cheat('bob', { cheats: [{ programId: mlp.program.id, claim: 0, lie: lieIn(mlp) }] });
    const jobId = await town.post(mlp, 'bob', { fee: FEE });
    await cheat.heard('submitted', jobId);
    await draw();
    expect(await auditor.heard('audited', jobId)).to.include({ passed: false, leaf: 0 });
    expect(await auditor.heard('convicted', jobId)).to.include({ fault: 'element', verdict: 'convicted' });
    await cheat.child.stop();
    await auditor.child.stop();
  });
});
