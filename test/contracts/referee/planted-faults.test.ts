import { readFileSync } from 'node:fs';
import {
  batchId,
  buildFaultProof,
  claimHash,
  claimOf,
  commitTensor,
  compile,
  contextHash,
  DTYPES,
  elementCount,
  ListTree,
  toHex,
  ZERO_HASH,
} from '@essaim/protocol';
import { openTracer, type Trace } from '@essaim/runtime';
import { contractsOf } from '@essaim/sdk';
import { expect } from 'chai';
import { id } from 'ethers';
import { network } from 'hardhat';
import { loadDigits, modelPath } from '../../../models/digits/digits.ts';
import { deployProtocol } from '../../../scripts/lib/deploy.ts';
import { random } from '../../random.ts';

const VERDICTS = ['permitted', 'void', 'convicted'] as const;
/** Faults planted in each operator of each model. */
const SEEDS = 16;

/** The whole protocol, and an account that plays client and executor: any account may be a client. */
async function court() {
  const { ethers } = await network.getOrCreate();
  const [founder, client] = await ethers.getSigners();
  const genesis = { holders: { [founder.address]: 10n ** 27n }, proposer: founder.address };
  const { Claims, Referee } = contractsOf(await deployProtocol(founder, genesis), client);
  const { chainId } = await ethers.provider.getNetwork();
  let batches = 0;
  /** Submits the execution as a batch of one and asks the referee about one element. */
  return async (execution: Trace, op: number, output: number, element: number): Promise<string> => {
    const subject = id(`batch ${batches++}`);
    const context = contextHash({ chainId, client: client.address, subject, position: 0, continues: ZERO_HASH });
    const batch = new ListTree([claimHash(claimOf(execution, context))]);
    await (await Claims.submit(subject, batch.root, 1, client.address, 1, 1)).wait();
    const { proof } = buildFaultProof(execution, { context, leaf: 0, batch }, { op, output, element });
    return VERDICTS[Number(await Referee.examine(batchId(client.address, subject), toHex(proof)))];
  };
}

/** The same trace with other bits in one element of one value. */
function plant(trace: Trace, value: number, element: number, next: () => number): Trace {
  const { type, bytes } = trace.values[value]!;
  const { size } = DTYPES[type.dtype];
  const wrong = new Uint8Array(bytes);
  const at = element * size;
  if (type.dtype === 'float32') {
    const view = new DataView(wrong.buffer);
    view.setFloat32(at, view.getFloat32(at, true) + 1 + Math.floor(next() * 3), true);
  } else wrong[at] ^= 1 + Math.floor(next() * 7);
  const values = trace.values.map((tensor, i) => (i === value ? commitTensor(type, wrong) : tensor));
  return { ...trace, values };
}

describe('The digit models before the referee', () => {
  const { scans } = loadDigits();
  let judge: Awaited<ReturnType<typeof court>>;
  before(async () => {
    judge = await court();
  });

  for (const name of ['mlp-b1', 'cnn-b1'] as const) {
    const onnx = new Uint8Array(readFileSync(modelPath(name)));
    const program = compile(onnx);
    const tracer = openTracer();
    const traceOf = (next: () => number) =>
      tracer(program, onnx, [new Uint8Array(Float32Array.from(scans[Math.floor(next() * scans.length)]).buffer)]);

    for (const [op, { name: operator, node, firstValue, outputTypes }] of program.operators.entries()) {
      it(`${name}: a fault in any element of ${operator} (${node}) is convicted, an honest one never`, async () => {
        for (let seed = 0; seed < SEEDS; seed++) {
          const next = random(1_000 * op + seed);
          const trace = await traceOf(next);
          const element = Math.floor(next() * elementCount(outputTypes[0]));
          expect(await judge(trace, op, 0, element)).to.equal('permitted');
          expect(await judge(plant(trace, firstValue, element, next), op, 0, element)).to.equal('convicted');
        }
      });
    }
  }
});
