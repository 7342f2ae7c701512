import { concat, fromHex, type Hash, type Program } from '@essaim/protocol';
import type { Trace } from '@essaim/runtime';
import type { ClaimReceipt, Receipt } from '@essaim/sdk';
import type { Storage } from '@essaim/storage';

/** Uploads outputs and (unless told not to) traces of a job's claims, and the receipt that names them; returns its digest. */
export async function publishReceipt(
  storage: Storage,
  program: Program,
  traces: readonly Trace[],
  engine: Record<string, string>,
  publishTraces = true,
): Promise<Hash> {
  const claims: ClaimReceipt[] = [];
  for (const trace of traces) claims.push(await publishClaim(storage, program, trace, publishTraces));
  const receipt: Receipt = { kind: 'essaim/receipt/1', programId: program.id, claims, engine };
  return (await storage.putManifest(receipt)).digest;
}

async function publishClaim(
  storage: Storage,
  program: Program,
  trace: Trace,
  publishTrace: boolean,
): Promise<ClaimReceipt> {
  const outputs = await Promise.all(program.outputs.map(({ value }) => storage.put(trace.values[value].bytes)));
  return {
    inputsRoot: trace.inputsRoot,
    traceRoot: trace.traceRoot,
    values: concat(trace.values.map(({ root }) => fromHex(root, 32))),
    outputs,
    trace: publishTrace ? await storage.put(concat(trace.values.map(({ bytes }) => bytes))) : null,
  };
}
