import type { TensorOf } from '../faults/judge-element.ts';
import { judgeElement } from '../faults/judge-element.ts';
import { indexOf, locate } from '../judges/coordinates.ts';
import { edgesOf } from '../judges/edges.ts';
import { readElement } from '../judges/elements.ts';
import { numberOfBits } from '../judges/float32.ts';
import type { Program } from '../program/program.ts';
import { DTYPES, elementCount, type Operator } from '../program/types.ts';
import type { Linear } from './linear.ts';
import { jumps, slopesOf } from './slopes.ts';

/** Any operator that looks at few elements for each of its own: what those are, its judge says. */
export function linearElements(program: Program, op: Operator, tensorOf: TensorOf): Linear {
  const slopes = slopesOf(op);
  const count = elementCount(op.outputTypes[0]);
  const float = op.outputTypes[0].dtype === 'float32';
  const [sharp, contract] = [new Float64Array(count), new Float64Array(count)];
  const entries: { element: number; slot: number; index: number; slope: number }[] = [];
  for (let element = 0; element < count; element++) {
    const { claimed, needs, permitted } = judgeElement(program, op, 0, element, tensorOf);
    const y = numberOfBits(Number(claimed & 0xffffffffn));
    const edges = float ? edgesOf(permitted, claimed) : null;
    if (edges) {
      sharp[element] = Math.max(edges.sharp[1] - y, y - edges.sharp[0], 0);
      contract[element] = Math.max(edges.contract[1] - y, y - edges.contract[0]);
    }
    const places = needs.flatMap(({ slot, offset, length }) => {
      const { size } = DTYPES[op.inputTypes[slot]!.dtype];
      return Array.from({ length: length / size }, (_, i) => ({ slot, index: offset / size + i, size }));
    });
    const xs = places.map(({ slot, index, size }) => {
      const { kind, index: number } = op.inputs[slot];
      const bits = readElement(tensorOf(kind as 'value', number).bytes.subarray(index * size, (index + 1) * size));
      return op.inputTypes[slot]!.dtype === 'float32' ? numberOfBits(Number(bits)) : Number(bits);
    });
    const own = ownOf(op, element);
    const at = places.findIndex(({ slot, index }) => slot === 0 && index === own);
    for (const [i, slope] of slopes(xs, y, op, at).entries()) {
      if (slope !== 0) entries.push({ element, slot: places[i].slot, index: places[i].index, slope });
    }
  }
  return {
    sharp,
    contract,
    jumps: jumps(op),
    pull(sensitivity, into) {
      for (const { element, slot, index, slope } of entries) {
        const target = sensitivity[element] === 0 ? null : into(slot);
        if (target) target[index] += sensitivity[element] * slope;
      }
    },
  };
}

/** Physical index in operand 0 of the element at the same coordinates, where it has the output's dimensions. */
function ownOf(op: Operator, element: number): number {
  const [from, to] = [op.inputTypes[0], op.outputTypes[0]];
  return from && `${from.dims}` === `${to.dims}` ? indexOf(from, locate(to, element)) : -1;
}
