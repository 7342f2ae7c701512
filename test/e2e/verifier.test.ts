import {
  byteLength,
  commitTensor,
  compile,
  defaultJudges,
  type Hash,
  innerValues,
  listRoot,
  type Tensor,
  traceRoots,
  ZERO_HASH,
} from '@essaim/protocol';
import { publishReceipt } from '@essaim/provider';
import { commitTrace, Executor, openTracer, type Trace } from '@essaim/runtime';
import { batchIdOf, type Essaim, jobContext, type Model, modelIdOf } from '@essaim/sdk';
import { expect } from 'chai';
import { decodeBytes32String, id } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { tamper } from '../../scripts/demo/tamper.ts';
import { barUnjudged } from '../../verifier/src/program.ts';
import { digit, postBadly } from './bad-job.ts';
import { acceptByHand, answerByHand } from './by-hand.ts';
import { lieIn, Town } from './town.ts';

describe('a verifier', () => {
  let town: Town;
  let requester: Essaim;
  let bob: Essaim;
  /** A model whose trace commits to boundary values only. */
  let cut: Model;
  before(async () => {
    town = await Town.open();
    requester = await town.connect('requester');
    bob = await town.connect('bob');
    cut = await town.publish('cnn-b64');
  });
  after(async () => {
    requester?.close();
    bob?.close();
    await town?.close();
  });

  const changed = ({ type, bytes }: Tensor, by: (float: number) => number): Tensor => {
    const floats = new Float32Array(bytes.slice().buffer);
    floats[3] = by(floats[3]);
    return commitTensor(type, new Uint8Array(floats.buffer));
  };

  /** Submits one claim of a job by hand; answers what is asked until `done`. */
  async function submit(jobId: string, trace: Trace, root: Hash, done: Promise<unknown>, served?: Hash) {
    const client = await bob.contracts.JobMarket.getAddress();
    const receipt = await publishReceipt(bob.storage, trace.program, [trace], {});
    const terms = (await acceptedTerms.get(jobId))!;
    await (await bob.contracts.JobMarket.submit(terms, root, receipt)).wait();
    const kept = { traces: [trace], contexts: [jobContext(bob.deployment.chainId, client, jobId, 0)] };
    await answerByHand(bob, batchIdOf(client, jobId), kept, done, served);
  }
  const acceptedTerms = new Map<string, Awaited<ReturnType<typeof acceptByHand>>['terms']>();

  it('demands inputs that are not served, and judges what came of them', async () => {
    const { mlp } = town.models;
    const pixels = [3, 1, 4, 1, 5, 9, 2, 6];
    const verifier = await town.verifier();
    for (const lies of [true, false]) {
      const { jobId } = await postBadly(town, requester, 'bob', pixels, [7, 7, 7]);
      const { terms, traces } = await acceptByHand(bob, mlp, jobId, [[digit(pixels)]]);
      acceptedTerms.set(jobId, terms);
      const values = lies
        ? traces[0].values.with(
            1,
            changed(traces[0].values[1]!, (float) => float + 1),
          )
        : traces[0].values;
      const root = listRoot(traceRoots({ ...traces[0], values }));
      const done = verifier.heard(lies ? 'convicted' : 'checked', jobId);
      await submit(jobId, { ...traces[0], values, traceRoot: root }, root, done);
      if (lies) expect(await done).to.include({ fault: 'element', element: 3, verdict: 'convicted' });
      const asked = verifier.lines.filter(({ event, jobId: of }) => event === 'demanded' && of === jobId);
      expect(asked.map(({ kind }) => kind)).to.deep.equal(['inputs', 'input']);
    }
    await verifier.child.stop();
  });

  it('convicts NaN and infinities in a trace', async () => {
    const { mlp } = town.models;
    const verifier = await town.verifier();
    for (const number of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const jobId = await town.post(mlp, 'bob');
      const { terms, traces } = await acceptByHand(bob, mlp, jobId);
      acceptedTerms.set(jobId, terms);
      const values = traces[0].values.with(
        1,
        changed(traces[0].values[1]!, () => number),
      );
      const root = listRoot(traceRoots({ ...traces[0], values }));
      const done = verifier.heard('convicted', jobId);
      await submit(jobId, { ...traces[0], values, traceRoot: root }, root, done);
      expect(await done).to.include({ fault: 'element', element: 3, claimed: String(number), verdict: 'convicted' });
    }
    await verifier.child.stop();
  });

  it('posts no bond beyond its budget, and says so by WALLET_BUDGET', async () => {
    const { mlp } = town.models;
    const poor = await town.verifier('verifier', '--bond-budget', '0');
    const withholding = await town.cheat('alice', { cheats: [], withhold: true, hideReceipts: true });
    const jobId = await town.post(mlp, 'alice');
    expect(await poor.heard('retrying', jobId)).to.include({ code: 'WALLET_BUDGET' });
    await poor.child.stop();
    const rich = await town.verifier('verifier', '--bond-budget', String(10n ** 18n));
    await rich.heard('checked', jobId);
    expect(poor.lines.concat(rich.lines).filter(({ event }) => event === 'demanded')).to.have.length(1);
    await rich.child.stop();
    await withholding.child.stop();
  });

  it('begins no challenge that may cost more than its budget, says so loudly if it would win, and does it with more', async () => {
    const { cnn, mlp } = town.models;
    const cheat = await town.cheat('bob', { cheats: [{ programId: cnn.program.id, claim: 0, lie: lieIn(cnn) }] });
    const withholding = await town.cheat('alice', { cheats: [], withhold: true, hideReceipts: true, silent: true });
    const [wrong, hidden] = [await town.post(cnn, 'bob'), await town.post(mlp, 'alice')];
    await Promise.all([cheat.heard('submitted', wrong), withholding.heard('submitted', hidden)]);
    await Promise.all([cheat.child.stop(), withholding.child.stop()]);
    const transactions = () => town.chain.getTransactionCount(accounts(town.chain).verifier.address);
    const before = await transactions();
    const poor = await town.verifier('verifier', '--challenge-budget', '0.000001');
    const code = 'WALLET_CHALLENGE_BUDGET';
    expect(await poor.heard('over-budget', wrong)).to.include({ level: 'error', isSure: true, code });
    expect(await poor.heard('over-budget', hidden)).to.include({ level: 'error', isSure: false, code });
    expect(await poor.heard('retrying', wrong)).to.include({ code });
    await poor.child.stop();
    expect(await transactions()).to.equal(before);
    const rich = await town.verifier('verifier', '--challenge-budget', '1');
    expect(await rich.heard('convicted', wrong)).to.include({ verdict: 'convicted' });
    await rich.heard('demanded', hidden);
    await rich.child.stop();
  });

  it('bars a program of which an operator has no judge on this chain, and no other', async () => {
    const essaim = await town.connect('verifier');
    const { mlp } = town.models;
    const unknown = id('a judge of another chain');
    const strange = compile(mlp.onnx, { judges: { ...defaultJudges, codeHash: () => unknown } });
    const heard: object[] = [];
    const desk = { essaim, trace: openTracer(), say: (event: object) => heard.push(event), patience: 0 };
    const { Malformed } = essaim.contracts;
    await barUnjudged(desk, mlp.program);
    expect(await Malformed.barred(mlp.program.id)).to.equal(ZERO_HASH);
    await barUnjudged(desk, strange);
    expect(decodeBytes32String(await Malformed.barred(strange.id))).to.equal('judge');
    await barUnjudged(desk, strange);
    expect(heard).to.have.length(1);
    expect(heard[0]).to.include({ event: 'barred', programId: strange.id, fault: 'leaf' });
    essaim.close();
  });

  it('demands the operators of a program that its file does not compile to, and bars it where they break a rule', async () => {
    const { mlp } = town.models;
    const modeller = await town.connect('modeller');
    const strange = compile(mlp.onnx, { judges: { ...defaultJudges, codeHash: () => id('nobody’s judge') } });
    const manifest = { ...mlp.manifest, programId: strange.id };
    const { digest } = await modeller.storage.putManifest(manifest);
    const token = town.deployment.addresses.MielToken;
    await (await modeller.contracts.ModelRegistry.register(strange.id, digest, token, 0n)).wait();
    const model = {
      ...mlp,
      id: modelIdOf(await modeller.signer!.getAddress(), strange.id),
      program: strange,
      manifest,
    };
    modeller.close();
    const verifier = await town.verifier();
    const { jobId } = await postBadly(town, requester, 'bob', [1, 2], undefined, model);
    const { terms, traces } = await acceptByHand(bob, model, jobId);
    acceptedTerms.set(jobId, terms);
    const barred = verifier.heard('barred');
    await submit(jobId, traces[0], traces[0].traceRoot, barred);
    expect(await barred).to.include({ programId: strange.id, fault: 'leaf' });
    const asked = verifier.lines.filter(({ event, jobId: of }) => event === 'demanded' && of === jobId);
    expect(asked.map(({ kind }) => kind)).to.have.members(['operators', ...strange.operators.map(() => 'operator')]);
    expect(decodeBytes32String(await bob.contracts.Malformed.barred(strange.id))).to.equal('judge');
    await verifier.child.stop();
  });

  it('takes no inner values that are not those answered for, and demands them', async () => {
    const model = cut;
    const { program, onnx } = model;
    const verifier = await town.verifier();
    const jobId = await town.post(model, 'bob');
    const { terms, traces } = await acceptByHand(bob, model, jobId);
    acceptedTerms.set(jobId, terms);
    const lie = { ...lieIn(model), delta: 4_000 };
    const inputs = traces[0].inputs.map(({ bytes }) => bytes.slice());
    const executor = await Executor.open(program, tamper(onnx, program, lie), { trace: true });
    const claimed = commitTrace(program, inputs, await executor.run(inputs));
    await executor.close();
    const inner = await openTracer().remake(claimed, tamper(onnx, program, lie), 0);
    const values = claimed.values.map((tensor, i) => tensor ?? inner[i - program.segments[0].firstValue] ?? null);
    const length = innerValues(program, 0).reduce((sum, value) => sum + byteLength(program.values[value].type), 0);
    const wrong = await bob.storage.put(new Uint8Array(length));
    const { digest } = await bob.storage.putManifest({ kind: 'essaim/segment/1', values: wrong });
    const done = verifier.heard('convicted', jobId);
    await submit(jobId, { ...claimed, values }, claimed.traceRoot, done, digest);
    expect(await done).to.include({ fault: 'element', operator: 'Conv', element: 20, verdict: 'convicted' });
    const asked = verifier.lines.filter(({ event, jobId: of }) => event === 'demanded' && of === jobId);
    expect(new Set(asked.map(({ kind }) => kind))).to.deep.equal(new Set(['segment', 'inner']));
    await verifier.child.stop();
  });

  it('convicts a root at the place of an inner value, though nothing else is wrong', async () => {
    const model = cut;
    const verifier = await town.verifier();
    const jobId = await town.post(model, 'bob');
    const { terms, traces } = await acceptByHand(bob, model, jobId);
    acceptedTerms.set(jobId, terms);
    const [trace] = traces;
    const inner = model.program.boundary.indexOf(false);
    const roots = traceRoots(trace).with(inner, id('stray'));
    const receipt = await bob.storage.putManifest({
      kind: 'essaim/receipt/1',
      programId: model.program.id,
      engine: {},
      claims: [
        {
          inputsRoot: trace.inputsRoot,
          traceRoot: listRoot(roots),
          values: Buffer.concat(roots.map((root) => Buffer.from(root.slice(2), 'hex'))),
          outputs: [],
          trace: null,
        },
      ],
    });
    await (await bob.contracts.JobMarket.submit(terms, listRoot(roots), receipt.digest)).wait();
    const conviction = await verifier.heard('convicted', jobId);
    expect(conviction).to.include({ fault: 'encoding', position: inner, verdict: 'convicted' });
    await verifier.child.stop();
  });
});
