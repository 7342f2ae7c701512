export { type Policy, Provider, type ProviderEvent } from './provider.ts';
export { publishReceipt } from './publish.ts';
export { selfCheck } from './self-check.ts';
