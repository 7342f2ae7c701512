import type { Operator } from '../program/types.ts';
import type { Rows } from './dot-rows.ts';
import type { Window } from './dot-window.ts';
import { element, inputType, numberOf } from './elements.ts';
import type { Need } from './judge.ts';
import { refuse } from './refuse.ts';

/** Refuses zero points (operands 2 and 3) that do not fit the operands they belong to. */
export function admitZeroPoints(op: Operator, convolution: boolean): void {
  const [b, y] = [inputType(op, 1), op.outputTypes[0]];
  const counts = convolution
    ? [1, b.dims[0]]
    : [inputType(op, 0).dims.length > 1 ? inputType(op, 0).dims.at(-2)! : 1, b.dims.length > 1 ? y.dims.at(-1)! : 1];
  for (const [i, type] of op.inputTypes.slice(2, 4).entries()) {
    if (!type) continue;
    const fits =
      type.dims.length === 0 || (type.dims.length === 1 && (type.dims[0] === 1 || type.dims[0] === counts[i]));
    if (!fits) refuse(op, `a zero point of [${type.dims}] is neither one nor one for each row, column or filter`);
  }
}

export function* multiplyBytes(op: Operator, rows: Rows): Generator<Need, bigint, Uint8Array> {
  const n = rows.terms;
  const a = yield { slot: 0, offset: rows.a * n, length: n };
  const b = yield { slot: 1, offset: rows.b * n, length: n };
  const zeroA = yield* zeroPoint(op, 2, rows.row);
  const zeroB = yield* zeroPoint(op, 3, rows.column);
  const signed = inputType(op, 0).dtype === 'int8';
  const [x, y] = signed ? [signedView(a), signedView(b)] : [a, b];
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (x[i] - zeroA) * (y[i] - zeroB);
  return BigInt(sum);
}

export function* convolveBytes(op: Operator, window: Window): Generator<Need, bigint, Uint8Array> {
  const signed = inputType(op, 0).dtype === 'int8';
  const pieces: Uint8Array[] = [];
  for (const run of window.runs) pieces.push(yield { slot: 0, offset: run.image, length: run.length });
  const filter = yield { slot: 1, offset: window.filter * window.terms, length: window.terms };
  const zeroX = yield* zeroPoint(op, 2, 0);
  const zeroW = yield* zeroPoint(op, 3, window.filter);
  const w = signed ? signedView(filter) : filter;
  let sum = 0; // padding is the zero point: it adds nothing
  for (const [i, run] of window.runs.entries()) {
    const x = signed ? signedView(pieces[i]) : pieces[i];
    for (let j = 0; j < run.length; j++) sum += (x[j] - zeroX) * (w[run.filter + j] - zeroW);
  }
  return BigInt(sum);
}

/** The zero point in `slot`, one for all or one for each row, column or filter; 0 where absent. */
function* zeroPoint(op: Operator, slot: number, index: number): Generator<Need, number, Uint8Array> {
  const type = op.inputTypes[slot];
  if (!type) return 0;
  return Number(numberOf(yield* element(op, slot, (type.dims[0] ?? 1) === 1 ? 0 : index), type.dtype));
}

const signedView = (bytes: Uint8Array): Int8Array => new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
