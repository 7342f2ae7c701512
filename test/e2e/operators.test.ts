import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { accounts } from '../../scripts/demo/accounts.ts';
import { Town } from './town.ts';
import { unsteadyEndpoint } from './unsteady-endpoint.ts';

describe('who operates a daemon', () => {
  let town: Town;
  let jobId: string;
  before(async () => {
    town = await Town.open();
  });
  after(() => town?.close());

  const run = (program: 'provider' | 'verifier', args: string[], environment: Record<string, string> = {}) =>
    promisify(execFile)(process.execPath, [`${program}/src/main.ts`, ...args], {
      env: { ...process.env, ...environment },
    }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (failure: { code: number; stdout: string; stderr: string }) => failure,
    );
  const eventually = async (url: string, isIt: (status: number, body: string) => boolean): Promise<string> => {
    for (;;) {
      const response = await fetch(url);
      const body = await response.text();
      if (isIt(response.status, body)) return body;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  it('makes a keystore and a config, is told by check that nothing is wrong, and runs by them', async () => {
    const [config, keystore, password] = ['provider.conf', 'keystore.json', 'password'].map((name) =>
      join(town.folder, name),
    );
    writeFileSync(password, 'open sesame\n', { mode: 0o600 });
    const made = await run('provider', [
      'account',
      keystore,
      '--key-file',
      town.keyFile('alice'),
      '--password-file',
      password,
    ]);
    expect(made.stdout).to.include(accounts(town.chain).alice.address);

    const endpoint = await unsteadyEndpoint(town.rpc);
    const fee = `${town.deployment.addresses.MielToken}=1`;
    const [, , ...places] = town.common();
    const options = [
      ...places,
      '--keystore',
      keystore,
      '--fee',
      fee,
      '--data',
      town.data('alice'),
      '--listen',
      '127.0.0.1:0',
    ];
    await run('provider', ['init', config, ...options]);
    const environment = { ESSAIM_PROVIDER_RPC: endpoint.url, ESSAIM_PROVIDER_PASSWORD_FILE: password };
    const checked = await run('provider', ['check', '--config', config], environment);
    expect(checked.stdout, checked.stderr).to.include('nothing is wrong');
    expect(checked.code).to.equal(0);

    Object.assign(process.env, environment);
    const alice = await town.daemon('alice', ['provider/src/main.ts', 'run', '--config', config, '--cycle-limit', '1']);
    for (const name of Object.keys(environment)) delete process.env[name];
    const at = `http://127.0.0.1:${alice.child.ready.listen}`;
    jobId = await town.post(town.models.mlp, 'alice');
    await alice.heard('submitted', jobId);
    await eventually(`${at}/readyz`, (status) => status === 200);
    const metrics = await eventually(`${at}/metrics`, (_, body) => /essaim_stake_miel\{for="jobs"\} 5000/.test(body));
    expect(metrics).to.match(/essaim_events_total\{event="submitted"\} 1\n/);
    expect(metrics).to.match(/essaim_info\{daemon="essaim-provider",chain="31337",address="0x/);
    endpoint.fails = true;
    await eventually(`${at}/readyz`, (status, body) => status === 503 && /jobs/.test(body));
    await eventually(`${at}/pulse`, (status, body) => status === 503 && /stalled: .*jobs/.test(body));
    expect((await fetch(`${at}/livez`)).status).to.equal(200);
    endpoint.fails = false;
    await eventually(`${at}/readyz`, (status) => status === 200);
    await alice.child.stop();
    endpoint.close();
  });

  it('is told by check what is wrong and what to do, with an exit code', async () => {
    const [, , ...others] = town.common();
    const poor = ['--key-file', town.keyFile('modeller'), '--data', town.data('modeller')];
    const fee = ['--fee', `${town.deployment.addresses.MielToken}=1`];
    const checked = await run('provider', [
      'check',
      ...town.common(),
      ...poor,
      ...fee,
      '--storage',
      'http://127.0.0.1:9',
    ]);
    expect(checked.code).to.equal(1);
    expect(checked.stdout).to.match(/WRONG +storage +STORAGE_UNREACHABLE/);
    expect(checked.stdout).to.match(/WRONG +stake: jobs +0.0 MIEL are provisioned/);
    expect(checked.stdout)
      .to.match(/ok +contracts/)
      .and.to.match(/ok +judges/)
      .and.to.match(/ok +clock/);
    const nowhere = await run('verifier', ['check', '--rpc', 'http://127.0.0.1:9', ...others, ...poor]);
    expect(nowhere.code).to.equal(1);
    expect(nowhere.stderr).to.include('CHAIN_UNREACHABLE');
  });

  it('sees by simulate what a provider and a verifier would do, and nothing is sent', async () => {
    const open = await town.post(town.models.mlp, 'bob');
    const nonces = () =>
      Promise.all(
        (['bob', 'verifier'] as const).map((role) => town.chain.getTransactionCount(accounts(town.chain)[role])),
      );
    const before = await nonces();
    const fee = `${town.deployment.addresses.MielToken}=1`;
    const own = ['--key-file', town.keyFile('bob'), '--data', town.data('bob')];
    const provided = await run('provider', ['simulate', open, ...town.common(), ...own, '--fee', fee]);
    expect(provided.stdout, provided.stderr).to.match(/policy +it would be taken/);
    expect(provided.stdout)
      .to.match(/device +not tried on it yet: check --model \d+/)
      .and.to.match(/time +alone it would be submitted in time/)
      .and.to.match(/run +1 inputs in .*permitted/)
      .and.to.match(/accepting +would take \d+ gas/);
    const refused = await run('provider', [
      'simulate',
      open,
      ...town.common(),
      ...own,
      '--fee',
      fee.replace(/=1$/, `=${10n ** 19n}`),
    ]);
    expect(refused.stdout).to.match(/policy +a fee below/);
    const checked = await run('verifier', ['simulate', jobId, ...town.common()]);
    const told = checked.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(told.at(-1)).to.include({ event: 'checked', jobId });
    expect(await nonces()).to.deep.equal(before);
  });

  it('reads by status what is pending and what was earned', async () => {
    const fee = `${town.deployment.addresses.MielToken}=1`;
    const costs = ['--data', town.data('alice'), '--watts', '350', '--power-price', '0.2'];
    const own = ['--key-file', town.keyFile('alice'), '--fee', fee, ...costs];
    const pending = await run('provider', ['status', ...town.common(), ...own]);
    expect(pending.stdout, pending.stderr).to.match(/stake: jobs +5000.0 MIEL, 100.0 of it locked by 1/);
    expect(pending.stdout).to.match(/jobs +0 to run, 1 pending, 0 paid/);
    const alice = await town.provider('alice');
    await town.pass(100_000);
    await alice.heard('paid', jobId);
    await alice.child.stop();
    const paid = await run('provider', ['status', ...town.common(), ...own]);
    expect(paid.stdout).to.match(/jobs +0 to run, 0 pending, 1 paid/);
    expect(paid.stdout)
      .to.match(/gas +0\.0*[1-9]\d* coin within a day/)
      .and.to.match(
        /power +\d+\.\d\d kWh within a day, of which \d+\.\d h were measured, which cost \d+\.\d\d; now .* W/,
      );
    expect(paid.stdout).to.match(/last day +1 jobs paid 1\.\d+ MIEL/);
    const verifier = await run('verifier', ['status', ...town.common(), '--key-file', town.keyFile('verifier')]);
    expect(verifier.stdout).to.match(/all time +0 jobs paid nothing; 0 convictions/);
  });

  it('puts stake at work, has paid out what waits, and takes its stake back step by step', async () => {
    const own = [...town.common(), '--key-file', town.keyFile('alice')];
    const token = town.deployment.addresses.MielToken;
    const said = async (...args: string[]) => {
      const { stdout, stderr } = await run('provider', [...args, ...own, '--fee', `${token}=1`]);
      return stdout + stderr;
    };
    expect(await said('stake', '1000')).to.match(/stake: jobs +6000.0 MIEL, 0.0 of it locked by 0/);
    expect(await said('stake', '200', 'training')).to.match(/stake: training +200.0 MIEL/);
    expect(await said('stake', '5000000000')).to.include('STAKE_SHORT');
    expect(await said('stake', 'all')).to.include('OPTION_INVALID');
    expect(await said('collect')).to.match(/collected +(nothing: nothing waits|\d+ of 0x)/);
    expect(await said('collect')).to.match(/collected +nothing: nothing waits/);

    const account = accounts(town.chain).alice.address;
    const { MielToken } = (await town.connect('alice')).contracts;
    const before = await MielToken.balanceOf(account);
    const wait = Number(await (await town.connect('alice')).contracts.StakeManager.thaw());
    expect(await said('unstake')).to.match(/thawing +6000.0 MIEL[\s\S]*next step +unstake again from 20/);
    expect(await said('unstake'), 'nothing to do before that').to.match(/thawing +6000.0 MIEL/);
    await town.pass(wait);
    expect(await said('unstake')).to.match(/unbonding +6000.0 MIEL/);
    await town.pass(wait);
    expect(await said('unstake')).to.match(/paid out +6000.0 MIEL\nunstake +nothing more is at stake/);
    expect((await MielToken.balanceOf(account)) - before).to.equal(6_000n * 10n ** 18n);
    expect(await said('unstake', 'audits')).to.include('OPTION_INVALID');
  });
});
