import { EssaimError } from '../errors.ts';
import type { Operator, TensorType } from '../program/types.ts';
import type { Judge } from './judge.ts';

/** Throws the error that says why no judge takes `op`. */
export function refuse(op: Operator, why: string): never {
  throw new EssaimError('JUDGE_REFUSES', `node ${op.node} (${op.name} ${op.since}): ${why}`, {
    help: 'Rewrite the node with operators and types that a judge takes; docs/operators.md lists them.',
    details: { node: op.node, operator: op.name, since: op.since },
  });
}

/** Attribute word `i` of an operator. Refuses the operator if it has none or if it is no safe integer. */
export function word(op: Operator, i: number): number {
  if (op.attributes.length < 32 * (i + 1)) refuse(op, `attribute word ${i} is missing`);
  let value = 0n;
  for (const byte of op.attributes.subarray(32 * i, 32 * i + 32)) value = (value << 8n) | BigInt(byte);
  const number = Number(BigInt.asIntN(256, value));
  return Number.isSafeInteger(number) ? number : refuse(op, `attribute word ${i} is too large`);
}

/** Attribute word `i` where only 0 and positive values make sense. */
export function natural(op: Operator, i: number): number {
  const value = word(op, i);
  return value >= 0 && value <= 0xffffffff ? value : refuse(op, `attribute word ${i} is ${value}`);
}

/** Refuses an operand that ONNX's broadcasting does not stretch to the output's shape. */
export function checkBroadcast(op: Operator, operand: TensorType, to: TensorType): void {
  const missing = to.dims.length - operand.dims.length;
  const fits = missing >= 0 && operand.dims.every((size, axis) => size === 1 || size === to.dims[axis + missing]);
  if (!fits) refuse(op, `an operand of [${operand.dims}] cannot be broadcast to [${to.dims}]`);
}

/** Whether the judge's contract knows this operator version. */
export const knows = (judge: Judge, name: string, since: number): boolean =>
  Object.hasOwn(judge.versions, name) && judge.versions[name].includes(since);

/** Refuses an operator version that the judge's contract does not know. */
export function checkVersion(judge: Judge, op: Operator): void {
  if (!knows(judge, op.name, op.since)) refuse(op, `${judge.contract} does not know this operator version`);
}
