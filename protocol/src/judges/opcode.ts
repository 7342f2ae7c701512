import { id } from 'ethers';

/** The opcode of an operator version: keccak256 of `ai.onnx/<name>/<since>`, or `essaim/Relayout/1`. */
export const opcodeOf = (name: string, since: number): string =>
  id(`${name === 'Relayout' ? 'essaim' : 'ai.onnx'}/${name}/${since}`);
