import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { batchIdOf, ClaimState, type Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { accounts } from '../../scripts/demo/accounts.ts';
import { type Daemon, lieIn, Town } from './town.ts';

describe('a verifier by its mode, and the monitor beside it', () => {
  let town: Town;
  let reader: Essaim;
  let cheat: Daemon;
  const wrong: string[] = [];
  before(async () => {
    town = await Town.open();
    reader = await town.connect('verifier');
    const { id: programId } = town.models.cnn.program;
    const lie = lieIn(town.models.cnn);
    cheat = await town.cheat('bob', { cheats: [0, 1].map((claim) => ({ programId, claim, lie })) });
    for (let each = 0; each < 2; each++) {
      const jobId = await town.post(town.models.cnn, 'bob');
      await cheat.heard('submitted', jobId);
      wrong.push(jobId);
    }
  });
  after(async () => {
    await cheat?.child.stop();
    reader?.close();
    await town?.close();
  });

  const stateOf = async (jobId: string) =>
    reader.contracts.Claims.state(batchIdOf(await reader.contracts.JobMarket.getAddress(), jobId));
  const nonce = () => town.chain.getTransactionCount(accounts(town.chain).verifier.address);
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, args).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (failure: { code: number; stdout: string; stderr: string }) => failure,
    );
  const monitor = (...more: string[]) => run('verifier/src/monitor/main.ts', 'check', ...town.common(), ...more);
  const command = (name: string, ...more: string[]) =>
    run(
      'verifier/src/main.ts',
      name,
      ...more,
      ...town.common(),
      '--key-file',
      town.keyFile('verifier'),
      '--data',
      town.data('verifier'),
    );

  it('watches without a key: it says what it would do, and does nothing', async () => {
    const before = await nonce();
    const args = ['run', ...town.common(), '--mode', 'watch', '--listen', '127.0.0.1:0', '--patience', '200'];
    const watcher = await town.daemon('verifier', ['verifier/src/main.ts', ...args]);
    const forgone = await watcher.heard('forgone', wrong[0]);
    expect(forgone).to.include({ deed: 'convict' });
    expect(forgone.why).to.match(/leaf 0: element \(convicted\).*Conv/);
    const honest = await town.provider('alice');
    const right = await town.post(town.models.mlp, 'alice');
    await watcher.heard('checked', right);
    await honest.child.stop();
    expect(await stateOf(wrong[0])).to.equal(ClaimState.Pending);
    expect(await nonce()).to.equal(before);

    const at = ['--verifier', `http://127.0.0.1:${watcher.child.ready.listen}`];
    await watcher.heard('forgone', wrong[1]);
    const calm = await monitor(...at, '--claim-margin', '1000000');
    expect(calm.stdout, calm.stderr).to.match(/no alarm; looked at: demand, stuck, stake, .*verifier, unchecked/);
    expect(calm.code).to.equal(0);
    await watcher.child.stop();
    const alarmed = await monitor(...at, '--claim-margin', '1000000');
    expect(alarmed.code).to.equal(1);
    expect(alarmed.stdout).to.match(/ALARM +verifier +the verifier does not answer/);
    expect(alarmed.stdout).to.match(new RegExp(`ALARM +unchecked +job ${wrong[0]} .* is not checked`));
    expect((await monitor(...at, '--claim-margin', '60')).stdout).to.not.include('unchecked');
  });

  it('is watched by a monitor that alarms on low stake, open demands and an indexer that is away', async () => {
    const alice = accounts(town.chain).alice.address;
    const low = await monitor('--operator', alice, '--least-stake', String(6_000n * 10n ** 18n));
    expect(low.stdout).to.match(/ALARM +stake +0x\w+ has 4\d+\.0 MIEL free for jobs, less than 6000.0/);
    expect((await monitor('--operator', alice)).code).to.equal(0);
    expect((await monitor('--indexer', 'http://127.0.0.1:9')).stdout).to.match(
      /ALARM +indexer +the indexer does not answer/,
    );

    const { Availability, JobMarket } = reader.contracts;
    const batchId = batchIdOf(await JobMarket.getAddress(), wrong[0]);
    await cheat.child.stop();
    const value = await Availability.bondFor(batchId, 64, 10n ** 9n);
    await (await Availability.demandClaim(batchId, 0, 2, 0, 2, { value })).wait();
    expect((await monitor()).code).to.equal(0);
    const demanded = await monitor('--demand-margin', '1000000');
    expect(demanded.stdout).to.match(/ALARM +demand +0x\w+ has not answered a demand for values 0; \d+ s are left/);
    expect((await monitor('--demand-margin', '1000000', '--operator', alice)).code).to.equal(0);
  });

  it('runs on and tells when an alarm begins, also to Prometheus', async () => {
    const args = ['run', ...town.common(), '--indexer', 'http://127.0.0.1:9', '--listen', '127.0.0.1:0'];
    const running = await town.daemon('verifier', ['verifier/src/monitor/main.ts', ...args]);
    expect(await running.heard('alarm')).to.include({ alarm: 'indexer' });
    const metrics = await (await fetch(`http://127.0.0.1:${running.child.ready.listen}/metrics`)).text();
    expect(metrics).to.match(/essaim_alarms\{alarm="stake"\} 0/);
    await running.child.stop();
  });

  it('asks a person in oversight, also after a restart, and does what was agreed to and nothing that was refused', async () => {
    const oversight = () => town.verifier('verifier', '--mode', 'oversight', '--data', town.data('verifier'));
    const before = await nonce();
    let verifier = await oversight();
    const both = async (): Promise<string[]> => {
      for (;;) {
        const asked = verifier.lines.filter(({ event }) => event === 'asks').map(({ id }) => String(id));
        if (asked.length === 2) return asked;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const asked = await both();
    await verifier.child.stop();
    verifier = await oversight();
    expect(new Set(await both())).to.deep.equal(new Set(asked));
    expect(await nonce()).to.equal(before);
    const listed = await command('actions');
    for (const id of asked) expect(listed.stdout).to.match(new RegExp(`^${id}  asked +convict`, 'm'));

    const [yes, no] = asked;
    expect((await command('approve', yes)).stdout).to.match(new RegExp(`^${yes}  agreed`));
    const { jobId: convicted } = await verifier.heard('convicted');
    expect((await command('refuse', no)).stdout).to.match(new RegExp(`^${no}  refused`));
    const { jobId: spared, why } = await verifier.heard('forgone');
    expect(why).to.include('batch');
    expect(await stateOf(String(convicted))).to.equal(ClaimState.Rejected);
    expect(await stateOf(String(spared))).to.equal(ClaimState.Pending);
    expect((await command('approve', 'nothing')).stderr).to.include('ACTION_UNKNOWN');
    await verifier.child.stop();
  });
});
