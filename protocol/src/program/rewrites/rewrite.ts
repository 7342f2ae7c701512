import type { OnnxModel, OnnxNode, OnnxTensor } from '../../onnx/model.ts';
import { Lowering } from '../lowering.ts';
import type { NodeView } from '../node-view.ts';
import { ATTENTION } from './attention.ts';
import { COMPOSED } from './composed.ts';
import { Pieces, type Sink } from './pieces.ts';
import { PRODUCTS } from './products.ts';
import { RESIZED } from './resized.ts';
import { ROWS } from './rows.ts';
import { WINDOWS } from './windows.ts';

/**
 * How nodes of an operator are said in others: emits the pieces and says why it did, or does neither where the node can
 * be judged as it is.
 */
export type Rewriting = (node: NodeView, pieces: Pieces) => string | undefined;

const REWRITINGS: Readonly<Record<string, Rewriting>> = {
  ...WINDOWS,
  ...ROWS,
  ...PRODUCTS,
  ...COMPOSED,
  ...ATTENTION,
  ...RESIZED,
};

/** Operators of which a rewriting is known, in whole or of some nodes. */
export const REWRITTEN_NAMES: readonly string[] = Object.keys(REWRITINGS).sort();

/** One node that other nodes took the place of. */
export interface Rewrite {
  readonly node: string;
  readonly operator: string;
  readonly why: string;
  /** Operators of the nodes in its place. */
  readonly into: readonly string[];
}

export interface Rewritten {
  readonly model: OnnxModel;
  readonly rewrites: readonly Rewrite[];
}

/**
 * The same network with nodes that no judge takes said in operators that judges take: attention and rotary places,
 * windows of one and three dimensions, rows and products too long for one transaction, and functions that are made of
 * others. It is another model, to be published in the place of the first: what is executed is what is judged. A model
 * that needs none of it comes back as it is. Throws as `compile` does where a node can be neither judged nor rewritten.
 */
export function rewriteModel(model: OnnxModel): Rewritten {
  const rewriter = new Rewriter(model);
  model.nodes.forEach((node, index) => {
    rewriter.take(node, index);
  });
  return rewriter.finish();
}

class Rewriter {
  readonly #model: OnnxModel;
  readonly #lowering: Lowering;
  readonly #nodes: OnnxNode[] = [];
  readonly #added: OnnxTensor[] = [];
  readonly #rewrites: Rewrite[] = [];

  constructor(model: OnnxModel) {
    this.#model = model;
    this.#lowering = new Lowering(model);
  }

  take(node: OnnxNode, index: number): void {
    const view = this.#lowering.view(node, index);
    const into: string[] = [];
    const rewriting = Object.hasOwn(REWRITINGS, node.type) ? REWRITINGS[node.type] : undefined;
    const pieces = new Pieces(node, this.#sink(index, into));
    const why = rewriting?.(view, pieces);
    if (why !== undefined) {
      if (!pieces.passed) view.finish();
      this.#rewrites.push({ node: view.label, operator: node.type, why, into });
      return;
    }
    this.#lowering.add(node, index);
    this.#nodes.push(node);
  }

  #sink(index: number, into: string[]): Sink {
    const { shapes, constants } = this.#lowering;
    return {
      opset: this.#model.opset,
      emit: (node) => {
        into.push(node.type);
        this.take(node, index);
      },
      define: (tensor) => {
        this.#lowering.define(tensor);
        this.#added.push(tensor);
      },
      shapeOf: (name) => shapes.get(name)!,
      constantOf: (name) => constants.get(name),
    };
  }

  finish(): Rewritten {
    if (this.#rewrites.length === 0) return { model: this.#model, rewrites: [] };
    const used = new Set([
      ...this.#nodes.flatMap(({ inputs }) => inputs),
      ...this.#model.outputs.map(({ name }) => name),
    ]);
    const initializers = [...this.#model.initializers, ...this.#added].filter(({ name }) => used.has(name));
    const weights = new Set(this.#model.initializers.map(({ name }) => name));
    // older files declare weights as inputs, too
    const inputs = this.#model.inputs.filter(({ name }) => !weights.has(name) || used.has(name));
    return { model: { ...this.#model, nodes: this.#nodes, initializers, inputs }, rewrites: this.#rewrites };
  }
}
