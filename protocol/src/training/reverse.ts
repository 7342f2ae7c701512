import type { OnnxNode } from '../onnx/model.ts';
import { nodeLabel } from '../onnx/model.ts';
import { add } from './arithmetic.ts';
import { trainingError } from './errors.ts';
import { RULES } from './rules/index.ts';
import type { Backward } from './rules/rule.ts';
import type { Tape } from './tape.ts';

/**
 * Extends the tape with the gradient of one value with respect to `wanted`, by reverse mode over its nodes so far.
 * `seeds` holds the gradients of the values that the loss is made of. Gives the gradient of each wanted value that
 * the loss depends on. Throws `TRAINING_NO_GRADIENT` for a node on the way that has no rule.
 */
export function gradients(
  t: Tape,
  forward: readonly OnnxNode[],
  seeds: ReadonlyMap<string, string>,
  wanted: ReadonlySet<string>,
): Map<string, string> {
  const moving = reached(t, forward, wanted);
  const found = new Map(seeds);
  for (let index = forward.length - 1; index >= 0; index--) {
    const node = forward[index];
    const slots = node.inputs.flatMap((name, slot) => (moving.has(name) ? [slot] : []));
    const given = node.outputs.map((name) => found.get(name));
    if (slots.length === 0 || given.every((gradient) => gradient === undefined)) continue;
    const label = nodeLabel(node, index);
    t.scope = `d(${label})`;
    for (const [slot, gradient] of through(t, node, label, given, slots)) {
      const before = found.get(node.inputs[slot]);
      found.set(node.inputs[slot], before ? add(t, before, gradient) : gradient);
    }
  }
  t.scope = '';
  return new Map([...wanted].flatMap((name) => (found.has(name) ? [[name, found.get(name)!] as const] : [])));
}

/** Float values that depend on a wanted one. */
function reached(t: Tape, forward: readonly OnnxNode[], wanted: ReadonlySet<string>): Set<string> {
  const moving = new Set(wanted);
  for (const node of forward) {
    if (!node.inputs.some((name) => moving.has(name))) continue;
    for (const name of node.outputs) if (t.isFloat(name) && !t.isConstant(name)) moving.add(name);
  }
  return moving;
}

/** Gradients of the operands in `slots`, from those of the node's results. */
function through(
  t: Tape,
  node: OnnxNode,
  label: string,
  given: readonly (string | undefined)[],
  slots: readonly number[],
): [number, string][] {
  const rule = Object.hasOwn(RULES, node.type) ? RULES[node.type] : undefined;
  const seen = t.view(node, label);
  if (!rule || !seen) {
    throw trainingError(
      'TRAINING_NO_GRADIENT',
      `node ${label} (${node.type}): it has no gradient rule`,
      node.type === 'Dropout'
        ? 'Export the model in evaluation mode; a step has no random numbers that a judge could follow.'
        : 'Rewrite the node with layers that docs/training.md lists, or freeze every parameter before it (trainable).',
      { node: label, operator: node.type },
    );
  }
  const backward: Backward = {
    t,
    view: seen.view,
    inputs: node.inputs,
    outputs: node.outputs,
    words: seen.lowered[0].attributes.map(Number),
    gradients: given,
    dy: given[0]!,
    needs: (slot) => slots.includes(slot),
  };
  const made = rule(backward);
  return slots.flatMap((slot) => (made[slot] ? [[slot, made[slot]] as [number, string]] : []));
}
