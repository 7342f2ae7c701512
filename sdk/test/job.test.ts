import { type Essaim, type JobStage, type Output, valueRoots } from '@essaim/sdk';
import { expect } from 'chai';
import { type Seller, sell } from './seller.ts';
import { FEE, failureOf, PRICE, reach, request, scans, tracer, type World, world } from './world.ts';

describe('a job', () => {
  let at: World;
  let seller: Seller;
  let essaim: Essaim;

  before(async () => {
    at = await world();
    seller = await sell(at);
    essaim = await at.connect('requester');
  });
  after(() => seller?.stop());

  /** What the model says, computed here. */
  async function digitOf(scan: Float32Array): Promise<number> {
    const { program, onnx } = at.model;
    const trace = await tracer(program, onnx, [new Uint8Array(scan.buffer.slice(0))]);
    const { value } = program.outputs.find(({ name }) => name === 'digit')!;
    return Number(new BigInt64Array(trace.values[value].bytes.slice().buffer)[0]);
  }
  const digit = (outputs: readonly Output[]): number => Number(outputs.find(({ name }) => name === 'digit')!.data[0]);

  it('of one input gives its checked outputs when awaited, and takes fee and royalty', async () => {
    const { MielToken } = essaim.contracts;
    const before = await MielToken.balanceOf(at.wallets.requester);
    const [scan] = scans(1);
    const result = await essaim.jobs.run(request(at, { inputs: scan }));
    expect(result.outputs).to.have.length(1);
    expect(digit(result.outputs[0])).to.equal(await digitOf(scan));
    expect(result.provider).to.equal(at.wallets.seller.address);
    expect(result.final).to.equal(false);
    expect(before - (await MielToken.balanceOf(at.wallets.requester))).to.equal(FEE + PRICE);
  });

  it('of three inputs gives three lists of outputs, in order', async () => {
    const inputs = scans(3);
    const result = await essaim.jobs.run(request(at, { inputs: inputs.map((scan) => [scan]) }));
    expect(result.outputs.map(digit)).to.deep.equal(await Promise.all(inputs.map(digitOf)));
  });

  it('shows its stages in order, to everyone who asks and as often as asked', async () => {
    const run = essaim.jobs.run(request(at));
    const stagesOf = async () => {
      const stages: JobStage[] = [];
      for await (const stage of run) stages.push(stage);
      return stages.map(({ stage }) => stage);
    };
    const expected = ['posted', 'accepted', 'submitted', 'result'];
    expect(await Promise.all([stagesOf(), stagesOf()])).to.deep.equal([expected, expected]);
    expect(await stagesOf()).to.deep.equal(expected);
    expect((await run).jobId).to.equal(run.jobId);
  });

  it('can be followed later by its id, by someone who cannot sign', async () => {
    const { jobId, outputs } = await essaim.jobs.run(request(at));
    const reader = await at.connect(undefined);
    const again = await reader.jobs.follow(jobId);
    expect(again.outputs.map(digit)).to.deep.equal(outputs.map(digit));
    expect((await failureOf(reader.jobs.follow(`0x${'1'.repeat(64)}`))).code).to.equal('JOB_UNKNOWN');
  });

  it('ends with nothing sent when it is aborted before posting', async () => {
    const nonce = await at.chain.getTransactionCount(at.wallets.requester);
    const early = new AbortController();
    early.abort();
    expect((await failureOf(essaim.jobs.run(request(at), { signal: early.signal }))).code).to.equal('ABORTED');
    const stop = new AbortController();
    const run = essaim.jobs.run(request(at), { signal: stop.signal });
    await new Promise((resolve) => setTimeout(resolve, 1));
    stop.abort();
    const failure = await failureOf(run);
    expect(failure.code).to.equal('ABORTED');
    expect(run.jobId).to.equal(undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await at.chain.getTransactionCount(at.wallets.requester)).to.equal(nonce);
  });

  it('goes on when it is aborted after posting, and the error says its id', async () => {
    const stop = new AbortController();
    const run = essaim.jobs.run(request(at, { provider: at.wallets.rival.address }), { signal: stop.signal });
    await reach(run, 'posted');
    stop.abort(new Error('enough'));
    const failure = await failureOf(run);
    expect(failure.code).to.equal('JOB_GOES_ON');
    expect(failure.message).to.include(run.jobId);
    expect((failure.cause as Error).message).to.equal('enough');
    expect((await essaim.contracts.JobMarket.job(run.jobId!)).state).to.equal(1n);
  });

  it('goes on when its time is up', async () => {
    const run = essaim.jobs.run(request(at, { provider: at.wallets.rival.address }), { timeout: 1_500 });
    expect((await failureOf(run)).code).to.equal('JOB_GOES_ON');
  });

  it('ends when the connection is closed', async () => {
    const own = await at.connect('requester');
    const run = own.jobs.run(request(at, { provider: at.wallets.rival.address }));
    await reach(run, 'posted');
    own.close();
    expect((await failureOf(run)).code).to.equal('JOB_GOES_ON');
  });

  it('commits to every value that its receipt names', async () => {
    const { jobId } = await essaim.jobs.run(request(at));
    const [event] = await essaim.contracts.JobMarket.queryFilter(
      essaim.contracts.JobMarket.filters.Submitted(jobId),
      at.deployment.startBlock,
    );
    const { claims } = (await essaim.storage.getManifest(event.args.receipt)) as { claims: [never] };
    expect(valueRoots(claims[0])).to.have.length(at.model.program.values.length);
  });
});
