import type { DType, Operator } from '../program/types.ts';
import { admitZeroPoints } from './dot-integers.ts';
import { MAX_TERMS } from './dot-interval.ts';
import { admitMatmul } from './dot-rows.ts';
import { admitConvolution } from './dot-window.ts';
import { inputType } from './elements.ts';
import type { Judge } from './judge.ts';
import { checkVersion, natural, refuse } from './refuse.ts';

const BYTES: readonly DType[] = ['int8', 'uint8'];
const SMALL: readonly DType[] = [...BYTES, 'int16', 'uint16'];

/** Terms of the dot product of QLinearMatMul or QLinearConv. */
export function dotTerms(op: Operator): number {
  const [a, b] = [inputType(op, 0).dims, inputType(op, 1).dims];
  return op.name === 'QLinearConv' ? b[1] * b[2] * b[3] : a[a.length - 1];
}

/** Refuses a quantising operator whose types the contract does not take. */
export function admitQuantise(judge: Judge, op: Operator): void {
  checkVersion(judge, op);
  if (op.outputTypes.length !== 1) refuse(op, 'it must have one output');
  if (!op.inputTypes[0]) refuse(op, 'operand 0 is missing');
  if (op.name === 'DynamicQuantizeLinear') admitDynamic(op);
  else if (op.name.startsWith('QLinear')) admitRequantised(op);
  else admitLinear(op);
}

function admitDynamic(op: Operator): void {
  const part = natural(op, 0);
  const [x, scale] = op.inputTypes;
  const to = op.outputTypes[0];
  if (x?.dtype !== 'float32') refuse(op, 'its operand must be float32');
  if (to.dims.length !== 0 || to.dtype !== (part === 1 ? 'float32' : 'uint8')) refuse(op, 'its output does not fit');
  if (part === 1 ? op.inputs.length !== 1 : !isScalar(scale, 'float32')) refuse(op, 'its operands do not fit its part');
  if (part !== 1 && part !== 2) refuse(op, `part ${part} is unknown`);
}

function admitLinear(op: Operator): void {
  const [from, to] = [inputType(op, 0), op.outputTypes[0]];
  const quantises = op.name === 'QuantizeLinear';
  const [float, integer] = quantises ? [from, to] : [to, from];
  if (`${from.dims}` !== `${to.dims}` || float.dtype !== 'float32') refuse(op, 'its types do not fit');
  const taken = SMALL.includes(integer.dtype) || (!quantises && integer.dtype === 'int32' && !op.inputTypes[2]);
  if (!taken) refuse(op, `its integers cannot be ${integer.dtype}`);
  const size = from.dims.length === 0 ? 1 : from.dims[natural(op, 0)];
  natural(op, 0);
  checkFactor(op, 1, 'float32', size);
  if (op.inputTypes[2]) checkFactor(op, 2, integer.dtype, size);
  if (op.inputs.length < 2 || op.inputs.length > 3) refuse(op, `it has ${op.inputs.length} operands`);
}

function admitRequantised(op: Operator): void {
  const convolution = op.name === 'QLinearConv';
  const { dtype } = inputType(op, 0);
  const to = op.outputTypes[0];
  if (!BYTES.includes(dtype) || op.inputTypes[1]?.dtype !== dtype) refuse(op, 'its operands must be bytes of one kind');
  if (!BYTES.includes(to.dtype)) refuse(op, `its output cannot be ${to.dtype}`);
  if (op.inputs.length > (convolution ? 9 : 8)) refuse(op, `it has ${op.inputs.length} operands`);
  if (convolution) admitConvolution(op);
  else admitMatmul(op);
  if (dotTerms(op) > MAX_TERMS) refuse(op, `${dotTerms(op)} terms are more than ${MAX_TERMS}`);
  admitZeroPoints(op, convolution);
  for (const slot of [2, 3]) if (op.inputTypes[slot]) checkFactor(op, slot, dtype);
  const [rows, columns] = convolution ? [1, to.dims[1]] : [to.dims.at(-2), to.dims.at(-1)];
  checkFactor(op, 4, 'float32', rows);
  checkFactor(op, 5, 'float32', columns);
  checkFactor(op, 6, 'float32', 1);
  if (op.inputTypes[7]) checkFactor(op, 7, to.dtype, 1);
  const bias = op.inputTypes[8];
  if (bias && (bias.dtype !== 'int32' || `${bias.dims}` !== `${columns}`)) refuse(op, `a bias of [${bias.dims}]`);
}

const isScalar = (type: { dtype: DType; dims: readonly number[] } | null | undefined, dtype: DType): boolean =>
  type?.dtype === dtype && type.dims.every((d) => d === 1) && type.dims.length < 2;

/** Refuses a scale or zero point that is neither one for all nor one for each of `count`. */
function checkFactor(op: Operator, slot: number, dtype: DType, count?: number): void {
  const type = op.inputTypes[slot];
  if (!type || type.dtype !== dtype || type.dims.length > 1) refuse(op, `operand ${slot} does not fit`);
  if (count !== undefined && !isScalar(type, dtype) && type.dims[0] !== count) {
    refuse(op, `operand ${slot} of [${type.dims}] is neither one for all nor one for each of ${count}`);
  }
}
