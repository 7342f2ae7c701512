import { concat, fromHex, type Hash, innerValues, type Program, traceRoots } from '@essaim/protocol';
import { boundaryBytes, type Trace } from '@essaim/runtime';
import type { ClaimReceipt, Receipt, SegmentManifest } from '@essaim/sdk';
import type { Contents } from '@essaim/storage';

/** Uploads outputs and (unless told not to) traces of a job's claims, and the receipt that names them; returns its digest. */
export async function publishReceipt(
  storage: Contents,
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

/**
 * Uploads the values inside a segment, which have to be at hand, and the manifest that names them; returns its digest, or
 * undefined where the segment has none.
 */
export async function publishSegment(storage: Contents, trace: Trace, segment: number): Promise<Hash | undefined> {
  const inner = innerValues(trace.program, segment).map((value) => trace.values[value]!.bytes);
  if (inner.length === 0) return undefined;
  const manifest: SegmentManifest = { kind: 'essaim/segment/1', values: await storage.put(concat(inner)) };
  return (await storage.putManifest(manifest)).digest;
}

async function publishClaim(
  storage: Contents,
  program: Program,
  trace: Trace,
  publishTrace: boolean,
): Promise<ClaimReceipt> {
  const outputs = await Promise.all(program.outputs.map(({ value }) => storage.put(trace.values[value]!.bytes)));
  const roots = traceRoots(trace).map((root) => fromHex(root, 32));
  return {
    inputsRoot: trace.inputsRoot,
    traceRoot: trace.traceRoot,
    values: concat(roots),
    outputs,
    trace: publishTrace ? await storage.put(boundaryBytes(trace)) : null,
  };
}
