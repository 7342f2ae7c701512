import { readFileSync } from 'node:fs';
import { blinded, fromHex, toHex } from '@essaim/protocol';
import { type Essaim, findTerms, type JobRequest, type Model, openJobKey, readHandOver } from '@essaim/sdk';
import { makeSealingKey, type SealingKey } from '@essaim/storage';
import { expect } from 'chai';
import { modelPath } from '../../models/digits/digits.ts';
import { SEALING_METADATA, signKey } from '../src/sealed/published-key.ts';
import { failureOf, request, scans, type World, world } from './world.ts';

describe('a sealed job', () => {
  let at: World;
  let requester: Essaim;
  let seller: Essaim;
  let model: Model;
  let key: SealingKey;
  const codeOf = async (work: PromiseLike<unknown>) => (await failureOf(work)).code;
  const sealed = (changes: Partial<JobRequest> = {}) =>
    request(at, { model, sealed: true, royalty: 0n, provider: at.wallets.seller.address, ...changes });

  before(async () => {
    at = await world();
    const modeller = await at.connect('modeller');
    const texts = { name: 'Digits, blinded', description: 'Reads digits', licence: 'CC BY 4.0' };
    const onnx = blinded(new Uint8Array(readFileSync(modelPath('mlp-b1'))));
    model = await modeller.models.publish({ onnx, ...texts, price: 0n, token: at.token });
    [requester, seller] = await Promise.all([at.connect('requester'), at.connect('seller')]);
    key = await makeSealingKey();
  });

  it('needs a provider whose key is published, signed by the provider itself', async () => {
    expect(await codeOf(requester.jobs.simulate(sealed()))).to.equal('SEALING_KEY_UNKNOWN');
    const agent = await seller.agents.publishSealingKey(key.publicKey);
    expect(await seller.agents.of(at.wallets.seller.address)).to.equal(agent);
    expect(await requester.agents.sealingKey(at.wallets.seller.address)).to.deep.equal(key.publicKey);
    expect(await codeOf(requester.jobs.simulate(sealed({ provider: undefined })))).to.equal('SEALING_KEY_UNKNOWN');

    // whoever manages the agent may write there what it likes, and fools nobody
    const { IdentityRegistry } = seller.contracts;
    const place = { chainId: 31_337, registry: await IdentityRegistry.getAddress() };
    const other = await makeSealingKey();
    const forgeries = [
      await signKey(at.wallets.rival, place, other.publicKey),
      await signKey(at.wallets.seller, { ...place, chainId: 1 }, other.publicKey),
      other.publicKey,
    ];
    for (const entry of forgeries) {
      await (await IdentityRegistry.setMetadata(agent, SEALING_METADATA, toHex(entry))).wait();
      expect(await codeOf(requester.agents.sealingKey(at.wallets.seller.address))).to.equal('SEALING_KEY_FORGED');
    }
    // a second key takes the place of the first, with the same agent
    expect(await seller.agents.publishSealingKey(key.publicKey)).to.equal(agent);
    expect(await codeOf((await at.connect(undefined)).agents.publishSealingKey(key.publicKey))).to.equal(
      'WALLET_MISSING',
    );
  });

  it('needs a model that is blinded, unless its requester says that inputs may be guessed', async () => {
    const open = { model: at.model, royalty: undefined };
    expect(await codeOf(requester.jobs.simulate(sealed(open)))).to.equal('MODEL_UNBLINDED');
    const { key: own } = await requester.jobs.simulate(sealed({ ...open, guessable: true }));
    expect(own).to.match(/^0x[0-9a-f]{64}$/);
  });

  it('commits to what nobody can guess: the same input never has the same root, digest or key', async () => {
    const [a, b] = [await requester.jobs.prepare(sealed()), await requester.jobs.prepare(sealed())];
    for (const field of ['inputsRoot', 'inputs'] as const) expect(a.terms[field]).to.not.equal(b.terms[field]);
    expect(a.key).to.not.equal(b.key);
    // one’s own blind makes the root again
    const blind = new Uint8Array(32).fill(7);
    const given = sealed({ inputs: [scans(1)[0], blind] });
    const [c, d] = [await requester.jobs.simulate(given), await requester.jobs.simulate(given)];
    expect(c.terms.inputsRoot).to.equal(d.terms.inputsRoot);
    expect(c.terms.inputs).to.not.equal(d.terms.inputs);
  });

  it('is opened by its provider with its own key, and by who was handed the job’s', async () => {
    const prepared = await requester.jobs.prepare(sealed());
    const run = requester.jobs.run(prepared);
    for await (const stage of run) {
      if (stage.stage !== 'posted') continue;
      expect(stage.key).to.equal(prepared.key);
      break;
    }
    const { jobId, key: own } = prepared;
    const terms = await findTerms(requester.contracts, jobId, at.deployment.startBlock);
    expect(terms).to.deep.equal(prepared.terms);
    const place = { chainId: 31_337, market: at.deployment.addresses.JobMarket, terms };
    const { storage } = seller;
    expect(toHex((await openJobKey(storage, place, key.privateKey)).privateKey)).to.equal(own);
    expect(await codeOf(openJobKey(storage, { ...place, chainId: 1 }, key.privateKey))).to.equal('SEALED_FORGED');
    expect(await codeOf(openJobKey(storage, place, fromHex(own!, 32)))).to.equal('SEALED_OTHER_KEY');

    const handed = await requester.jobs.handOver(jobId, own!);
    expect(readHandOver(JSON.parse(JSON.stringify(handed)))).to.deep.equal(handed);
    expect(await codeOf(requester.jobs.handOver(jobId, '0x12'))).to.equal('JOB_KEY_INVALID');
    for (const wrong of [null, {}, { ...handed, kind: 'x' }, { ...handed, key: '0x12' }, { ...handed, chainId: '1' }])
      expect(await codeOf((async () => readHandOver(wrong))())).to.equal('HAND_OVER_INVALID');
    // before there is a result nobody can be appointed
    expect(await codeOf(requester.jobs.appoint(jobId, at.wallets.rival.address))).to.equal('Availability_NotRequester');
    await requester.jobs.refund(jobId);
  });

  it('leaves nothing of itself where it was only simulated', async () => {
    const { terms } = await requester.jobs.simulate(sealed());
    const missing = requester.storage.getManifest(terms.inputs, { timeoutMs: 1_000 });
    expect(await codeOf(missing)).to.be.oneOf(['STORAGE_NOT_FOUND', 'STORAGE_TIMEOUT']);
  });

  it('is the only kind of job that is handed over', async () => {
    const { jobId } = await requester.jobs.simulate(request(at));
    expect(await codeOf(requester.jobs.handOver(jobId, `0x${'11'.repeat(32)}`))).to.equal('JOB_UNKNOWN');
    const run = requester.jobs.run(request(at));
    for await (const stage of run) if (stage.stage === 'posted') break;
    const open = run.jobId!;
    expect(await codeOf(requester.jobs.handOver(open, `0x${'11'.repeat(32)}`))).to.equal('JOB_OPEN');
    await requester.jobs.refund(open);
  });
});
