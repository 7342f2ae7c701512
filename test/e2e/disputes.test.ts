import { commitTensor, type Hash, listRoot, type Tensor, ZERO_HASH } from '@essaim/protocol';
import type { Trace } from '@essaim/runtime';
import { batchIdOf, type Conviction, type Essaim, jobContext } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { postBadly } from './bad-job.ts';
import { acceptByHand, answerByHand, NO_RECEIPT } from './by-hand.ts';
import { type Daemon, lieIn, Town } from './town.ts';

const HOUR = 3_600;

describe('a conviction explained from the chain alone', () => {
  let town: Town;
  let verifier: Daemon;
  let reader: Essaim;
  let bob: Essaim;
  before(async () => {
    town = await Town.open();
    verifier = await town.verifier();
    reader = await town.connect('carol');
    bob = await town.connect('bob');
  });
  after(async () => {
    reader?.close();
    bob?.close();
    await town?.close();
  });

  const batchOf = async (jobId: string) => batchIdOf(await reader.contracts.JobMarket.getAddress(), jobId);

  async function explained(jobId: string): Promise<Conviction> {
    const conviction = await reader.disputes.conviction(await batchOf(jobId));
    expect(conviction, 'the batch is rejected').not.to.equal(null);
    return conviction!;
  }

  it('shows operator, element, claimed and permitted as the verifier found them, and where the lock went', async () => {
    const { cnn } = town.models;
    const cheat = await town.cheat('bob', { cheats: [{ programId: cnn.program.id, claim: 0, lie: lieIn(cnn) }] });
    const jobId = await town.post(cnn, 'bob');
    expect(await reader.disputes.conviction(await batchOf(jobId))).to.equal(null);
    const told = await verifier.heard('convicted', jobId);
    await cheat.child.stop();
    const conviction = await explained(jobId);
    const roles = accounts(town.chain);
    expect(conviction).to.include({ kind: 'element', leaf: 0, claims: 1, adjudicator: 'Referee', client: 'JobMarket' });
    expect(conviction).to.include({ executor: roles.bob.address, challenger: roles.verifier.address });
    expect(conviction.missing).to.deep.equal([]);
    expect(conviction.accused!.block).to.be.below(conviction.block);

    const fault = conviction.element!;
    const { operators } = cnn.program;
    expect(fault).to.include({ name: 'Conv', element: 20, verdict: 'convicted', programId: cnn.program.id });
    expect(fault.operators).to.equal(operators.length);
    expect(operators[fault.operator].node).to.equal(told.node);
    expect(fault.permitted).to.equal(told.permitted);
    expect(Math.fround(Number(fault.claimed))).to.equal(Number(told.claimed));
    expect(fault.range!.distance! > 0n).to.equal(true);
    expect(fault.operands.map(({ kind }) => kind)).to.include.members(['weight']);
    expect(fault.operands.every(({ count, first }) => count > 0 && first.length > 0)).to.equal(true);

    const { penalty, lock } = await explained(jobId);
    expect(String(penalty!.bounty)).to.equal(told.bounty);
    expect(String(penalty!.compensation)).to.equal(told.compensation);
    expect(penalty!.bounty + penalty!.compensation + penalty!.burned + penalty!.returned).to.equal(lock);
    expect(lock >= parseEther('100')).to.equal(true);
    expect(conviction.sentences.join(' ')).to.match(/Conv, gave a wrong number.*Claimed was .* permitted is/);
  });

  it('shows a number that lies inside a segment, against the list that the executor answered', async () => {
    const cut = await town.publish('cnn-b64');
    const lie = { ...lieIn(cut), delta: 4_000 };
    const cheat = await town.cheat('bob', { cheats: [{ programId: cut.program.id, claim: 0, lie }] });
    const jobId = await town.post(cut, 'bob');
    await verifier.heard('convicted', jobId);
    await cheat.child.stop();
    const { element } = await explained(jobId);
    expect(element).to.include({ inner: true, segment: 0, element: 20, verdict: 'convicted' });
  });

  /** Submits a job of one digit with this list of values, and answers every demand. */
  async function submit(change: (values: readonly Tensor[]) => Tensor[]): Promise<Conviction> {
    const { mlp } = town.models;
    const jobId = await town.post(mlp, 'bob');
    const { terms, traces } = await acceptByHand(bob, mlp, jobId);
    const values = change(traces[0].values.map((tensor) => tensor!));
    const trace: Trace = { ...traces[0], values, traceRoot: listRoot(values.map(({ root }) => root)) };
    const client = await bob.contracts.JobMarket.getAddress();
    const kept = { traces: [trace], contexts: [jobContext(bob.deployment.chainId, client, jobId, 0)] };
    await (await bob.contracts.JobMarket.submit(terms, trace.traceRoot, NO_RECEIPT as Hash)).wait();
    const convicted = verifier.heard('convicted', jobId);
    await answerByHand(bob, batchIdOf(client, jobId), kept, convicted);
    await convicted;
    return explained(jobId);
  }

  it('says what is not in form', async () => {
    const missing = await submit((values) =>
      values.map((tensor, i) => (i === 1 ? { ...tensor, root: ZERO_HASH } : tensor)),
    );
    expect(missing).to.include({ kind: 'missing', adjudicator: 'Malformed' });
    expect(missing.form).to.deep.include({ value: 1 });
    const flat = ({ type, bytes }: Tensor) => commitTensor({ ...type, dims: [bytes.length / 4] }, bytes);
    const other = await submit((values) => values.map((tensor, i) => (i === 1 ? flat(tensor) : tensor)));
    expect(other.kind).to.equal('type');
    expect(other.form!.what).to.match(/committed as float32\[\d+\]/);
  });

  it('says what was asked for where nobody answered', async () => {
    const { cnn } = town.models;
    const cheats = [{ programId: cnn.program.id, claim: 0, lie: lieIn(cnn) }];
    const silent = await town.cheat('bob', { cheats, withhold: true, silent: true });
    const jobId = await town.post(cnn, 'bob');
    await verifier.heard('demanded', jobId);
    await town.pass(6 * HOUR + 60);
    await verifier.heard('convicted', jobId);
    await silent.child.stop();
    const { silence, kind, accused } = await explained(jobId);
    expect({ kind, accused }).to.deep.equal({ kind: 'silence', accused: null });
    expect(silence!.what).to.match(/roots of its values/);
    expect(silence!.demander).to.equal(accounts(town.chain).verifier.address);
  });

  it('says which element of a job’s input was outside what the program declares', async () => {
    const requester = await town.connect('requester');
    const alice = await town.connect('alice');
    const { jobId, terms } = await postBadly(town, requester, 'alice', [3, 99]);
    await (await alice.contracts.JobMarket.accept(terms)).wait();
    for (const essaim of [requester, alice]) essaim.close();
    expect(await reader.disputes.inputFault(jobId)).to.equal(null);
    const provider = await town.provider('alice');
    await provider.heard('input-fault', jobId);
    await provider.child.stop();
    const fault = await reader.disputes.inputFault(jobId);
    expect(fault).to.deep.include({ input: 0, claimed: '99', permitted: 'from 0 to 16, multiples of 1' });
    expect(fault!.what).to.match(/element 1 /);
  });
});
