import { EssaimError } from '@essaim/protocol';
import { boundaryParts, commitValues, type Trace, type Tracer } from '@essaim/runtime';
import { HEAD, isSigned, resultMessage, unpackResult } from '../lending/result.ts';
import type { Work } from './desk.ts';
import type { Opener } from './session.ts';

/** Bytes that the result of an execution has. */
export const resultBytes = ({ traceBytes }: Pick<Work, 'traceBytes'>): number => HEAD + traceBytes;

/**
 * The trace that a tab brought, once its bytes hash to what the session key signed. LENT_MALFORMED where they do not: that
 * is a broken tab or connection, not a lie.
 */
export async function readResult(id: string, work: Work, { publicKey }: Opener, body: Uint8Array): Promise<Trace> {
  const { program, inputs, inputsRoot } = work;
  const { signature, traceRoot, values } = unpackResult(body);
  const parts = body.length === resultBytes(work) ? boundaryParts(program, values) : null;
  if (!parts) throw malformed(`${body.length} bytes came, a result of this task has ${resultBytes(work)}`);
  const message = await resultMessage(id, inputsRoot, traceRoot, values);
  if (!(await isSigned(publicKey, message, signature))) throw malformed('the session key did not sign these bytes');
  const trace = commitValues(program, inputs, parts);
  if (trace.traceRoot !== traceRoot) throw malformed('the values do not hash to the trace root that was signed');
  return trace;
}

/** LENT_WRONG unless we make the same trace: of an exact program every honest device does. */
export async function runAgain(trace: Trace, { program, onnx, inputs }: Work, own: Tracer): Promise<void> {
  const again = await own(program, onnx, inputs);
  if (again.traceRoot === trace.traceRoot) return;
  throw new EssaimError('LENT_WRONG', `the trace is not what program ${program.id} makes of these inputs`, {
    help: 'nothing more is taken from this account; a device that computes wrongly cannot lend',
  });
}

const malformed = (message: string) =>
  new EssaimError('LENT_MALFORMED', message, { help: 'load the page anew, so that it is the sponsor’s version' });
