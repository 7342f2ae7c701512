import { type Hash, questionArgument, questionFrom, toHex } from '@essaim/protocol';
import { answerTo } from '@essaim/provider';
import { openTracer, type Trace } from '@essaim/runtime';
import { type Essaim, fetchInputs, findTerms, type Model, type Terms } from '@essaim/sdk';

/** What nobody has: the digest of a receipt that was never published. */
export const NO_RECEIPT = `0x${'77'.repeat(32)}`;

/** Accepts a job as the account of `essaim`, and runs it honestly; `inputs` are the job's unless they are given. */
export async function acceptByHand(
  essaim: Essaim,
  model: Model,
  jobId: Hash,
  given?: readonly (readonly Uint8Array[])[],
): Promise<{ terms: Terms; traces: Trace[] }> {
  const terms = await findTerms(essaim.contracts, jobId, essaim.deployment.startBlock);
  await (await essaim.contracts.JobMarket.accept(terms)).wait();
  const trace = openTracer();
  const traces: Trace[] = [];
  for (const inputs of given ?? (await fetchInputs(essaim.storage, model.program, terms)))
    traces.push(await trace(model.program, model.onnx, inputs));
  return { terms, traces };
}

/** Answers every question about a batch with these traces until `done` settles; says that segments are served at `served`. */
export async function answerByHand(
  essaim: Essaim,
  batchId: Hash,
  kept: { traces: readonly Trace[]; contexts: readonly Hash[] },
  done: Promise<unknown>,
  served?: Hash,
): Promise<void> {
  const { Availability } = essaim.contracts;
  const answered = new Set<string>();
  let isDone = false;
  done
    .finally(() => {
      isDone = true;
    })
    .catch(() => undefined);
  while (!isDone) {
    const asked = await Availability.queryFilter(Availability.filters.Demanded(undefined, batchId));
    for (const { args } of asked) {
      if (answered.has(args.demandId)) continue;
      answered.add(args.demandId);
      const question = questionFrom(args);
      await (await Availability.answer(questionArgument(question), toHex(answerTo(question, kept, served)))).wait();
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
