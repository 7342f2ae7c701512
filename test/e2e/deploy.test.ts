import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDeployment } from '@essaim/sdk';
import { expect } from 'chai';
import { Contract, Interface, JsonRpcProvider, ZeroHash } from 'ethers';
import { contractNames, launchpadArtifact } from '../../scripts/lib/artifacts.ts';
import { Family } from '../../scripts/lib/processes.ts';

/** Transactions after which a deployment is killed: with the launchpad, early, in the middle, late. */
const KILLS = [1, 9, 24];

describe('npm run deploy', function () {
  this.timeout(300_000);
  const family = new Family();
  const folder = mkdtempSync(join(tmpdir(), 'essaim-deploy-'));
  const id = `chain-31337-test-${process.pid}`;
  let chain: JsonRpcProvider;
  let url: string;

  before(async () => {
    url = (await family.start('chain', ['scripts/local/chain.ts'])).ready.url as string;
    chain = new JsonRpcProvider(url, 31337, { staticNetwork: true, cacheTimeout: -1 });
  });
  after(async () => {
    chain?.destroy();
    await family.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync(join('ignition/deployments', id), { recursive: true, force: true });
  });

  const script = (name: string, ...args: string[]): ChildProcess =>
    spawn(process.execPath, [`scripts/${name}.ts`, '--network', 'local', ...args], {
      env: { ...process.env, ESSAIM_LOCAL_RPC: url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const deploy = () => script('deploy', '--out', folder, '--id', id);
  /** Runs to the end; returns the exit code and what was said. */
  async function finished(child: ChildProcess): Promise<{ code: number; text: string }> {
    let text = '';
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (bytes: Buffer) => (text += bytes));
    const [code] = (await once(child, 'exit')) as [number];
    return { code, text };
  }

  it('killed in the middle, again and again, goes on where it stopped, and sends nothing twice', async () => {
    for (const transactions of KILLS) {
      const child = deploy();
      const gone = once(child, 'exit');
      let said = '';
      child.stderr!.on('data', (bytes: Buffer) => {
        said += bytes;
      });
      while ((await chain.getBlockNumber()) < transactions && child.exitCode === null)
        await new Promise((resolve) => setTimeout(resolve, 20));
      expect(child.exitCode, said).to.equal(null);
      child.kill('SIGKILL');
      await gone;
    }
    const { code, text } = await finished(deploy());
    expect(code, text).to.equal(0);
    const saved = JSON.parse(readFileSync(join(folder, '31337.json'), 'utf8'));
    expect(Object.keys(readDeployment(saved).addresses)).to.deep.equal(contractNames);
    const { from } = (await chain.getBlock(1, true))!.prefetchedTransactions[0];
    expect(await chain.getTransactionCount(from)).to.equal(contractNames.length + 1);
    const launchpad = new Contract(saved.launchpad, launchpadArtifact().abi, chain);
    expect(await launchpad.launched()).to.equal(BigInt(contractNames.length));
    expect(saved.startBlock).to.equal(1);
  });

  it('run once more, sends nothing', async () => {
    const before = await chain.getBlockNumber();
    expect((await finished(deploy())).code).to.equal(0);
    expect(await chain.getBlockNumber()).to.equal(before);
  });

  it('passes npm run check:deployment, which fails where a power was left over', async () => {
    const good = await finished(script('check-deployment', '--deployments', folder));
    expect(good.code, good.text).to.equal(0);
    const { addresses } = JSON.parse(readFileSync(join(folder, '31337.json'), 'utf8'));
    const timelock = addresses.TimelockController;
    await chain.send('hardhat_impersonateAccount', [timelock]);
    await chain.send('hardhat_setBalance', [timelock, '0xffffffffffffffffff']);
    const grant = new Interface(['function grantRole(bytes32 role, address account)']);
    const data = grant.encodeFunctionData('grantRole', [ZeroHash, addresses.JobMarket]);
    await chain.send('eth_sendTransaction', [{ from: timelock, to: timelock, data }]);
    const bad = await finished(script('check-deployment', '--deployments', folder));
    expect(bad.code).to.equal(1);
    expect(bad.text).to.include('TimelockController: JobMarket administers it, which is a leftover power');
  });
});
