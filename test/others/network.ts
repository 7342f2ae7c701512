import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  batchId as batchIdOf,
  buildFaultProof,
  byteLength,
  claimHash,
  claimOf,
  commitTensor,
  compile,
  contextHash,
  DTYPES,
  type Execution,
  elementCount,
  judgeElement,
  judgeOf,
  ListTree,
  type Operator,
  segmentNeeded,
  type Tensor,
  type TensorType,
  tensorsOf,
} from '@essaim/protocol';
import { Executor, wholeExecution } from '@essaim/runtime';
import { expect } from 'chai';
import { hexlify, id, ZeroHash } from 'ethers';
import { network } from 'hardhat';
import { deployProtocol } from '../../scripts/lib/deploy.ts';
import { localHands } from '../../scripts/lib/genesis.ts';
import { Bench } from '../contracts/judges/bench.ts';
import { random } from '../random.ts';
import { judgedPart } from './judged-part.ts';

/** Elements judged of each operator. */
const SAMPLE = 8;
const CONVICTED = 2n;
/** What integer inputs are below: tokens and places that the smallest table has. */
const TOKENS = 16;
/** How far ONNX Runtime may be from the framework, as a share of the largest element. */
const TOLERANCE = 1e-4;

async function deploy() {
  const { ethers } = await network.getOrCreate();
  const [signer] = await ethers.getSigners();
  const { addresses, chainId } = await deployProtocol(signer, localHands(signer.address));
  const claims = await ethers.getContractAt('Claims', addresses.Claims);
  const referee = await ethers.getContractAt('Referee', addresses.Referee);
  return { claims, referee, chainId: Number(chainId), client: signer.address };
}

/** The bytes of an input and of the framework's output for it, where the exporter left them. */
function sampleOf(file: string): Uint8Array | undefined {
  const sample = file.replace(/(-[^-]*)?\.onnx$/, '.sample');
  return existsSync(sample) ? new Uint8Array(readFileSync(sample)) : undefined;
}

/** The wrong element of a tensor: its greatest byte changed. */
function spoilt({ type, bytes }: Tensor, element: number): Tensor {
  const { size } = DTYPES[type.dtype];
  const wrong = bytes.slice();
  wrong[element * size + size - 1] ^= type.dtype === 'bool' ? 1 : 0x40;
  return commitTensor(type, wrong);
}

/**
 * Tests of one network in an ONNX file: it compiles, gives what its framework gave, a sample of its honest elements is
 * permitted, and one wrong element of each of its operators is convicted.
 */
export function describeNetwork(file: string): void {
  describe(basename(file, '.onnx'), () => {
    const part = judgedPart(new Uint8Array(readFileSync(file)));
    const next = random(23);
    const rewritten = part.rewrites.length ? `, ${part.rewrites.length} rewritten` : '';
    const share = `${part.nodes} of ${part.of} nodes${rewritten}${part.missing.length ? `, no judge for ${part.missing}` : ''}`;
    const sample = sampleOf(file);
    let honest: Execution;

    const inputOf = (type: TensorType): Uint8Array => {
      if (sample) return sample.slice(0, byteLength(type));
      const count = elementCount(type);
      if (type.dtype === 'float32')
        return new Uint8Array(Float32Array.from({ length: count }, () => 2 * next() - 1).buffer);
      expect(type.dtype).to.equal('int64');
      const tokens = BigInt64Array.from({ length: count }, () => BigInt(Math.floor(next() * TOKENS)));
      return new Uint8Array(tokens.buffer);
    };

    before(async function () {
      this.timeout(300_000);
      const program = compile(part.onnx);
      const inputs = program.inputs.map(({ type }) => inputOf(type));
      const executor = await Executor.open(program, part.onnx, { trace: 'whole' });
      try {
        honest = wholeExecution(program, inputs, await executor.run(inputs));
      } finally {
        await executor.close();
      }
    });

    it(`compiles, and a sample of its honest elements is permitted (${share})`, function () {
      this.timeout(600_000);
      const { program } = honest;
      const tensorOf = tensorsOf(honest);
      for (const op of program.operators) {
        for (const [output, type] of op.outputTypes.entries()) {
          for (let i = 0; i < SAMPLE; i++) {
            const element = Math.floor(next() * elementCount(type));
            const { verdict, permitted } = judgeElement(program, op, output, element, tensorOf);
            expect(verdict, `${op.node} (${op.name}) ${element}: ${permitted.describe()}`).to.equal('permitted');
          }
        }
      }
    });

    if (sample) {
      it('gives what its framework gave', () => {
        const { program, values } = honest;
        const [{ value }] = program.outputs;
        const made = new Float32Array(values[value]!.bytes.slice().buffer);
        const read = program.inputs.reduce((bytes, { type }) => bytes + byteLength(type), 0);
        const given = new Float32Array(sample.slice(read).buffer);
        expect(made.length).to.equal(given.length);
        const scale = Math.max(...Array.from(given, Math.abs));
        const worst = Math.max(...Array.from(made, (x, i) => Math.abs(x - given[i])));
        expect(worst / scale).to.satisfy((share: number) => share < TOLERANCE);
      });
    }

    it('is convicted on chain of one wrong element in each of its operators', async function () {
      this.timeout(600_000);
      const { claims, referee, chainId, client } = await deploy();
      const { program } = honest;
      const kinds = Map.groupBy(program.operators.keys(), (i) => program.operators[i].name);
      for (const [kind, numbers] of kinds) {
        // one whose proof needs no segment that was asked for, if there is one
        const number = numbers.find((i) => segmentNeeded(program, i) === null) ?? numbers[numbers.length >> 1];
        const op = program.operators[number];
        const tensor = honest.values[op.firstValue]!;
        const element = Math.floor(next() * elementCount(tensor.type));
        const execution = { ...honest, values: honest.values.with(op.firstValue, spoilt(tensor, element)) };
        const place = { op: number, output: 0, element };
        if (segmentNeeded(program, number) !== null) {
          expect(await judged(execution, op, element), `${kind} ${op.node} ${element}`).to.equal('convicted');
          continue;
        }
        const subject = id(`${file} ${kind}`);
        const context = contextHash({ chainId, client, subject, position: 0, continues: ZeroHash });
        const claim = claimHash(claimOf(execution, context));
        await claims.submit(subject, claim, 1, client, 1, 1);
        const { proof } = buildFaultProof(execution, { context, leaf: 0, batch: new ListTree([claim]) }, place);
        const verdict = await referee.examine(batchIdOf(client, subject), hexlify(proof));
        expect(verdict, `${kind} ${op.node} ${element}`).to.equal(CONVICTED);
      }
    });
  });
}

/** What the judge's contract alone says of the element that an execution holds. */
async function judged(execution: Execution, op: Operator, element: number): Promise<string> {
  const bench = await Bench.of(judgeOf(op.name, op.since, op.inputTypes, op.outputTypes));
  const tensorOf = tensorsOf(execution);
  const operands = op.inputs.map(({ kind, index }) => (kind === 'none' ? null : tensorOf(kind, index).bytes));
  const { claimed } = judgeElement(execution.program, op, 0, element, tensorOf);
  const verdict = await bench.claim({ op, operands, honest: execution.values[op.firstValue]!.bytes }, element, claimed);
  await bench.flush();
  return verdict;
}
