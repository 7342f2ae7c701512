export * from './context.ts';
export * from './encoding.ts';
export * from './find-malformed.ts';
export * from './header.ts';
export * from './input.ts';
export * from './malformed.ts';
export * from './missing.ts';
export * from './parts.ts';
