/**
 * Writes the golden vectors of the commitments to test/vectors/commitments.json. TypeScript and Solidity are tested
 * against the same file, so regenerate it only when the protocol changes.
 */
import { writeFileSync } from 'node:fs';
import {
  accusationHash,
  batchId,
  byteLength,
  type Claim,
  claimHash,
  commitTensor,
  contextHash,
  type DType,
  depthOf,
  encodeHeader,
  encodeInterface,
  encodeOperator,
  encodeType,
  type Interface,
  interfaceHash,
  ListTree,
  type OperatorBody,
  operatorLeaf,
  type ProgramHeader,
  programId,
  segmentLeaf,
  segmentTree,
  TAGS,
  type TensorType,
  toHex,
  ZERO_HASH,
} from '@essaim/protocol';
import { id, keccak256 } from 'ethers';

/** Bytes anyone can make again: byte i is (7i + seed) mod 256; bool tensors hold its lowest bit. */
const bytesOf = (type: TensorType, seed: number): Uint8Array =>
  Uint8Array.from({ length: byteLength(type) }, (_, i) => (7 * i + seed) & 255 & (type.dtype === 'bool' ? 1 : 255));
const hash = (name: string): string => id(`vector/${name}`);
const type = (dtype: DType, dims: number[], layout = 0): TensorType => ({ dtype, layout, dims });

const TENSORS: TensorType[] = [
  type('float32', []),
  type('float32', [1]),
  type('int8', [3]),
  type('bool', [5]),
  type('float32', [0]),
  type('int64', [2, 0, 3]),
  type('uint8', [1023]),
  type('uint8', [1024]),
  type('uint8', [1025]),
  type('int16', [2, 3, 2, 3, 2, 3, 2, 2]),
  type('float32', [16, 48], 0x01),
  type('float32', [1, 3, 20, 20], 0x1320),
  type('uint64', [5, 7, 11], 0x120),
  type('int32', [2, 3, 31, 7], 0x2310),
  type('uint32', [4096]),
  type('uint16', [9, 1111]),
];

function tensorVector(t: TensorType, seed: number) {
  const tensor = commitTensor(t, bytesOf(t, seed));
  const count = Math.ceil(tensor.bytes.length / 1024);
  const sets = count === 0 ? [] : [[0], [count - 1], [...Array(count).keys()].filter((i) => i % 3 === 0 || i === 1)];
  return {
    type: t,
    typeBytes: toHex(encodeType(t)),
    seed,
    bytes: toHex(tensor.bytes),
    chunkRoot: tensor.tree.root,
    root: tensor.root,
    openings: sets.map((chunks) => {
      const picked = chunks.filter((i) => i < count);
      return { chunks: picked, siblings: tensor.tree.openings(picked).map(toHex) };
    }),
  };
}

function listVector(count: number) {
  const leaves = Array.from({ length: count }, (_, i) => hash(`leaf/${i}`));
  const list = new ListTree(leaves);
  const siblings = leaves.map((_, i) => list.siblings(i).map(toHex));
  return { leaves, depth: depthOf(count), root: list.root, siblings };
}

const OPERATORS: OperatorBody[] = [
  {
    opcode: id('ai.onnx/Add/14'),
    judge: hash('judge/a'),
    attributes: new Uint8Array(0),
    firstValue: 0,
    segment: 0,
    boundary: 1,
    inputs: [
      { kind: 'input', index: 0 },
      { kind: 'weight', index: 1 },
    ],
    inputTypes: [type('float32', [2, 3]), type('float32', [3])],
    outputTypes: [type('float32', [2, 3], 0x01)],
  },
  {
    opcode: id('ai.onnx/Clip/13'),
    judge: hash('judge/b'),
    attributes: new Uint8Array(0),
    firstValue: 1,
    segment: 1,
    boundary: 1,
    inputs: [
      { kind: 'value', index: 0 },
      { kind: 'none', index: 0 },
      { kind: 'weight', index: 0 },
    ],
    inputTypes: [type('int8', [2, 3]), null, type('int8', [])],
    outputTypes: [type('int8', [2, 3])],
  },
  {
    opcode: id('ai.onnx/Conv/11'),
    judge: hash('judge/c'),
    attributes: Uint8Array.from({ length: 7 * 32 }, (_, i) => (i % 32 === 31 ? 1 : 0)),
    firstValue: 70_000,
    segment: 7_000,
    boundary: 0,
    inputs: [
      { kind: 'inner', index: 69_999 },
      { kind: 'weight', index: 4 },
      { kind: 'weight', index: 5 },
    ],
    inputTypes: [type('float32', [1, 3, 8, 8], 0x1320), type('float32', [4, 3, 3, 3], 0x1320), type('float32', [4])],
    outputTypes: [type('float32', [1, 4, 8, 8], 0x1320)],
  },
];

const INTERFACES: Interface[] = [
  {
    inputs: [{ type: type('float32', [1, 784]), range: { low: 0, high: 255, step: 1 } }],
    outputs: [8],
  },
  {
    inputs: [
      { type: type('int8', [4]), range: { low: -128, high: 127, step: 0 } },
      { type: type('float32', []), range: { low: -Infinity, high: Infinity, step: 0 } },
      { type: type('uint64', [2]), range: { low: 0, high: Infinity, step: 0 } },
    ],
    outputs: [3, 0],
  },
];

const header: ProgramHeader = {
  compilerVersion: 1,
  opsRoot: hash('ops'),
  opCount: 9,
  valueCount: 10,
  weightsRoot: hash('weights'),
  weightCount: 4,
  inputCount: 1,
  segmentsRoot: hash('segments'),
  segmentCount: 9,
  interfaceHash: hash('interface'),
  numerics: 1,
};

const client = '0x00000000000000000000000000000000000c11e7';
const challenger = '0x000000000000000000000000000000000000c4a1';
const contexts = [
  { chainId: 31337, client, subject: hash('job'), position: 0, continues: ZERO_HASH },
  { chainId: 42161, client, subject: hash('job'), position: 4_000_000_000, continues: hash('previous') },
];
const claim: Claim = {
  programId: programId(header),
  inputsRoot: hash('inputs'),
  traceRoot: hash('trace'),
  context: contextHash(contexts[0]),
};
const segments = [
  { firstOp: 0, opCount: 1, firstValue: 0, valueCount: 1 },
  { firstOp: 7, opCount: 3, firstValue: 9, valueCount: 4 },
];
const proof = Uint8Array.from({ length: 77 }, (_, i) => i);
const batch = batchId(client, hash('job'));

const vectors = {
  tags: TAGS,
  tensors: TENSORS.map((t, i) => tensorVector(t, 11 * i)),
  lists: [0, 1, 2, 3, 4, 5, 9, 17].map(listVector),
  operators: OPERATORS.map((op) => {
    const body = encodeOperator(op);
    return { ...op, attributes: toHex(op.attributes), body: toHex(body), leaf: operatorLeaf(body) };
  }),
  segments: segments.map((segment) => ({ ...segment, leaf: segmentLeaf(segment) })),
  segmentLists: segments.map((segment) => {
    const roots = Array.from({ length: segment.valueCount }, (_, i) => (i % 2 === 1 ? ZERO_HASH : hash(`inner/${i}`)));
    return { ...segment, roots, root: segmentTree(segment, roots).root };
  }),
  interfaces: INTERFACES.map((face) => {
    const bytes = encodeInterface(face);
    return { outputs: face.outputs, bytes: toHex(bytes), hash: interfaceHash(bytes) };
  }),
  programs: [{ ...header, header: toHex(encodeHeader(header)), id: programId(header) }],
  contexts: contexts.map((context) => ({ ...context, hash: contextHash(context) })),
  claims: [{ ...claim, hash: claimHash(claim) }],
  batches: [{ client, subject: hash('job'), id: batch }],
  accusations: [
    {
      batchId: batch,
      proof: toHex(proof),
      proofDigest: keccak256(proof),
      challenger,
      salt: hash('salt'),
      hash: accusationHash(batch, proof, challenger, hash('salt')),
    },
  ],
};

/** The vectors as the file holds them. */
export const commitments = `${JSON.stringify(vectors, null, 1)}\n`;
if (import.meta.main) writeFileSync(new URL('../test/vectors/commitments.json', import.meta.url), commitments);
