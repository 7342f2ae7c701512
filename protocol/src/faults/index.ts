export * from './fault-proof.ts';
export * from './judge-element.ts';
export * from './judge-for.ts';
export * from './judge-shown.ts';
export * from './locate.ts';
export * from './read-proof.ts';
export * from './structural.ts';
