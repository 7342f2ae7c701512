import {
  batchId as batchIdOf,
  buildFaultProof,
  claimHash,
  claimOf,
  commitTensor,
  compile,
  contextHash,
  EssaimError,
  type Execution,
  type Hash,
  ListTree,
  OnnxBuilder,
  OPCODES,
  opcodeOf,
  type Program,
} from '@essaim/protocol';
import { openTracer } from '@essaim/runtime';
import { expect } from 'chai';
import { type Contract, hexlify, id, ZeroAddress, ZeroHash } from 'ethers';
import { network } from 'hardhat';
import { WORST_GAS, WORST_PROOF } from '../../protocol/src/program/admit.ts';
import { random } from '../random.ts';

const [PERMITTED, VOID, CONVICTED] = [0n, 1n, 2n];
const run = openTracer();

/** A referee over every judge, and a Claims that takes batches from anybody. */
async function deploy() {
  const { ethers } = await network.getOrCreate();
  const [client] = await ethers.getSigners();
  const judges = new Map<string, string>();
  for (const contract of new Set(OPCODES.map((opcode) => opcode.contract))) {
    judges.set(contract, await (await ethers.deployContract(contract)).getAddress());
  }
  const entries = OPCODES.flatMap(({ name, since, contract }) =>
    since.map((version) => ({ opcode: opcodeOf(name, version), judge: judges.get(contract)! })),
  );
  const registry = await ethers.deployContract('JudgeRegistry', [client.address, entries]);
  const parameters = await ethers.deployContract('ProtocolParameters', [ethers.ZeroAddress, ethers.ZeroAddress]);
  const accusations = await ethers.deployContract('Accusations', [parameters]);
  const claims = await ethers.deployContract('Claims', [parameters, ZeroAddress, ZeroAddress, ZeroAddress]);
  const referee = await ethers.deployContract('Referee', [claims, registry, accusations, ZeroAddress]);
  const contracts = { claims, referee } as unknown as Record<'claims' | 'referee', Contract>;
  return { ...contracts, client: client.address };
}

const floats = (numbers: Iterable<number>): Uint8Array => new Uint8Array(Float32Array.from(numbers).buffer);

/** A dot product in binary32 as a kernel adds it up: chains of 256 terms, then their sums. */
function kernel(a: readonly number[], b: readonly number[], length = 256): number {
  let sum = 0;
  for (let start = 0; start < a.length; start += length) {
    let chain = 0;
    for (let i = start; i < Math.min(start + length, a.length); i++) {
      chain = Math.fround(chain + Math.fround(Math.fround(a[i]) * Math.fround(b[i])));
    }
    sum = Math.fround(sum + chain);
  }
  return sum;
}

/** x · w for rows of x and columns of w, both given by one pattern of K terms. */
function product(terms: readonly number[], weights: readonly number[]) {
  const K = terms.length;
  const b = new OnnxBuilder();
  const x = b.input('x', 'float32', [2, K]);
  const w = b.floats(
    [K, 2],
    weights.flatMap((weight) => [weight, weight]),
  );
  b.output(b.node('MatMul', [x, w]));
  const onnx = b.bytes();
  return { program: compile(onnx), onnx, input: floats([...terms, ...terms]) };
}

describe('Attacks on claims', () => {
  let world: Awaited<ReturnType<typeof deploy>>;
  let subjects = 0;
  before(async () => {
    world = await deploy();
  });

  /** Submits an execution as a batch of one, and has the referee examine one element of it. */
  async function verdictOn(execution: Execution, op: number, element: number): Promise<bigint> {
    const subject = id(`attack ${subjects++}`);
    const { client, claims, referee } = world;
    const context: Hash = contextHash({ chainId: 31_337, client, subject, position: 0, continues: ZeroHash });
    const batch = new ListTree([claimHash(claimOf(execution, context))]);
    await claims.submit(subject, batch.root, 1, client, 1n, 1);
    const { proof } = buildFaultProof(execution, { context, leaf: 0, batch }, { op, output: 0, element });
    return referee.examine(batchIdOf(client, subject), hexlify(proof));
  }

  /** The execution with the bytes of one operator's first output replaced. */
  function withValue({ program, inputs, values }: Execution, op: number, bytes: Uint8Array): Execution {
    const { firstValue } = program.operators[op];
    return { program, inputs, values: values.with(firstValue, commitTensor(values[firstValue]!.type, bytes)) };
  }

  describe('C1: an input chosen to be hard convicts no honest provider', () => {
    const K = 2_048;
    const fill = (term: (i: number) => number) => Array.from({ length: K }, (_, i) => Math.fround(term(i)));
    const next = random(11);
    const PATTERNS: Record<string, [number[], number[]]> = {
      'one large term before small ones': [fill((i) => (i === 0 ? 2 ** 24 : 1)), fill(() => 0.7)],
      'a large term every 64': [fill((i) => (i % 64 === 0 ? 2 ** 24 : 1.1)), fill(() => 0.7)],
      'large terms of both signs': [fill((i) => (i % 256 === 0 ? (i % 512 ? -1 : 1) * 2 ** 24 : 1.3)), fill(() => 0.9)],
      constants: [fill(() => 1.1), fill(() => 0.7)],
      'numbers of every size': [fill(() => 2 ** (40 * next() - 20)), fill(() => next() - 0.5)],
    };
    for (const [what, [terms, weights]] of Object.entries(PATTERNS)) {
      it(`${what}: neither ONNX Runtime nor the worst kernel of the contract`, async () => {
        const { program, onnx, input } = product(terms, weights);
        const own = await run(program, onnx, [input]);
        const op = program.operators.findIndex(({ name }) => name === 'MatMul');
        for (let element = 0; element < 4; element++) {
          expect(await verdictOn(own, op, element)).to.be.lessThan(CONVICTED);
        }
        const worst = kernel(terms, weights);
        const verdict = await verdictOn(withValue(own, op, floats(Array(4).fill(worst))), op, 3);
        expect(verdict).to.be.oneOf([PERMITTED, VOID]);
      });
    }
  });

  it('C2: no value that a boundary is made from without width is left to be made again', () => {
    const b = new OnnxBuilder();
    const x = b.input('x', 'float32', [4, 8]);
    const w = b.floats([8, 8], Array(64).fill(0.3));
    const m = b.node('MatMul', [x, w]);
    const h = b.node('Add', [b.node('Relu', [m]), x]);
    b.output(b.node('ArgMax', [b.node('MatMul', [h, w])], { attributes: { axis: 1 } }));
    const { operators, exactOperators } = compile(b.bytes());
    const makes = (value: number) => operators.findIndex((op) => value - op.firstValue < op.outputTypes.length);
    for (const [i, op] of operators.entries()) {
      if ((op.boundary & 1) === 0) continue;
      const open = exactOperators[i] ? [...op.inputs] : [];
      for (const { kind, index } of open) {
        if (kind !== 'value' && kind !== 'inner') continue;
        const producer = operators.findLastIndex(({ firstValue }) => firstValue <= index);
        expect(makes(index)).to.be.at.least(0);
        if (exactOperators[producer]) open.push(...operators[producer].inputs);
        else expect(operators[producer].boundary & 1, operators[producer].node).to.equal(1);
      }
    }
  });

  it('H1: a value that two operators read in two layouts is one value, and what lies between them is judged', async () => {
    const b = new OnnxBuilder();
    const x = b.input('x', 'float32', [1, 3, 4, 4]);
    const conv = b.node('Conv', [x, b.floats([2, 3, 3, 3], Array(54).fill(0.5))]);
    b.output(b.node('Add', [b.node('Reshape', [x, b.ints([2], [12, 4])]), b.floats([4], [1, 2, 3, 4])]));
    b.output(conv);
    const onnx = b.bytes();
    const program = compile(onnx);
    const relayout = program.operators.findIndex(({ name }) => name === 'Relayout');
    expect(program.operators[relayout].inputs[0]).to.deep.equal({ kind: 'input', index: 0 });
    const own = await run(program, onnx, [floats(Array.from({ length: 48 }, (_, i) => i / 4))]);
    expect(await verdictOn(own, relayout, 5)).to.equal(PERMITTED);
    const bytes = own.values[program.operators[relayout].firstValue]!.bytes.slice();
    bytes[23] ^= 1;
    expect(await verdictOn(withValue(own, relayout, bytes), relayout, 5)).to.equal(CONVICTED);
  });

  describe('H2: every fault of an admitted program fits one transaction', () => {
    const refusal = (build: (b: OnnxBuilder) => string): unknown => {
      const b = new OnnxBuilder();
      b.output(build(b));
      try {
        return compile(b.bytes());
      } catch (error) {
        return (error as EssaimError).code;
      }
    };
    it('what would not fit is not admitted', () => {
      const long = 14_336;
      const product = (b: OnnxBuilder) =>
        b.node('MatMul', [b.input('x', 'float32', [2, long]), b.input('w', 'float32', [long, 2])]);
      const pool = (b: OnnxBuilder) =>
        b.node('MaxPool', [b.input('x', 'float32', [1, 64, 90, 90])], { attributes: { kernel_shape: [90, 90] } });
      expect(refusal(product)).to.be.oneOf(['PROGRAM_FAULT_TOO_LARGE', 'JUDGE_REFUSES']);
      expect(refusal(pool)).to.equal('PROGRAM_FAULT_TOO_LARGE');
    });
    it('ArgMax over 50,257 is shown wrong by two elements', async () => {
      const b = new OnnxBuilder();
      b.output(b.node('ArgMax', [b.input('x', 'float32', [1, 50_257])], { attributes: { axis: 1, keepdims: 0 } }));
      const onnx = b.bytes();
      const program = compile(onnx);
      const own = await run(program, onnx, [floats(Array.from({ length: 50_257 }, (_, i) => (i * 7_919) % 50_257))]);
      expect(await verdictOn(own, 0, 0)).to.equal(PERMITTED);
      const wrong = withValue(own, 0, new Uint8Array(BigInt64Array.of(3n).buffer));
      expect(await verdictOn(wrong, 0, 0)).to.equal(CONVICTED);
    });
    it('a window of more ranges than one opening holds is opened in two', async () => {
      const b = new OnnxBuilder();
      b.output(
        b.node('MaxPool', [b.input('x', 'float32', [1, 2, 18, 18])], { attributes: { kernel_shape: [17, 17] } }),
      );
      const onnx = b.bytes();
      const program = compile(onnx);
      const own = await run(program, onnx, [floats(Array.from({ length: 648 }, (_, i) => (i * 31) % 257))]);
      expect(await verdictOn(own, 0, 7)).to.equal(PERMITTED);
      const bytes = own.values[0]!.bytes.slice();
      bytes[30] ^= 1;
      expect(await verdictOn(withValue(own, 0, bytes), 0, 7)).to.equal(CONVICTED);
    });
  });

  it('M9: the largest admitted proof keeps below the gas of a transaction even at twice the price of calldata', () => {
    expect(2 * 40 * WORST_PROOF).to.be.lessThan(2 ** 24);
    expect(WORST_GAS).to.be.lessThan(0.75 * 2 ** 24);
    expect(WORST_PROOF).to.be.lessThan(128 * 1024);
  });

  describe('H9: an input without a result convicts nobody and stops no engine', () => {
    it('a division that could end a process is not admitted', () => {
      for (const divisor of [0, -1, 'an input'] as const) {
        const b = new OnnxBuilder();
        const x = b.input('x', 'int32', [2]);
        const by =
          divisor === 'an input'
            ? b.input('d', 'int32', [2])
            : b.initializer('d', 'int32', [2], Int32Array.of(3, divisor));
        b.output(b.node('Div', [x, by]));
        expect(() => compile(b.bytes()), String(divisor)).to.throw(EssaimError);
      }
    });
    it('an index beyond the data permits whatever stands there', async () => {
      const b = new OnnxBuilder();
      const data = b.floats([3], [1, 2, 3]);
      b.output(b.node('Gather', [data, b.input('i', 'int64', [2])]));
      const onnx = b.bytes();
      const program = compile(onnx);
      const own = await run(program, onnx, [new Uint8Array(BigInt64Array.of(0n, -1n).buffer)]);
      const inputs = [commitTensor(own.inputs[0].type, new Uint8Array(BigInt64Array.of(7n, -4n).buffer))];
      for (const element of [0, 1]) {
        expect(await verdictOn({ ...own, inputs }, 0, element)).to.equal(PERMITTED);
        expect(await verdictOn(withValue(own, 0, floats([8, 9])), 0, element)).to.equal(CONVICTED);
      }
    });
  });

  describe('what has no elements, no axes or every axis', () => {
    async function sound(program: Program, onnx: Uint8Array, inputs: Uint8Array[], elements: number[]) {
      const own = await run(program, onnx, inputs);
      for (const element of elements) expect(await verdictOn(own, 0, element)).to.equal(PERMITTED);
      return own;
    }
    it('a scalar is judged', async () => {
      const b = new OnnxBuilder();
      b.output(b.node('Relu', [b.input('x', 'float32', [])]));
      const own = await sound(compile(b.bytes()), b.bytes(), [floats([-2])], [0]);
      expect(await verdictOn(withValue(own, 0, floats([-2])), 0, 0)).to.equal(CONVICTED);
    });
    it('eight axes are judged', async () => {
      const b = new OnnxBuilder();
      const perm = [7, 6, 5, 4, 3, 2, 1, 0];
      b.output(b.node('Transpose', [b.input('x', 'float32', [1, 2, 1, 2, 1, 2, 1, 3])], { attributes: { perm } }));
      const input = floats(Array.from({ length: 24 }, (_, i) => i));
      const own = await sound(compile(b.bytes()), b.bytes(), [input], [0, 5, 23]);
      expect(await verdictOn(withValue(own, 0, floats(Array(24).fill(25))), 0, 5)).to.equal(CONVICTED);
    });
    it('of a tensor without elements there is no element to accuse', async () => {
      const b = new OnnxBuilder();
      b.output(b.node('Relu', [b.input('x', 'float32', [2, 0])]));
      const own = await sound(compile(b.bytes()), b.bytes(), [new Uint8Array(0)], []);
      const failed = await verdictOn(own, 0, 0).then(
        () => false,
        () => true,
      );
      expect(failed).to.equal(true);
    });
  });
});
