import { byteLength, type Program, type Ref } from '@essaim/protocol';

/** What a model takes that is open: its bytes, and the session's own copy of its weights. */
export const bytesOpen = (onnx: Uint8Array): number => 2 * onnx.length + 2 ** 20;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/**
 * The least memory that an execution takes beside the open model: inputs, every value that is handed out, and the
 * largest operator's operands and results, which lie beside each other. What really happens may take more.
 */
export function bytesNeeded({ inputs, values, boundary, operators }: Program): number {
  const ofValue = (index: number): number => byteLength(values[index].type);
  const ofRef = ({ kind, index }: Ref): number => (kind === 'value' || kind === 'inner' ? ofValue(index) : 0);
  const handedOut = sum(boundary.map((isBoundary, index) => (isBoundary ? ofValue(index) : 0)));
  const largest = operators.reduce(
    (most, { inputs: operands, outputTypes }) =>
      Math.max(most, sum(operands.map(ofRef)) + sum(outputTypes.map(byteLength))),
    0,
  );
  return sum(inputs.map(({ type }) => byteLength(type))) + Math.max(handedOut, largest);
}
