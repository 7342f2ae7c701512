import { EssaimError } from '@essaim/protocol';
import { batchOf, type Kept, type Trace, type Tracer, type Within } from '@essaim/runtime';
import { fetchInputs, jobContext, type Model, type Terms } from '@essaim/sdk';
import { inputFaultOf } from './input-fault.ts';
import { proveInput } from './leave.ts';
import { publishReceipt } from './publish.ts';
import { withSample } from './sample.ts';
import { contentsOf } from './sealed/contents.ts';
import { selfCheck } from './self-check.ts';
import { act, type Shop } from './shop.ts';

/** Runs an accepted job, checks itself, keeps the traces, publishes and submits; the block of what was sent. */
export async function produce(shop: Shop, jobId: string, terms: Terms, signal?: AbortSignal): Promise<number> {
  const { essaim, policy, archive, say } = shop;
  const { models } = essaim;
  const model = await models.load(terms.model, terms.programId, signal);
  const contents = await contentsOf(shop, terms, signal);
  let traces = await archive.traces(jobId);
  if (!traces) {
    const inputs = await fetchInputs(contents, model.program, terms, signal);
    const fault = inputFaultOf(model.program, inputs);
    if (fault) return proveInput(shop, jobId, terms, fault, signal);
    const until = await lastMoment(shop, terms);
    traces = await execute(tracerFor(shop, terms), model, inputs, { until, signal });
    if (policy.selfCheck) for (const trace of traces) selfCheck(await withSample(shop, trace, model.onnx));
    await archive.keep(jobId, model.onnx, traces);
  }
  const publishTraces = policy.publishTraces ?? true;
  const publish = () => publishReceipt(contents, model.program, traces, { runtime: 'onnxruntime' }, publishTraces);
  const receipt = terms.isSealed ? await sealedOnce(shop, jobId, publish) : await publish();
  signal?.throwIfAborted();
  const kept = await keptOf(shop, jobId, traces);
  const batchRoot = batchOf(kept).root;
  const market = essaim.contracts.JobMarket;
  const call =
    terms.count === 1n
      ? await market.submit.populateTransaction(terms, traces[0].traceRoot, receipt)
      : await market.submitBatch.populateTransaction(terms, batchRoot, receipt);
  const { blockNumber } = await act(shop, call, `submitting job ${jobId}`, signal, terms.deadline);
  say({ event: 'submitted', jobId, receipt, batchRoot });
  return blockNumber;
}

/**
 * The traces of a submitted job: from the archive, or computed again if it lost them. TRACE_LOST if this device now
 * computes others than it committed to.
 */
export async function recall(shop: Shop, jobId: string, terms: Terms, signal?: AbortSignal): Promise<Kept> {
  const { essaim, archive } = shop;
  const kept = await archive.traces(jobId).catch(() => null);
  if (kept) return keptOf(shop, jobId, kept);
  const model = await essaim.models.load(terms.model, terms.programId, signal);
  const inputs = await fetchInputs(await contentsOf(shop, terms, signal), model.program, terms, signal);
  const again = await keptOf(shop, jobId, await execute(tracerFor(shop, terms), model, inputs, { until: 0, signal }));
  const { JobMarket, Claims } = essaim.contracts;
  const { root } = await Claims.batch(await JobMarket.batchIdOf(jobId));
  if (batchOf(again).root !== root) {
    throw new EssaimError('TRACE_LOST', `job ${jobId} runs differently now than when it was submitted`, {
      help: 'restore the data folder from before; without it this demand cannot be answered',
    });
  }
  await archive.keep(jobId, model.onnx, again.traces);
  return again;
}

/** When the half of a job's time that others may have is over: the rest is for doing it oneself. Milliseconds since 1970. */
async function lastMoment({ essaim }: Shop, { deadline }: Terms): Promise<number> {
  const head = await essaim.provider.getBlock('latest');
  return Date.now() + 500 * (Number(deadline) - (head?.timestamp ?? 0));
}

/** A sealed receipt is another each time it is made: what was named before a restart is named again. */
async function sealedOnce({ archive }: Shop, jobId: string, publish: () => Promise<string>): Promise<string> {
  const known = await archive.note(jobId, 'receipt');
  if (known !== null) return known;
  const receipt = await publish();
  await archive.keepNote(jobId, 'receipt', receipt);
  return receipt;
}

/** What is sealed runs on this device alone. */
const tracerFor = ({ trace, own }: Shop, { isSealed }: Terms): Tracer => (isSealed ? (own ?? trace) : trace);

async function execute(
  trace: Tracer,
  { program, onnx }: Model,
  inputs: readonly (readonly Uint8Array[])[],
  within: Within,
): Promise<Trace[]> {
  const traces: Trace[] = [];
  for (const claim of inputs) {
    within.signal?.throwIfAborted();
    traces.push(await trace(program, onnx, claim, undefined, within));
  }
  return traces;
}

async function keptOf({ essaim }: Shop, jobId: string, traces: readonly Trace[]): Promise<Kept> {
  const client = await essaim.contracts.JobMarket.getAddress();
  const { chainId } = essaim.deployment;
  return { traces, contexts: traces.map((_, position) => jobContext(chainId, client, jobId, position)) };
}
