import { ChunkTree, commitTensor, type Hash, listRoot, type Tensor, tensorRoot, ZERO_HASH } from '@essaim/protocol';
import { publishReceipt } from '@essaim/provider';
import type { Trace } from '@essaim/runtime';
import { batchIdOf, type Essaim, jobContext } from '@essaim/sdk';
import { expect } from 'chai';
import { acceptByHand, answerByHand, NO_RECEIPT } from './by-hand.ts';
import { type Daemon, Town } from './town.ts';

/** A tensor whose last chunk goes on behind its end. */
function overfull({ type, bytes }: Tensor): Tensor {
  const padded = new Uint8Array(Math.ceil(bytes.length / 1_024) * 1_024);
  padded.set(bytes);
  padded[bytes.length] = 1;
  const tree = new ChunkTree(padded);
  return { type, bytes, tree, root: tensorRoot(type, tree.root) };
}

const flat = ({ type, bytes }: Tensor): Tensor => commitTensor({ ...type, layout: 0, dims: [bytes.length / 4] }, bytes);

describe('a trace that is not in form', () => {
  let town: Town;
  let verifier: Daemon;
  let essaim: Essaim;
  before(async () => {
    town = await Town.open();
    verifier = await town.verifier();
    essaim = await town.connect('bob');
  });
  after(async () => {
    essaim?.close();
    await town?.close();
  });

  /** Submits a job of one digit with this list of values, and answers every demand. */
  async function submit(change: (values: readonly Tensor[]) => Tensor[], withReceipt = false) {
    const { mlp } = town.models;
    const jobId = await town.post(mlp, 'bob');
    const { terms, traces } = await acceptByHand(essaim, mlp, jobId);
    const values = change(traces[0].values);
    const trace: Trace = { ...traces[0], values, traceRoot: listRoot(values.map(({ root }) => root)) };
    const client = await essaim.contracts.JobMarket.getAddress();
    const kept = { traces: [trace], contexts: [jobContext(essaim.deployment.chainId, client, jobId, 0)] };
    const receipt: Hash = withReceipt ? await publishReceipt(essaim.storage, mlp.program, [trace], {}) : NO_RECEIPT;
    await (await essaim.contracts.JobMarket.submit(terms, trace.traceRoot, receipt)).wait();
    const convicted = verifier.heard('convicted', jobId);
    await answerByHand(essaim, batchIdOf(client, jobId), kept, convicted);
    return convicted;
  }
  const replaced = (at: number, by: (tensor: Tensor) => Tensor) => (values: readonly Tensor[]) =>
    values.map((tensor, i) => (i === at ? by(tensor) : tensor));

  it('is convicted for a value that is missing', async () => {
    const missing = replaced(1, (tensor) => ({ ...tensor, root: ZERO_HASH }));
    expect(await submit(missing)).to.include({ fault: 'missing', verdict: 'convicted' });
    expect(await submit(missing, true)).to.include({ fault: 'missing', verdict: 'convicted' });
  });

  it('is convicted for a value of another type than the operator’s', async () => {
    expect(await submit(replaced(1, flat))).to.include({ fault: 'type', verdict: 'convicted' });
  });

  it('is convicted for bytes behind a value’s end', async () => {
    expect(await submit(replaced(1, overfull))).to.include({ fault: 'encoding', verdict: 'convicted' });
  });

  it('is convicted for a value beyond the program’s last', async () => {
    const beyond = (values: readonly Tensor[]) => [...values, values[0]];
    const { length } = town.models.mlp.program.values;
    expect(2 ** Math.ceil(Math.log2(length))).to.be.above(length);
    expect(await submit(beyond, true)).to.include({ fault: 'encoding', verdict: 'convicted', position: length });
  });
});
