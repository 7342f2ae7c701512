import { readFileSync } from 'node:fs';
import { compile, type Hash, listRoot, type Program, traceRoots } from '@essaim/protocol';
import { openTracer, type Tracer } from '@essaim/runtime';
import { jobContext } from '@essaim/sdk';
import { type Case, type ClaimView, type Desk, doubtfulOf } from '@essaim/verifier';
import { modelPath } from '../../models/digits/digits.ts';
import { random } from '../../test/random.ts';
import { gaussian, perceptron } from './models.ts';

const CHAIN = 31_337;
const JOB: Hash = `0x${'12'.repeat(32)}`;
const MARKET = `0x${'34'.repeat(20)}`;

/** Claims of one job with what a verifier has of them once it fetched them. */
export interface Claims {
  readonly name: string;
  readonly program: Program;
  readonly onnx: Uint8Array;
  /** Row-major bytes by claim. */
  readonly inputs: readonly (readonly Uint8Array[])[];
  readonly views: readonly ClaimView[];
}

/** Honest claims of one model, each of another input. */
async function claimsOf(name: string, onnx: Uint8Array, inputs: readonly Float32Array[]): Promise<Claims> {
  const program = compile(onnx);
  const bytes = inputs.map(({ buffer }) => [new Uint8Array(buffer)]);
  const trace = openTracer();
  const views: ClaimView[] = [];
  for (const [leaf, input] of bytes.entries()) {
    const { inputsRoot, traceRoot, values } = await trace(program, onnx, input);
    const roots = traceRoots({ program, values });
    const shown = { header: program.header, inputsRoot, traceRoot, context: jobContext(CHAIN, MARKET, JOB, leaf) };
    views.push({ leaf, programId: program.id, shown, roots, trace: null });
  }
  return { name, program, onnx, inputs: bytes, views };
}

/** 256 claims of the digits CNN, of 64 scans each. */
export function digitsClaims(): Promise<Claims> {
  const next = random(5);
  const scans = () => Float32Array.from({ length: 64 * 64 }, () => Math.floor(17 * next()));
  return claimsOf('cnn', new Uint8Array(readFileSync(modelPath('cnn-b64'))), Array.from({ length: 256 }, scans));
}

/** 32 claims of a perceptron of ten million parameters, of 32 rows each. */
export function perceptronClaims(): Promise<Claims> {
  const next = random(6);
  const inputs = Array.from({ length: 32 }, () => gaussian(32 * 784, 1, next));
  return claimsOf('mlp-10m', perceptron([784, 2048, 2048, 2048, 10], 32), inputs);
}

/** What a verifier does with them: it runs them all again, hashes and compares. Throws unless all agree. */
export async function verify({ program, onnx, inputs, views }: Claims, trace: Tracer): Promise<void> {
  const desk = { essaim: { deployment: { chainId: CHAIN } }, trace } as unknown as Desk;
  const inputsRoot = listRoot(views.map(({ shown }) => shown.inputsRoot));
  const terms = { programId: program.id, inputsRoot };
  const submission = { jobId: JOB, client: MARKET, terms, model: { program, onnx }, inputs };
  const doubtful = await doubtfulOf(desk, submission as unknown as Case, views);
  if (doubtful.length > 0) throw new Error(`claims ${doubtful} do not agree`);
}
