import {
  concat,
  DTYPES,
  elementValue,
  type Hash,
  inputElementFault,
  ListTree,
  type Program,
  type Tensor,
} from '@essaim/protocol';
import { commitInputs } from '@essaim/runtime';

/** An input outside what the program declares, with what JobMarket.proveInput takes. */
export interface InputFault {
  /** Which of the job's inputs, and what is wrong in words. */
  readonly index: number;
  readonly reason: string;
  readonly inputsRoot: Hash;
  readonly siblings: Uint8Array;
  readonly proof: Uint8Array;
}

/** The first element of a job's inputs that the program does not allow, or null. `inputs`: row-major bytes by claim. */
export function inputFaultOf(program: Program, inputs: readonly (readonly Uint8Array[])[]): InputFault | null {
  for (const [index, claim] of inputs.entries()) {
    const { tensors, root } = commitInputs(program, claim);
    for (const [number, { name, type, range }] of program.inputs.entries()) {
      const element = firstOutside(tensors[number], range);
      if (element < 0) continue;
      const list = new ListTree(tensors.map((tensor) => tensor.root));
      const { header, interfaceBytes } = program;
      const roots = inputs.map((each) => commitInputs(program, each).root);
      return {
        index,
        reason: `element ${element} of ${name} is ${elementAt(tensors[number], element)}: the model declares ${range.low} to ${range.high} (${type.dtype})`,
        inputsRoot: root,
        siblings: concat(new ListTree(roots).siblings(index)),
        proof: inputElementFault(header, interfaceBytes, list, number, tensors[number], element),
      };
    }
  }
  return null;
}

function elementAt({ type, bytes }: Tensor, element: number): number {
  const { size } = DTYPES[type.dtype];
  let bits = 0n;
  for (let i = size - 1; i >= 0; i--) bits = (bits << 8n) | BigInt(bytes[element * size + i]);
  return elementValue(type.dtype, bits);
}

function firstOutside(tensor: Tensor, { low, high, step }: Program['inputs'][number]['range']): number {
  if (step === 0 && low === -Infinity && high === Infinity) return -1;
  const count = tensor.bytes.length / DTYPES[tensor.type.dtype].size;
  for (let i = 0; i < count; i++) {
    const x = elementAt(tensor, i);
    if (!(x >= low && x <= high) || (step !== 0 && !Number.isInteger(x / step))) return i;
  }
  return -1;
}
