import {
  batchId,
  buildFaultProof,
  claimHash,
  claimOf,
  commitTensor,
  contextHash,
  DTYPES,
  ListTree,
  toHex,
  ZERO_HASH,
} from '@essaim/protocol';
import type { Trace } from '@essaim/runtime';
import { contractsOf } from '@essaim/sdk';
import { id } from 'ethers';
import { network } from 'hardhat';
import { deployProtocol } from '../../../scripts/lib/deploy.ts';
import { localHands } from '../../../scripts/lib/genesis.ts';

const VERDICTS = ['permitted', 'void', 'convicted'] as const;

/** The whole protocol, and an account that plays client and executor: any account may be a client. */
export async function court() {
  const { ethers } = await network.getOrCreate();
  const [founder, client] = await ethers.getSigners();
  const { Claims, Referee } = contractsOf(await deployProtocol(founder, localHands(founder.address)), client);
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
export function plant(trace: Trace, value: number, element: number, next: () => number): Trace {
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

/** Numbers that no honest executor gets where its own is finite. */
export const STRANGE = { NaN: Number.NaN, '+∞': Number.POSITIVE_INFINITY, '−∞': Number.NEGATIVE_INFINITY };

/** The same trace with this number in one element of one float value. */
export function put(trace: Trace, value: number, element: number, number: number): Trace {
  const { type, bytes } = trace.values[value]!;
  const floats = new Float32Array(bytes.slice().buffer);
  floats[element] = number;
  return { ...trace, values: trace.values.with(value, commitTensor(type, new Uint8Array(floats.buffer))) };
}
