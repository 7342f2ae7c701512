import { execFileSync } from 'node:child_process';
import { type Essaim, JobState } from '@essaim/sdk';
import { expect } from 'chai';
import { accounts } from '../../scripts/demo/accounts.ts';
import { faultyStorage } from './faulty-storage.ts';
import { type Daemon, Town } from './town.ts';
import { type Call, type UnsteadyEndpoint, unsteadyEndpoint } from './unsteady-endpoint.ts';

/** Seven hours. */
const SKEW = -25_200;

describe('a provider whose endpoints, storage, disk and clock fail it', () => {
  let town: Town;
  let reader: Essaim;
  let all: UnsteadyEndpoint[];
  let storage: Awaited<ReturnType<typeof faultyStorage>>;
  let alice: Daemon;
  before(async () => {
    town = await Town.open();
    reader = await town.connect('requester');
    all = await Promise.all([1, 2, 3].map(() => unsteadyEndpoint(town.rpc)));
    storage = await faultyStorage(town.storage);
    process.env.CLOCK_SKEW = String(SKEW);
    const rpc = all.flatMap(({ url }) => ['--rpc', url]);
    const own = ['--key-file', town.keyFile('alice'), '--data', town.data('alice'), '--listen', '127.0.0.1:0'];
    const fee = ['--fee', `${town.deployment.addresses.MielToken}=1`];
    const places = [...town.common().slice(2), ...rpc, '--storage', storage.url, '--rpc-timeout', '1000'];
    const shim = ['--import', './test/e2e/skewed-clock.ts'];
    alice = await town.daemon('alice', [...shim, 'provider/src/main.ts', 'run', ...places, ...own, ...fee]);
    delete process.env.CLOCK_SKEW;
  });
  after(async () => {
    await alice?.child.stop();
    storage?.close();
    for (const endpoint of all ?? []) endpoint.close();
    reader?.close();
    await town?.close();
  });

  const nonce = () => town.chain.getTransactionCount(accounts(town.chain).alice.address);
  const stateOf = async (jobId: string) => (await reader.contracts.JobMarket.job(jobId)).state;
  const page = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${alice.child.ready.listen}${path}`);
    return { status: response.status, body: await response.text() };
  };
  const eventually = async (isIt: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await isIt())) await new Promise((resolve) => setTimeout(resolve, 40));
  };
  const isReady = async () => (await page('/readyz')).status === 200;
  /** Posts a job, has it done, and sees that it took two transactions. */
  const works = async (): Promise<void> => {
    const before = await nonce();
    const jobId = await town.post(town.models.mlp, 'alice');
    await alice.heard('submitted', jobId);
    expect(await stateOf(jobId)).to.equal(JobState.Submitted);
    expect(await nonce()).to.equal(before + 2);
  };
  const room = (bytes: number | 'unlimited') =>
    execFileSync('prlimit', ['--pid', String(alice.child.process.pid), `--fsize=${bytes}:unlimited`]);

  it('works by the time of the chain, and reads again what broke off', async () => {
    await works();
    expect(storage.cuts).to.be.above(0);
    await eventually(isReady);
  });

  it('works on while an endpoint stalls', async () => {
    all[2].stalls = true;
    await works();
    all[2].stalls = false;
    await eventually(() => alice.lines.some(({ event }) => event === 'endpoint-back'));
  });

  it('never acts on what one endpoint alone tells, and sets it aside', async () => {
    const year = 31_536_000;
    all[0].lie = ({ method, params }: Call, result: unknown) => {
      if (method === 'eth_getLogs') return [];
      if (method === 'eth_call') return `0x${'00'.repeat(64)}`;
      if (method === 'eth_getTransactionCount') return '0xff';
      if (method !== 'eth_getBlockByNumber' || params[0] !== 'latest') return undefined;
      const block = result as { number: string; timestamp: string };
      const later = (hex: string, by: number) => `0x${(Number(hex) + by).toString(16)}`;
      return { ...block, number: later(block.number, 1_000_000), timestamp: later(block.timestamp, year) };
    };
    await works();
    const { endpoint } = await alice.heard('endpoint-lies');
    expect(endpoint).to.equal(new URL(all[0].url).host);
    const { body } = await page('/metrics');
    expect(body).to.include(`essaim_endpoint_lies_total{endpoint="${endpoint}"} 1`);
    expect(body).to.include(`essaim_endpoint_usable{endpoint="${endpoint}"} 0`);
  });

  it('does nothing while too few are left that agree, and says so', async () => {
    const before = await nonce();
    all[1].stalls = true;
    const jobId = await town.post(town.models.mlp, 'alice');
    await eventually(() => alice.lines.some(({ event, code }) => event === 'chain' && code === 'CHAIN_QUORUM'));
    expect((await page('/readyz')).status).to.equal(503);
    expect(await nonce()).to.equal(before);
    all[1].stalls = false;
    await alice.heard('submitted', jobId);
    expect(await nonce()).to.equal(before + 2);
    await eventually(isReady);
  });

  it('sends nothing that it cannot keep while the disk is full, is not ready, and goes on when there is room', async () => {
    const before = await nonce();
    room(1);
    const jobId = await town.post(town.models.mlp, 'alice');
    await eventually(() => alice.lines.some((line) => line.event === 'retrying' && line.code === 'DISK_FULL'));
    await alice.heard('disk');
    const { status, body } = await page('/readyz');
    expect(status).to.equal(503);
    expect(body).to.match(/disk/);
    expect(await nonce()).to.equal(before);
    room('unlimited');
    await alice.heard('submitted', jobId);
    expect(await nonce()).to.equal(before + 2);
    await eventually(isReady);
  });

  it('cancels what a reorganisation left without its job, once, and works on', async () => {
    const before = await nonce();
    const snapshot = await town.chain.send('evm_snapshot', []);
    const jobId = await town.post(town.models.mlp, 'alice');
    await alice.heard('submitted', jobId);
    await town.chain.send('evm_revert', [snapshot]);
    await town.chain.send('evm_mine', []);
    expect(await nonce()).to.equal(before);
    const blocks = setInterval(() => town.chain.send('evm_mine', []).catch(() => {}), 150);
    const moot = () => alice.lines.filter(({ event }) => event === 'transaction-moot').length;
    await eventually(async () => moot() === 2 && (await nonce()) === before + 2);
    clearInterval(blocks);
    await works();
    expect(moot()).to.equal(2);
  });
});
