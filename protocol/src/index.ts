export * from './commitments/index.ts';
export * from './demands/index.ts';
export * from './errors.ts';
export * from './judges/judge.ts';
export * from './onnx/index.ts';
export * from './program/types.ts';
