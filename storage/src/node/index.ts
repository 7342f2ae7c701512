export type { NodeStats } from './blocks.ts';
export { DEFAULT_LIMITS, type NodeLimits } from './limits.ts';
export { createNode, type IpfsNode, type NodeOptions } from './node.ts';
