import type { EssaimError } from '../../errors.ts';
import type { NodeView } from '../../program/node-view.ts';
import { trainingError } from '../errors.ts';
import type { Tape } from '../tape.ts';

/** One forward node on the way back: its operands and results by name, and the gradients of its results. */
export interface Backward {
  readonly t: Tape;
  readonly view: NodeView;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Attribute words of the operator it becomes, as docs/operators.md says. */
  readonly words: readonly number[];
  /** Gradient of each result; undefined where the loss does not depend on it. */
  readonly gradients: readonly (string | undefined)[];
  /** Gradient of the first result. */
  readonly dy: string;
  /** Whether operand `slot` is wanted. */
  needs(slot: number): boolean;
}

/** Makes the gradients of a node's operands, one for each slot; undefined where it is not wanted. */
export type Rule = (node: Backward) => readonly (string | undefined)[];
export type Rules = Readonly<Record<string, Rule>>;

/** A node whose operator has a rule that does not hold here. */
export const refuse = ({ view }: Backward, why: string, help: string): EssaimError =>
  trainingError('TRAINING_NO_GRADIENT', `node ${view.label} (${view.type}): ${why}`, help, {
    node: view.label,
    operator: view.type,
  });

/** The gradient of a slot, made only where it is wanted. */
export const wanted = (node: Backward, slot: number, make: () => string): string | undefined =>
  node.needs(slot) ? make() : undefined;
