export * from './commitments/index.ts';
export * from './demands/index.ts';
export * from './errors.ts';
export * from './faults/index.ts';
export * from './judges/judge.ts';
export { opcodeOf } from './judges/opcode.ts';
export { codeHash, JUDGES, judgeOf, OPCODES } from './judges/registry.ts';
export * from './onnx/index.ts';
export * from './program/index.ts';
