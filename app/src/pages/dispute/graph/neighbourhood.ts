import type { ElementFault } from '@essaim/sdk';
import type { Graph, Node } from './condense.ts';
import { showShape } from './outline.ts';

const KINDS = { input: 'input', weight: 'weight', value: 'value', inner: 'value' } as const;

/** What a proof alone shows of the program: the operator at fault, what it reads, and what it makes. */
export function neighbourhood(fault: ElementFault): Graph {
  const { operands, operator, name, dims, value, segment } = fault;
  const read = operands.filter(
    ({ kind, index }, i) => i === operands.findIndex((o) => o.kind === kind && o.index === index),
  );
  const outer = (id: string, kind: 'input' | 'output', title: string, note: string): Node => ({
    ...{ id, kind, title, note, first: -1, count: 0, segment: -1, isFocus: false },
  });
  const nodes: Node[] = [
    ...read.map(({ kind, index, dims: shape }) =>
      outer(`${kind}${index}`, 'input', `${KINDS[kind]} ${index}`, showShape(shape)),
    ),
    {
      ...{ id: 'fault', kind: 'operator', title: name || `operator ${operator + 1}`, note: showShape(dims) },
      ...{ first: operator, count: 1, segment, isFocus: true },
    },
    outer('made', 'output', `value ${value}`, showShape(dims)),
  ];
  const edges = [...read.map((_, i) => [i, read.length] as const), [read.length, read.length + 1] as const];
  return { nodes, edges };
}
