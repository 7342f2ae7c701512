import {
  type ClaimTrees,
  type Context,
  claimHash,
  claimPart,
  commitTensor,
  concat,
  contextHash,
  DTYPES,
  encodeInterface,
  encodeOperator,
  encodeType,
  fromHex,
  type Hash,
  type InputRange,
  interfaceHash,
  type Judge,
  ListTree,
  type Need,
  type Operator,
  OUTPUT_SLOT,
  openingPart,
  operatorLeaf,
  operatorPart,
  type ProgramHeader,
  type ProgramTrees,
  programId,
  type Range,
  type Ref,
  SEGMENT_VALUES,
  type Segment,
  segmentLeaf,
  segmentTree,
  TAGS,
  type Tensor,
  type TensorType,
  uint,
  ZERO_HASH,
} from '@essaim/protocol';
import { id } from 'ethers';

/** One operator of a hand-made program; operand types and value numbers follow from the others. */
export interface Layer {
  readonly name: string;
  readonly since: number;
  /** Code hash of the judge. */
  readonly judge: Hash;
  readonly words?: readonly bigint[];
  readonly inputs: readonly Ref[];
  readonly outputs: readonly TensorType[];
  /** Put over what follows from the rest, to break a rule. */
  readonly broken?: Partial<Operator>;
}

/** What breaks a rule of programs on purpose. */
export interface Broken {
  readonly header?: Partial<ProgramHeader>;
  readonly interfaceBytes?: Uint8Array;
  readonly bodies?: Readonly<Record<number, Uint8Array>>;
  readonly leaves?: Readonly<Record<number, Hash>>;
  readonly weightRoots?: Readonly<Record<number, Hash>>;
  /** Other segments than one for each operator. */
  readonly segments?: readonly Segment[];
  readonly segmentLeaves?: Readonly<Record<number, Hash>>;
}

/** A program assembled operator by operator, with all its trees. */
export class Circuit {
  readonly ops: readonly Operator[];
  readonly segments: readonly Segment[];
  readonly weights: readonly Tensor[];
  readonly trees: ProgramTrees;
  readonly interfaceBytes: Uint8Array;
  readonly id: Hash;

  constructor(
    layers: readonly Layer[],
    inputs: readonly { type: TensorType; range: InputRange }[],
    weights: readonly Tensor[],
    broken: Broken = {},
  ) {
    this.weights = weights;
    const values: TensorType[] = [];
    this.ops = layers.map((layer, segment) => {
      const typeOf = ({ kind, index }: Ref): TensorType | null =>
        kind === 'none'
          ? null
          : kind === 'input'
            ? inputs[index].type
            : kind === 'weight'
              ? weights[index].type
              : values[index];
      const op: Operator = {
        name: layer.name,
        since: layer.since,
        opcode: id(`ai.onnx/${layer.name}/${layer.since}`),
        judge: layer.judge,
        attributes: concat((layer.words ?? []).map((word) => uint(BigInt.asUintN(256, word), 32))),
        firstValue: values.length,
        segment,
        boundary: 2 ** layer.outputs.length - 1,
        inputs: layer.inputs,
        inputTypes: layer.inputs.map(typeOf),
        outputTypes: layer.outputs,
        node: `${layer.name}_${segment}`,
        ...layer.broken,
      };
      values.push(...layer.outputs);
      return op;
    });
    const bodies = this.ops.map((op, i) => broken.bodies?.[i] ?? encodeOperator(op));
    const ops = new ListTree(bodies.map((body, i) => broken.leaves?.[i] ?? operatorLeaf(body)));
    const weightTree = new ListTree(weights.map(({ root }, i) => broken.weightRoots?.[i] ?? root));
    this.interfaceBytes = broken.interfaceBytes ?? encodeInterface({ inputs, outputs: [values.length - 1] });
    this.segments =
      broken.segments ??
      this.ops.map((op, i) => ({
        firstOp: i,
        opCount: 1,
        firstValue: op.firstValue,
        valueCount: op.outputTypes.length,
      }));
    const segments = new ListTree(this.segments.map((segment, i) => broken.segmentLeaves?.[i] ?? segmentLeaf(segment)));
    const header: ProgramHeader = {
      compilerVersion: 1,
      opsRoot: ops.root,
      opCount: this.ops.length,
      valueCount: values.length,
      weightsRoot: weightTree.root,
      weightCount: weights.length,
      inputCount: inputs.length,
      segmentsRoot: segments.root,
      segmentCount: segments.count,
      interfaceHash: interfaceHash(this.interfaceBytes),
      numerics: 1,
      ...broken.header,
    };
    this.trees = { header, bodies, ops, weights: weightTree, segments };
    this.id = programId(header);
  }
}

/** An execution as somebody committed to it: honest, or with wrong bytes or wrong roots. */
export class Execution {
  readonly circuit: Circuit;
  readonly inputs: readonly Tensor[];
  readonly values: readonly Tensor[];
  readonly claim: ClaimTrees;
  readonly hash: Hash;
  /** What an honest executor answers for each segment. */
  readonly segmentRoots: readonly (readonly Hash[])[];

  /** `roots` replaces roots of values; the claim is the last of `before.length + 1` in its batch. */
  constructor(
    circuit: Circuit,
    inputs: readonly Tensor[],
    values: readonly Tensor[],
    context: Context,
    { roots = {}, before = [] }: { roots?: Readonly<Record<number, Hash>>; before?: readonly Hash[] } = {},
  ) {
    this.circuit = circuit;
    this.inputs = inputs;
    this.values = values;
    const inputTree = new ListTree(inputs.map(({ root }) => root));
    const inner = new Set(
      circuit.ops.flatMap(({ firstValue, boundary, outputTypes }) =>
        outputTypes.flatMap((_, i) => ((boundary >> i) & 1 ? [] : [firstValue + i])),
      ),
    );
    this.segmentRoots = circuit.segments.map(({ firstValue, valueCount }) =>
      Array.from({ length: valueCount }, (_, i) =>
        inner.has(firstValue + i) ? values[firstValue + i].root : ZERO_HASH,
      ),
    );
    const trace = new ListTree(values.map(({ root }, i) => roots[i] ?? (inner.has(i) ? ZERO_HASH : root)));
    const bound = contextHash(context);
    this.hash = claimHash({ programId: circuit.id, inputsRoot: inputTree.root, traceRoot: trace.root, context: bound });
    const batch = new ListTree([...before, this.hash]);
    this.claim = { program: circuit.trees, inputs: inputTree, trace, context: bound, leaf: before.length, batch };
  }

  /** The tensor behind a slot of an operator, and the siblings that open it in its list. */
  operand(op: Operator, slot: number): { tensor: Tensor; siblings: Uint8Array[] } {
    if (slot >= OUTPUT_SLOT) {
      const value = op.firstValue + slot - OUTPUT_SLOT;
      if (((op.boundary >> (slot - OUTPUT_SLOT)) & 1) === 0) return this.inner(op, value);
      return { tensor: this.values[value], siblings: this.claim.trace.siblings(value) };
    }
    const { kind, index } = op.inputs[slot];
    if (kind === 'inner') return this.inner(op, index);
    const lists = {
      input: [this.inputs, this.claim.inputs],
      weight: [this.circuit.weights, this.circuit.trees.weights],
      value: [this.values, this.claim.trace],
    } as const;
    const [tensors, tree] = lists[kind as keyof typeof lists];
    return { tensor: tensors[index], siblings: tree.siblings(index) };
  }

  /** An inner value, and what opens it in its segment's list. */
  inner({ segment }: Operator, value: number): { tensor: Tensor; siblings: Uint8Array[] } {
    const tree = segmentTree(this.circuit.segments[segment], this.segmentRoots[segment]);
    return { tensor: this.values[value], siblings: tree.siblings(value % SEGMENT_VALUES) };
  }

  /** Opens an element and whatever the judge's twin asks for. */
  proof(judge: Judge, operator: number, element: number, output = 0): Uint8Array {
    const op = this.circuit.ops[operator];
    const size = DTYPES[op.outputTypes[output].dtype].size;
    const claimed = this.read(op, { slot: OUTPUT_SLOT + output, offset: element * size, length: size });
    const bits = claimed.reduceRight((n, byte) => n * 256n + BigInt(byte), 0n);
    const needs: Need[] = [{ slot: OUTPUT_SLOT + output, offset: element * size, length: size }];
    const trial = judge.try(op, 1, output, element, bits);
    for (let step = trial.next(); !step.done; step = trial.next(this.read(op, step.value))) needs.push(step.value);
    return this.blob(operator, output, element, needs);
  }

  read(op: Operator, { slot, offset, length }: Need): Uint8Array {
    return this.operand(op, slot).tensor.bytes.subarray(offset, offset + length);
  }

  /** A proof that opens exactly these ranges, one opening for each run of one slot. */
  blob(operator: number, output: number, element: number, needs: readonly Need[]): Uint8Array {
    const op = this.circuit.ops[operator];
    const groups: { slot: number; ranges: Range[] }[] = [];
    for (const { slot, offset, length } of needs) {
      const last = groups.at(-1);
      const before = last?.ranges.at(-1);
      if (last && before && last.slot === slot && slot < OUTPUT_SLOT && offset >= before.offset + before.length) {
        last.ranges.push({ offset, length });
      } else groups.push({ slot, ranges: [{ offset, length }] });
    }
    return concat([
      claimPart(this.claim),
      operatorPart(this.circuit.trees, operator),
      uint(output, 1),
      uint(element, 4),
      uint(groups.length, 1),
      ...groups.map(({ slot, ranges }) => {
        const { tensor, siblings } = this.operand(op, slot);
        return openingPart(slot, ranges, tensor, siblings);
      }),
    ]);
  }
}

/** A copy with one byte changed, committed anew. */
export function withByte(tensor: Tensor, at: number, byte = tensor.bytes[at] ^ 1): Tensor {
  const bytes = tensor.bytes.slice();
  bytes[at] = byte;
  return commitTensor(tensor.type, bytes);
}

/** What keccak256 turns into a tensor's root. */
export const preimageOf = ({ type, tree }: Tensor): Uint8Array =>
  concat([fromHex(TAGS.tensor), encodeType(type), fromHex(tree.root)]);
