import { concat, uint } from '../commitments/bytes.ts';
import { encodeHeader, encodeSegment, type Segment } from '../commitments/program.ts';
import { operatorPart, type ProgramTrees, sized } from './parts.ts';

/** A rule that a program breaks, and where: what `malformedProof` opens. */
export type MalformedFault =
  /** No operator or no value. */
  | { readonly kind: 'empty' }
  /** A zero in the list of operators or weights. */
  | { readonly kind: 'hole'; readonly list: 'operators' | 'segments' | 'weights'; readonly index: number }
  /** A rule that the operator's own leaf shows to be broken. */
  | { readonly kind: 'leaf'; readonly operator: number }
  /** The operator after `operator` does not number its values next, or is in neither the same segment nor the next. */
  | { readonly kind: 'pair'; readonly operator: number }
  /** Operand `slot` of `consumer` has another type than `producer` makes, or is inner on one side only. */
  | { readonly kind: 'edge'; readonly consumer: number; readonly producer: number; readonly slot: number }
  /** Operand `slot` is an input of another type than the interface's. */
  | { readonly kind: 'input'; readonly operator: number; readonly slot: number; readonly interfaceBytes: Uint8Array }
  /** Operand `slot` is weight `index` of another type than its root's, of which `preimage` is given. */
  | {
      readonly kind: 'weight';
      readonly operator: number;
      readonly slot: number;
      readonly index: number;
      readonly preimage: Uint8Array;
    }
  /** The interface does not decode or declares what cannot be. */
  | { readonly kind: 'interface'; readonly interfaceBytes: Uint8Array }
  /** Output `number` of the interface, which is output `output` of `operator`, is not row-major, or inner. */
  | {
      readonly kind: 'output';
      readonly operator: number;
      readonly interfaceBytes: Uint8Array;
      readonly output: number;
      readonly number: number;
    }
  /** Segment `index`, whose leaf hashes `segment`, holds too many values or disagrees with `operator`. */
  | { readonly kind: 'segment'; readonly index: number; readonly segment: Segment; readonly operator: number };

const KINDS = ['empty', 'hole', 'leaf', 'pair', 'edge', 'input', 'weight', 'interface', 'output', 'segment'] as const;
const HOLES = { operators: 0, segments: 1, weights: 2 } as const;
const LISTS = { operators: 'ops', segments: 'segments', weights: 'weights' } as const;

function parts(program: ProgramTrees, fault: MalformedFault): Uint8Array[] {
  switch (fault.kind) {
    case 'empty':
      return [];
    case 'hole':
      return [uint(HOLES[fault.list], 1), uint(fault.index, 4), ...program[LISTS[fault.list]].siblings(fault.index)];
    case 'leaf':
      return [operatorPart(program, fault.operator)];
    case 'pair': {
      const pair = [fault.operator, fault.operator + 1];
      return [uint(fault.operator, 4), ...pair.map((i) => sized(program.bodies[i])), ...program.ops.openings(pair)];
    }
    case 'edge':
      return [operatorPart(program, fault.consumer), operatorPart(program, fault.producer), uint(fault.slot, 1)];
    case 'input':
      return [operatorPart(program, fault.operator), uint(fault.slot, 1), sized(fault.interfaceBytes)];
    case 'weight':
      return [
        operatorPart(program, fault.operator),
        uint(fault.slot, 1),
        sized(fault.preimage),
        ...program.weights.siblings(fault.index),
      ];
    case 'interface':
      return [sized(fault.interfaceBytes)];
    case 'output':
      return [
        operatorPart(program, fault.operator),
        sized(fault.interfaceBytes),
        uint(fault.output, 1),
        uint(fault.number, 1),
      ];
    case 'segment':
      return [
        uint(fault.index, 4),
        encodeSegment(fault.segment),
        ...program.segments.siblings(fault.index),
        operatorPart(program, fault.operator),
      ];
  }
}

/** Proof for `Malformed.proveMalformed`: the program breaks a rule that every program keeps. */
export const malformedProof = (program: ProgramTrees, fault: MalformedFault): Uint8Array =>
  concat([uint(KINDS.indexOf(fault.kind), 1), encodeHeader(program.header), ...parts(program, fault)]);
