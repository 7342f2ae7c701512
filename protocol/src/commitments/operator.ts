import { EssaimError } from '../errors.ts';
import { type Operator, REF_KINDS, type Ref, type TensorType } from '../program/types.ts';
import { Cursor, concat, fromHex, type Hash, uint } from './bytes.ts';
import { tagged } from './tags.ts';
import { decodeType, encodeType } from './type.ts';

/** What an operator's leaf commits to: an operator without its names. */
export type OperatorBody = Omit<Operator, 'name' | 'since' | 'node'>;

/** The body that an operator's leaf hashes and that judges read. */
export function encodeOperator(op: OperatorBody): Uint8Array {
  return concat([
    fromHex(op.opcode, 32),
    fromHex(op.judge, 32),
    uint(op.attributes.length, 2),
    op.attributes,
    uint(op.firstValue, 4),
    uint(op.segment, 4),
    uint(op.boundary, 4),
    uint(op.inputs.length, 1),
    uint(op.outputTypes.length, 1),
    ...op.inputs.flatMap((ref) => [uint(REF_KINDS.indexOf(ref.kind), 1), uint(ref.index, 4)]),
    ...op.inputTypes.flatMap((type) => (type ? [encodeType(type)] : [])),
    ...op.outputTypes.map(encodeType),
  ]);
}

const MAX_OUTPUTS = 32;

function malformed(what: string): EssaimError {
  return new EssaimError('BYTES_MALFORMED', what, { help: 'Encode the operator anew.' });
}

/** Reads a body; throws `BYTES_MALFORMED` or `TYPE_MALFORMED` on anything but the one encoding of an operator. */
export function decodeOperator(bytes: Uint8Array): OperatorBody {
  const cursor = new Cursor(bytes);
  const opcode = cursor.hash();
  const judge = cursor.hash();
  const attributes = new Uint8Array(cursor.take(cursor.uint(2)));
  const firstValue = cursor.uint(4);
  const segment = cursor.uint(4);
  const boundary = cursor.uint(4);
  const nIn = cursor.uint(1);
  const nOut = cursor.uint(1);
  if (attributes.length % 32 !== 0) throw malformed('its attributes are not whole words');
  if (nOut === 0 || nOut > MAX_OUTPUTS) throw malformed(`an operator has no ${nOut} outputs`);
  const inputs = Array.from({ length: nIn }, (): Ref => {
    const kind = REF_KINDS[cursor.uint(1)];
    const index = cursor.uint(4);
    if (!kind || (kind === 'none' && index !== 0)) {
      throw malformed('an operand reference is not one');
    }
    return { kind, index };
  });
  const inputTypes = inputs.map((ref): TensorType | null => (ref.kind === 'none' ? null : decodeType(cursor)));
  const outputTypes = Array.from({ length: nOut }, () => decodeType(cursor));
  cursor.end();
  return { opcode, judge, attributes, firstValue, segment, boundary, inputs, inputTypes, outputTypes };
}

/** keccak256(tag ‖ body). */
export const operatorLeaf = (body: Uint8Array): Hash => tagged('operator', body);
