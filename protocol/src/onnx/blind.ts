import { EssaimError } from '../errors.ts';
import { readOnnx } from './read.ts';
import { writeOnnx } from './write.ts';

/** The input that blinds a program's roots, and the output that carries it into the trace. */
export const BLIND = 'essaim.blind';
export const BLINDED = 'essaim.blinded';
/** Random bytes of it in every claim. */
export const BLIND_BYTES = 32;

/**
 * The same model with one input more: 32 bytes that nothing is computed from, which come out as one output more. Where
 * they are random, the roots of inputs and trace cannot be guessed from what inputs are likely. The result is another
 * program. ONNX_…; MODEL_BLINDED where it has such an input already.
 */
export function blinded(onnx: Uint8Array): Uint8Array {
  const model = readOnnx(onnx);
  const names = [...model.inputs, ...model.outputs].map(({ name }) => name);
  if (names.includes(BLIND) || names.includes(BLINDED)) {
    throw new EssaimError('MODEL_BLINDED', `the model has an input or output ${BLIND} already`, {
      help: 'Publish it as it is: jobs on it can be sealed.',
    });
  }
  const blind = { dtype: 'uint8', dims: [BLIND_BYTES] } as const;
  const carry = { name: '', type: 'Identity', inputs: [BLIND], outputs: [BLINDED], attributes: new Map() };
  return writeOnnx({
    ...model,
    nodes: [...model.nodes, carry],
    inputs: [...model.inputs, { name: BLIND, ...blind }],
    outputs: [...model.outputs, { name: BLINDED, ...blind }],
  });
}

/** Whether a program's last input blinds its roots. */
export const isBlinded = ({ inputs, outputs }: { inputs: readonly Named[]; outputs: readonly Named[] }): boolean =>
  inputs.at(-1)?.name === BLIND && outputs.at(-1)?.name === BLINDED;

interface Named {
  readonly name: string;
}
