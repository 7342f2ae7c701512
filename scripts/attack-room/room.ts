import {
  canonicalNaN,
  type Edges,
  edgesOf,
  fromLayout,
  isProduct,
  judgeElement,
  judgeOf,
  ProductEdges,
  type Program,
  toLayout,
} from '@essaim/protocol';
import { commitWhole, openSession, singleNodes, type WholeExecution } from '@essaim/runtime';
import * as ort from 'onnxruntime-node';

/** Picks the number to claim for an element of a value: `honest`, or any other within the edges of its interval. */
export type Choice = (value: number, element: number, edges: () => Edges, honest: number) => number;

/** Judges of operators without width: there is nothing to choose. */
const WIDTHLESS = new Set(['IeeeJudge', 'MoveJudge', 'IntegerJudge', 'OrderJudge']);
/** One in so many elements of products has its edges checked by the judge. */
const CHECKED = 64;

interface Step {
  readonly inputs: readonly string[];
  run(operands: Record<string, Uint8Array>): Promise<Uint8Array>;
}

/** Executes a float32 program operator by operator, with room for choice in every element of every operator. */
export class Room {
  readonly #program: Program;
  readonly #steps: readonly (Step | null)[];
  readonly #products: readonly (ProductEdges | null)[];

  private constructor(program: Program, steps: readonly (Step | null)[]) {
    this.#program = program;
    this.#steps = steps;
    this.#products = program.operators.map((op, i) =>
      isProduct(op) && !program.exactOperators[i] ? new ProductEdges(op) : null,
    );
  }

  static async open(program: Program, onnx: Uint8Array): Promise<Room> {
    const steps = singleNodes(program, onnx).map(async (node): Promise<Step | null> => {
      if (!node) return null;
      const { session } = await openSession(node.onnx);
      const dims = new Map(program.inputs.map(({ name, type }) => [name, type.dims]));
      for (const { source, type } of program.values) if ('onnx' in source) dims.set(source.onnx, type.dims);
      return {
        inputs: node.inputs,
        async run(operands) {
          const feeds = node.inputs.map((name) => {
            const { buffer, byteOffset, byteLength } = operands[name].slice();
            const data = new Float32Array(buffer, byteOffset, byteLength / 4);
            return [name, new ort.Tensor('float32', data, [...dims.get(name)!])];
          });
          const { data } = (await session.run(Object.fromEntries(feeds)))[node.output];
          return new Uint8Array((data as Float32Array).slice().buffer);
        },
      };
    });
    return new Room(program, await Promise.all(steps));
  }

  /** One execution on row-major inputs: each operator on what was chosen before it, by default what the engine made. */
  async execute(inputs: readonly Uint8Array[], choose?: Choice): Promise<WholeExecution> {
    const program = this.#program;
    const rows: Record<string, Uint8Array> = Object.fromEntries(program.inputs.map(({ name }, i) => [name, inputs[i]]));
    const values: Uint8Array[] = [];
    const bytesOf = { input: inputs, weight: program.weights.map(({ bytes }) => bytes), value: values, inner: values };
    for (const [number, op] of program.operators.entries()) {
      const { source, type } = program.values[op.firstValue];
      if ('relayoutOf' in source) {
        const { kind, index } = source.relayoutOf;
        const from = op.inputTypes[0]!;
        const bytes = bytesOf[kind as 'value'][index];
        values.push(toLayout(type, fromLayout(from, bytes)));
        continue;
      }
      const honest = await this.#steps[number]!.run(rows);
      const claimed = toLayout(type, canonicalNaN(type, honest)).slice();
      const view = new DataView(claimed.buffer, claimed.byteOffset);
      values.push(claimed);
      const tensorOf = (kind: keyof typeof bytesOf | 'none', index: number) => ({
        bytes: bytesOf[kind as 'value'][index],
      });
      const judged = (element: number): Edges => {
        const { permitted, claimed: bits } = judgeElement(program, op, 0, element, tensorOf);
        const edges = edgesOf(permitted, bits);
        if (!edges) throw new Error(`node ${op.node}: an honest element is convicted`);
        return edges;
      };
      const product = this.#products[number];
      const sums = product?.on(op.inputs.map(({ kind, index }) => (kind === 'none' ? null : bytesOf[kind][index])));
      const fixed =
        program.exactOperators[number] ||
        WIDTHLESS.has(judgeOf(op.name, op.since, op.inputTypes, op.outputTypes).contract);
      for (let element = 0; choose && !fixed && element < claimed.length / 4; element++) {
        const edges = (): Edges => {
          if (!sums) return judged(element);
          const own = sums(element);
          if (element % CHECKED === 0) assertWithin(op.node, own, judged(element));
          return own;
        };
        view.setFloat32(4 * element, choose(op.firstValue, element, edges, view.getFloat32(4 * element, true)), true);
      }
      rows[source.onnx] = fromLayout(type, claimed);
    }
    return commitWhole(program, inputs, values);
  }
}

/** Throws if edges are wider than those of the judge, or much narrower. */
function assertWithin(node: string, own: Edges, judged: Edges): void {
  for (const tier of ['sharp', 'contract'] as const) {
    const [low, high] = own[tier];
    const [least, most] = judged[tier];
    const width = most - least;
    if (width === 0) continue; // every order is exact there
    if (low < least || high > most || high - low < 0.99 * width - 1e-30)
      throw new Error(`node ${node}: [${own[tier]}] is not the judge's [${judged[tier]}]`);
  }
}
