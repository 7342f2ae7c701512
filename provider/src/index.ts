export { answerTo } from './answer.ts';
export { Answerer } from './answerer.ts';
export { Archive } from './archive.ts';
export type { ProviderEvent } from './events.ts';
export { inputFaultOf } from './input-fault.ts';
export type { Policy } from './policy.ts';
export { Provider } from './provider.ts';
export { publishReceipt } from './publish.ts';
export { selfCheck } from './self-check.ts';
