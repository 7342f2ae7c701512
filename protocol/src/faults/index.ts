export * from './fault-proof.ts';
export * from './judge-element.ts';
export * from './judge-for.ts';
export * from './locate.ts';
export * from './structural.ts';
