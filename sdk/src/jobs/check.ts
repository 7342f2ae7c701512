import {
  byteLength,
  commitTensor,
  EssaimError,
  type Execution,
  elementCount,
  type Hash,
  judgeElement,
  type Program,
  type Tensor,
  tensorsOf,
  type Verdict,
  ZERO_HASH,
} from '@essaim/protocol';
import { type Contents, StorageError } from '@essaim/storage';
import type { ClaimReceipt } from '../content/manifests.ts';
import { readable } from '../sealed/job-key.ts';
import type { JobContext } from './context.ts';
import { fetchInputs } from './inputs.ts';
import { fetchOutputs, fetchReceipt, type Output, valueRoots } from './result.ts';
import { findPosted } from './terms.ts';

/** One thing that was held against the chain, and how much of it there was. Counts are of the claims asked for. */
export type CheckStep =
  /** The terms hash to the job's id. */
  | { readonly step: 'terms' }
  /** The model's file compiles to the program that was paid for. */
  | { readonly step: 'model'; readonly bytes: number; readonly operators: number }
  /** The inputs that are served are those that the requester committed to. */
  | { readonly step: 'inputs'; readonly bytes: number }
  /** The receipt's value roots make the batch root that the chain holds. */
  | { readonly step: 'receipt'; readonly values: number; readonly batchRoot: Hash }
  /** The outputs' bytes hash to their roots in the receipt. */
  | { readonly step: 'outputs'; readonly bytes: number }
  /** Every committed value's bytes hash to its root; `served` false: the provider shows them on demand only. */
  | { readonly step: 'trace'; readonly served: boolean; readonly values: number; readonly bytes: number }
  /** So many elements of so many were judged by arithmetic as the contract would; exact: their intervals have no width. */
  | { readonly step: 'judged'; readonly elements: number; readonly of: number; readonly exact: boolean };

export interface CheckOptions {
  signal?: AbortSignal;
  /** Which input of the job; default the first. */
  position?: number;
  /** Of a sealed job: what opens it. */
  key?: string;
  /** The most elements that are judged; above it as many of each value, evenly. Default 20,000. */
  elements?: number;
  /** Called after each step that held. */
  onStep?: (step: CheckStep) => void;
}

/** What a check found: all steps, the outputs, and the first element that an honest provider could not have. */
export interface CheckedJob {
  readonly steps: readonly CheckStep[];
  readonly outputs: readonly Output[];
  readonly fault: JudgedFault | null;
}

export interface JudgedFault {
  /** Number of the operator, and the element of its output. */
  readonly operator: number;
  readonly node: string;
  readonly output: number;
  readonly element: number;
  readonly verdict: Exclude<Verdict, 'permitted'>;
  /** What is permitted, in words. */
  readonly permitted: string;
}

const ELEMENTS = 20_000;
/** Elements judged before others get their turn on this thread. */
const BREATH = 500;

/** Holds one claim of a submitted job against the chain. JOB_UNSUBMITTED, JOB_SEALED; RESULT_MISMATCH where something is not what was committed to. */
export async function checkJob(context: JobContext, jobId: Hash, options: CheckOptions = {}): Promise<CheckedJob> {
  const { signal, position = 0, elements = ELEMENTS, onStep } = options;
  const { chainId, contracts, startBlock, models } = context;
  const steps: CheckStep[] = [];
  const held = (step: CheckStep) => {
    steps.push(step);
    onStep?.(step);
  };

  const { terms } = await findPosted(contracts, jobId, startBlock);
  held({ step: 'terms' });
  const { storage } = await readable(context, terms, options.key);
  const { program, onnx, manifest } = await models.load(terms.model, terms.programId, signal);
  held({ step: 'model', bytes: onnx.length, operators: program.operators.length });
  const inputs = (await fetchInputs(storage, program, terms, signal))[position];
  held({ step: 'inputs', bytes: inputs.reduce((sum, { length }) => sum + length, 0) });

  const client = await contracts.JobMarket.getAddress();
  const { batchRoot, receipt } = await submissionOf(context, jobId);
  const submission = { chainId, client, jobId, programId: terms.programId, batchRoot, receipt };
  const claim = (await fetchReceipt(storage, submission, signal)).claims[position];
  const roots = valueRoots(claim);
  held({ step: 'receipt', values: roots.filter((root) => root !== ZERO_HASH).length, batchRoot });
  const outputs = await fetchOutputs(storage, program, claim, signal, manifest.numerics);
  const outputBytes = program.outputs.map(({ value }) => byteLength(program.values[value].type));
  held({ step: 'outputs', bytes: outputBytes.reduce((sum, length) => sum + length, 0) });

  const values = await fetchTrace(storage, program, claim, signal);
  const shown = values?.filter((value) => value !== null) ?? [];
  const bytes = shown.reduce((sum, { bytes: { length } }) => sum + length, 0);
  held({ step: 'trace', served: values !== undefined, values: shown.length, bytes });
  if (!values) return { steps, outputs, fault: null };
  const own = inputs.map((data, i) => commitTensor(program.inputs[i].type, data));
  const { fault, judged, of } = await judge({ program, inputs: own, values }, elements, signal);
  held({ step: 'judged', elements: judged, of, exact: program.exact });
  return { steps, outputs, fault };
}

async function submissionOf({ contracts, startBlock }: JobContext, jobId: Hash) {
  const { JobMarket } = contracts;
  const submitted = await JobMarket.queryFilter(JobMarket.filters.Submitted(jobId), startBlock);
  const newest = submitted.at(-1);
  if (newest) return { batchRoot: newest.args.batchRoot, receipt: newest.args.receipt };
  throw new EssaimError('JOB_UNSUBMITTED', `job ${jobId} has no result yet`, { help: 'check it once it is submitted' });
}

/** The tensors of a claim's boundary values; undefined where they are not served. RESULT_MISMATCH if one differs. */
async function fetchTrace(
  storage: Contents,
  program: Program,
  claim: ClaimReceipt,
  signal?: AbortSignal,
): Promise<(Tensor | null)[] | undefined> {
  if (claim.trace === null) return undefined;
  const types = program.values.map(({ type }) => type);
  const maxBytes = types.reduce((sum, type, i) => sum + (program.boundary[i] ? byteLength(type) : 0), 0);
  const all = await storage.get(claim.trace, { signal, maxBytes }).catch((error: unknown) => {
    if (error instanceof StorageError && error.code === 'STORAGE_NOT_FOUND') return undefined;
    throw error;
  });
  if (!all) return undefined;
  const roots = valueRoots(claim);
  let at = 0;
  return types.map((type, i) => {
    if (!program.boundary[i]) return null;
    const bytes = all.slice(at, at + byteLength(type));
    at += bytes.length;
    const tensor = bytes.length === byteLength(type) ? commitTensor(type, bytes) : undefined;
    if (tensor?.root === roots[i]) return tensor;
    throw new EssaimError('RESULT_MISMATCH', `value ${i} of the trace is not what the provider committed to on chain`, {
      help: 'do not use this result; a verifier can demand the bytes on chain',
      details: { value: i },
    });
  });
}

/** Judges as many elements as asked for, of every value whose operands are at hand. */
async function judge(execution: Execution, most: number, signal?: AbortSignal) {
  const { program, values } = execution;
  const tensorOf = tensorsOf(execution);
  const of = values.reduce((sum, value) => sum + (value ? elementCount(value.type) : 0), 0);
  const share = Math.max(1, Math.ceil(of / most));
  let judged = 0;
  let fault: JudgedFault | null = null;
  for (const [number, op] of program.operators.entries()) {
    if (op.inputs.some(({ kind, index }) => kind === 'inner' && !values[index])) continue;
    for (const output of op.outputTypes.keys()) {
      const value = values[op.firstValue + output];
      if (!value) continue;
      for (let element = 0; element < elementCount(value.type); element += share) {
        const { verdict, permitted } = judgeElement(program, op, output, element, tensorOf);
        if (++judged % BREATH === 0) await new Promise((resolve) => setTimeout(resolve));
        signal?.throwIfAborted();
        if (verdict === 'permitted' || fault?.verdict === 'convicted') continue;
        const found = { operator: number, node: op.node, output, element, verdict, permitted: permitted.describe() };
        if (!fault || verdict === 'convicted') fault = found;
      }
    }
  }
  return { fault, judged, of };
}
