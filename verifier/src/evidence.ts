import { byteLength, EssaimError, type Program, traceRoots } from '@essaim/protocol';
import { commitValues, type Trace } from '@essaim/runtime';
import { type ClaimReceipt, type Essaim, valueRoots } from '@essaim/sdk';

/**
 * The trace that an executor serves for a claim, checked value by value against the roots it is bound to.
 * TRACE_WITHHELD if it serves none, TRACE_MISMATCH if the bytes are not those it committed to.
 */
export async function fetchTrace(
  essaim: Essaim,
  program: Program,
  inputs: readonly Uint8Array[],
  claim: ClaimReceipt,
  signal?: AbortSignal,
): Promise<Trace> {
  if (!claim.trace) throw withheld('the receipt names no trace');
  const size = program.values.reduce((sum, { type }, i) => sum + (program.boundary[i] ? byteLength(type) : 0), 0);
  const bytes = await essaim.storage.get(claim.trace, { signal, maxBytes: size }).catch((cause: unknown) => {
    throw withheld('the trace cannot be fetched', cause);
  });
  if (bytes.length !== size) throw mismatch(`${bytes.length} bytes served, a trace of this program has ${size}`);
  let at = 0;
  const values = program.values.map(({ type }, i) => {
    if (!program.boundary[i]) return null;
    const from = at;
    at += byteLength(type);
    return bytes.subarray(from, at);
  });
  const roots = valueRoots(claim);
  const trace = commitValues(program, inputs, values);
  const wrong = traceRoots(trace).findIndex((root, i) => root !== roots[i]);
  if (wrong >= 0) throw mismatch(`value ${wrong} is not the one committed to`);
  return trace;
}

const withheld = (what: string, cause?: unknown) =>
  new EssaimError('TRACE_WITHHELD', what, { help: 'demand the bytes on chain: silence convicts', cause });
const mismatch = (what: string) =>
  new EssaimError('TRACE_MISMATCH', what, { help: 'demand the bytes on chain: silence convicts' });
