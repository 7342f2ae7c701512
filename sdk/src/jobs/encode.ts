import { BLIND_BYTES, commitTensor, EssaimError, isBlinded, listRoot, type Program } from '@essaim/protocol';
import { encodeInput, type TensorData } from '../content/inputs.ts';
import type { JobInputs } from './request.ts';

/** A job's inputs as they are published and committed to. */
export interface EncodedInputs {
  /** For each input of the job, the row-major bytes of each input of the model. */
  readonly claims: readonly (readonly Uint8Array[])[];
  readonly inputsRoot: string;
}

/** Encodes and checks a job's inputs; a blinded model's blind is drawn here unless it is given. INPUT_COUNT, INPUT_WRONG_TYPE, INPUT_WRONG_SHAPE, INPUT_OUT_OF_RANGE. */
export function encodeInputs(program: Program, inputs: JobInputs): EncodedInputs {
  const given = asClaims(inputs);
  if (given.length === 0) refuse('the job has no input', program);
  const blinds = isBlinded(program);
  const claims = given.map((listed) => {
    const isShort = blinds && listed.length === program.inputs.length - 1;
    const tensors = isShort ? [...listed, crypto.getRandomValues(new Uint8Array(BLIND_BYTES))] : listed;
    if (tensors.length !== program.inputs.length) {
      refuse(`${tensors.length} tensors given, the model has ${program.inputs.length} inputs`, program);
    }
    return program.inputs.map((spec, i) => encodeInput(spec, tensors[i]));
  });
  return { claims, inputsRoot: inputsRootOf(program, claims) };
}

/** What a job commits to: the list root of its claims' inputs. */
export function inputsRootOf(program: Program, claims: readonly (readonly Uint8Array[])[]): string {
  return listRoot(
    claims.map((tensors) => listRoot(tensors.map((bytes, i) => commitTensor(program.inputs[i].type, bytes).root))),
  );
}

/** The three ways to give inputs differ in depth. */
function asClaims(inputs: JobInputs): readonly (readonly TensorData[])[] {
  if (isTensor(inputs)) return [[inputs]];
  const list = inputs as readonly (TensorData | readonly TensorData[])[];
  if (list.every(isTensor)) return [list];
  return list.filter((claim) => !isTensor(claim)).length === list.length
    ? (list as readonly (readonly TensorData[])[])
    : [list as readonly TensorData[]];
}

function isTensor(value: unknown): value is TensorData {
  if (ArrayBuffer.isView(value)) return true;
  return Array.isArray(value) && value.every((x) => typeof x === 'number' || typeof x === 'bigint');
}

function refuse(what: string, { inputs }: Program): never {
  const names = inputs.map(({ name }) => name).join(', ');
  throw new EssaimError('INPUT_COUNT', what, {
    help: `give [${names}]; for a job of several inputs [[${names}], [${names}], ...]`,
    details: { inputs: inputs.map(({ name }) => name) },
  });
}
