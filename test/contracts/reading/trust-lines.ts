import { claimHash, commitTensor, compile, listRoot, OnnxBuilder } from '@essaim/protocol';
import type { Storage } from '@essaim/storage';
import { expect } from 'chai';
import type { ClaimReceipt } from '../../../sdk/src/content/manifests.ts';
import { fetchOutputs, fetchReceipt, jobContext } from '../../../sdk/src/jobs/result.ts';
import { connection, type Market } from '../market/fixture.ts';

const { ethers } = connection;

/** A program of one Relu, and the receipt of its run on [-1, 2]. */
function result() {
  const b = new OnnxBuilder();
  b.output(b.node('Relu', [b.input('x', 'float32', [2])]));
  const program = compile(b.bytes());
  const bytes = (...numbers: number[]) => new Uint8Array(Float32Array.of(...numbers).buffer);
  const { type } = program.values[0];
  const [x, y] = [bytes(-1, 2), bytes(0, 2)];
  const root = commitTensor(type, y).root;
  const claim = {
    inputsRoot: listRoot([commitTensor(type, x).root]),
    traceRoot: listRoot([root]),
    values: ethers.getBytes(root),
    outputs: ['a CID'],
    trace: null,
  } satisfies ClaimReceipt;
  return { program, claim, y };
}

/** Lines of docs/trust.md about who hands out what was committed to: nothing of them is believed. */
export const readingLines: Record<string, (system: () => Market) => void> = {
  'storage node': () => {
    it('can withhold, and never serve other bytes than a result’s', async () => {
      const { program, claim, y } = result();
      const serving = (bytes: Uint8Array) => ({ get: async () => bytes }) as unknown as Storage;
      const [output] = await fetchOutputs(serving(y), program, claim);
      expect([...(output.data as Float32Array)]).to.deep.equal([0, 2]);
      for (let at = 0; at < y.length; at++) {
        const other = y.slice();
        other[at] ^= 1;
        const error = await fetchOutputs(serving(other), program, claim).then(
          () => null,
          (e: { code: string }) => e.code,
        );
        expect(error).to.equal('RESULT_MISMATCH');
      }
    });
  },

  'RPC endpoint': () => {
    it('can leave out and delay, and never make another result look like the one on chain', async () => {
      const { claim } = result();
      const submission = {
        ...{ chainId: 1, client: `0x${'11'.repeat(20)}`, jobId: ethers.id('job'), programId: ethers.id('program') },
        receipt: ethers.id('receipt'),
      };
      const { chainId, client, jobId, programId } = submission;
      const context = jobContext(chainId, client, jobId, 0);
      const { inputsRoot, traceRoot } = claim;
      const batchRoot = listRoot([claimHash({ programId, inputsRoot, traceRoot, context })]);
      const receipt = { kind: 'essaim/receipt/1', programId, engine: {}, claims: [claim] };
      const storage = { getManifest: async () => receipt } as unknown as Storage;
      expect((await fetchReceipt(storage, { ...submission, batchRoot })).claims).to.have.length(1);
      const lies = [
        { batchRoot: ethers.id('another root') },
        { batchRoot, jobId: ethers.id('another job') },
        { batchRoot, programId: ethers.id('another program') },
        { batchRoot, chainId: 2 },
      ];
      for (const lie of lies) {
        const error = await fetchReceipt(storage, { ...submission, ...lie }).then(
          () => null,
          (e: { code: string }) => e.code,
        );
        expect(error).to.equal('RESULT_MISMATCH');
      }
    });
  },
};
