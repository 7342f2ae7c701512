import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AUDIT_TERM } from '@essaim/protocol';
import type { Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { createRun, passDraw, registerDigits } from './school.ts';
import { Town } from './town.ts';

/** Code that permits whatever it is asked about: it returns zero. */
const PERMISSIVE = '0x5f5f5260205ff3';

describe('a monitor', () => {
  let town: Town;
  let initiator: Essaim;
  before(async () => {
    town = await Town.open();
    initiator = await town.connect('modeller');
  });
  after(async () => {
    initiator?.close();
    await town?.close();
  });

  const look = (...more: string[]) =>
    promisify(execFile)(process.execPath, ['verifier/src/monitor/main.ts', 'check', ...town.common(), ...more]).then(
      ({ stdout }) => stdout,
      ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
    );
  const addressOf = (role: 'carol' | 'alice') => accounts(town.chain)[role].address;

  it('alarms when a judge on the chain disagrees with its twin on an element of a claim, and on no other', async () => {
    const alice = await town.provider('alice');
    await alice.heard('submitted', await town.post(town.models.mlp, 'alice'));
    await alice.child.stop();
    expect(await look()).to.match(/no alarm; looked at: demand, stuck, stake, judges, twins/);

    const [op] = town.models.mlp.program.operators;
    const judge = await initiator.contracts.JudgeRegistry.judge(op.opcode, op.judge);
    const right = await town.chain.getCode(judge);
    await town.chain.send('hardhat_setCode', [judge, PERMISSIVE]);
    const told = await look();
    await town.chain.send('hardhat_setCode', [judge, right]);
    expect(told).to.match(
      new RegExp(
        `ALARM +twins +the chain’s judge says permitted and its twin here convicted on element \\d+ of ${op.name}`,
      ),
    );
    expect(told.match(/ALARM +twins/g)!.length).to.be.below(
      new Set(town.models.mlp.program.operators.map(({ opcode }) => opcode)).size,
    );
    expect(await look()).to.include('no alarm');
  });

  it('alarms on an operator’s audit that does not come', async () => {
    await town.command('carol', 'enroll', '--provide', String(parseEther('5000')));
    const { timestamp } = (await town.chain.getBlock('latest'))!;
    await town.pass(AUDIT_TERM - (timestamp % AUDIT_TERM));
    const alice = await town.provider('alice');
    // a fee by which every batch is audited
    const jobId = await town.post(town.models.mlp, 'alice', { fee: parseEther('1000') });
    await alice.heard('submitted', jobId);
    await alice.child.stop();
    await passDraw(town);
    const carol = ['--operator', addressOf('carol'), '--audit-margin', '1000000'];
    expect(await look(...carol)).to.match(
      new RegExp(`ALARM +audit +${addressOf('carol')} has not audited leaf 0 of job ${jobId}`),
    );
    expect(await look('--operator', addressOf('carol'), '--audit-margin', '60')).to.include('no alarm');
    expect(await look('--operator', addressOf('alice'), '--audit-margin', '1000000')).to.include('no alarm');
    const auditor = await town.verifier('carol', '--assigned-only', '--data', town.data('carol'));
    await auditor.heard('audited', jobId);
    await auditor.child.stop();
    expect(await look(...carol)).to.include('no alarm');
  });

  it('alarms on a run that stands still, and on a round that its verifier has not checked', async () => {
    const dataset = await registerDigits(town, initiator);
    const { runId } = await createRun(town, initiator, dataset, { rounds: 2, steps: 3, depth: 2 });
    await initiator.training.back(runId, (await initiator.training.view(runId)).budget);
    await passDraw(town);
    expect(await look()).to.include('no alarm');
    // in few blocks: the local chain keeps hashes for 256
    await town.chain.send('evm_increaseTime', [2 * 3_600 + 60]);
    await town.chain.send('evm_mine', []);
    expect(await look()).to.match(new RegExp(`ALARM +stuck +run ${runId} is funded and not drawn since \\d+ s`));

    const bob = await town.connect('bob');
    await bob.staking.provide(parseEther('4000'), undefined, 'training');
    await bob.training.draw(runId);
    bob.close();
    expect(await look()).to.include('no alarm');
    const train = ['--train', `${town.deployment.addresses.MielToken}=1`, '--train-run', runId];
    const trainer = await town.provider('bob', ...train);
    await trainer.heard('committed');
    await trainer.child.stop();
    const watcher = await town.verifier('verifier', '--listen', '127.0.0.1:0', '--all');
    await watcher.heard('checked');
    const verifier = ['--verifier', `http://127.0.0.1:${watcher.child.ready.listen}`, '--claim-margin', '1000000'];
    const isRound = /a round’s batch 0x\w+ of 0x\w+ is not checked/;
    for (;;) {
      const told = await look(...verifier);
      if (!told.includes('is not checked')) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await watcher.child.stop();
    expect(await look(...verifier)).to.match(isRound);
    await town.pass(2 * 3_600 + 60);
    expect(await look()).to.match(new RegExp(`ALARM +stuck +run ${runId} stands at round \\d of 2 since`));
  });
});
