export * from '@essaim/protocol';
export * from '../../../protocol/src/faults/structural.ts';
export { dotJudge } from '../../../protocol/src/judges/dot.ts';
export { ieeeJudge } from '../../../protocol/src/judges/ieee.ts';
export { integerJudge } from '../../../protocol/src/judges/integer.ts';
