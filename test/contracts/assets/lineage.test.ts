import { expect } from 'chai';
import { connection } from '../market/fixture.ts';
import {
  type Assets,
  assetsFixture,
  dataset,
  MANIFEST,
  model,
  modelIdOf,
  SHARE,
  sharesOf,
  trainedIdOf,
} from './fixture.ts';

const { ethers, networkHelpers } = connection;
const PROGRAM = ethers.id('derived');
const RUN = ethers.id('run');
const plain = (parents: { asset: bigint; version: bigint; bps: bigint }[]) => parents.map((parent) => ({ ...parent }));

describe('Lineage of models', () => {
  let s: Assets;
  const refused = (sent: Promise<unknown>, error: string) =>
    expect(sent).to.be.revertedWithCustomError(s.royalties, error);

  beforeEach(async () => {
    s = await networkHelpers.loadFixture(assetsFixture);
  });

  const derived = (parents: { asset: bigint; version: bigint; bps: bigint }[]) =>
    s.models.connect(s.owner).registerDerived(PROGRAM, MANIFEST, s.token, 5, parents);
  const parentsOf = async (id: bigint) =>
    (await s.models.lineageOf(id)).parents.map(({ asset, version, bps }) => ({ asset, version, bps }));

  it('is declared when a model is registered, in order, with versions and shares, and is not proven by a run', async () => {
    const [base, data] = [await model(s), await dataset(s)];
    const parents = [
      { asset: base, version: 0n, bps: 1_500n },
      { asset: data, version: 1n, bps: 0n },
      { asset: data, version: 1n, bps: 8_500n },
    ];
    await expect(derived(parents))
      .to.emit(s.royalties, 'Descended')
      .withArgs(modelIdOf(s.owner, PROGRAM), base, 0, 1_500);
    const id = modelIdOf(s.owner, PROGRAM);
    expect((await s.models.lineageOf(id)).runId).to.equal(ethers.ZeroHash);
    expect(plain(await parentsOf(id))).to.deep.equal(parents);
    expect(await parentsOf(base)).to.deep.equal([]);
    expect((await s.models.quote(id, PROGRAM)).price).to.equal(5n);
  });

  it('takes eight parents and the whole of the revenue, and neither a ninth nor more', async () => {
    const base = await model(s);
    const eight = Array.from({ length: 8 }, () => ({ asset: base, version: 0n, bps: 1_250n }));
    await refused(derived([...eight, eight[0]]), 'Royalties_Lineage');
    await refused(derived([...eight.slice(1), { ...eight[0], bps: 1_251n }]), 'Royalties_Lineage');
    await derived(eight);
    expect(await parentsOf(modelIdOf(s.owner, PROGRAM))).to.deep.equal(eight);
  });

  it('has no cycle: a parent exists before its child, and no lineage is written twice', async () => {
    const own = modelIdOf(s.owner, PROGRAM);
    await refused(derived([{ asset: own, version: 0n, bps: 1n }]), 'Royalties_NoParent');
    const data = await dataset(s);
    await refused(derived([{ asset: data, version: 2n, bps: 1n }]), 'Royalties_NoParent');
    await refused(derived([{ asset: data, version: 0n, bps: 1n }]), 'Royalties_NoParent');
    const base = await model(s);
    await refused(derived([{ asset: base, version: 1n, bps: 1n }]), 'Royalties_NoParent');
    await derived([{ asset: base, version: 0n, bps: 1n }]);
    await expect(derived([])).to.be.revertedWithCustomError(s.models, 'ModelRegistry_Exists');
    await expect(s.models.connect(s.owner).register(PROGRAM, MANIFEST, s.token, 5)).to.be.revertedWithCustomError(
      s.models,
      'ModelRegistry_Exists',
    );
  });

  it('is written by the registries alone', async () => {
    await refused(s.royalties.connect(s.eve).descend(1, []), 'Royalties_Caller');
    await refused(s.royalties.connect(s.eve).share(1, s.token, s.eve, [s.eve], [1]), 'Royalties_Caller');
  });

  it('of a trained model is proven by its run: registered by training alone, free, without a program, all shares its own', async () => {
    const [base, data] = [await model(s), await dataset(s)];
    const by = s.models.connect(s.training);
    const call = [s.ada, RUN, MANIFEST, base, 1_000, data, 1, 2_000, s.token] as const;
    const id = trainedIdOf(RUN);
    expect((await by.registerTrained.staticCall(...call)).model).to.equal(id);
    await expect(s.models.connect(s.eve).registerTrained(...call))
      .to.be.revertedWithCustomError(s.models, 'ModelRegistry_NotTraining')
      .withArgs(s.eve.address);
    const sent = await by.registerTrained(...call);
    const shares = await sharesOf(s, id);
    await expect(sent).to.emit(s.models, 'Trained').withArgs(id, RUN, s.ada, MANIFEST, shares);
    expect(await s.models.ownerOf(id)).to.equal(s.ada.address);
    expect((await s.models.lineageOf(id)).runId).to.equal(RUN);
    expect(await parentsOf(id)).to.deep.equal([
      { asset: base, version: 0n, bps: 1_000n },
      { asset: data, version: 1n, bps: 2_000n },
    ]);
    expect(await s.models.sharesOf(id)).to.equal(await shares.getAddress());
    expect(await shares.balanceOf(s.training)).to.equal(1_000_000n * SHARE);
    expect(await shares.issuer()).to.equal(s.training.address);
    expect([...(await s.models.priceOf(id))]).to.deep.equal([await s.token.getAddress(), 0n]);
    await expect(s.models.quote(id, PROGRAM)).to.be.revertedWithCustomError(s.models, 'ModelRegistry_NoProgram');
    await expect(by.registerTrained(...call)).to.be.revertedWithCustomError(s.models, 'ModelRegistry_Exists');
  });

  it('of a trained model keeps the rules of every lineage', async () => {
    const by = s.models.connect(s.training);
    const [base, data] = [await model(s), await dataset(s)];
    await refused(by.registerTrained(s.ada, RUN, RUN, base, 5_000, data, 1, 5_001, s.token), 'Royalties_Lineage');
    await refused(by.registerTrained(s.ada, RUN, RUN, base, 1, data, 2, 1, s.token), 'Royalties_NoParent');
    await refused(by.registerTrained(s.ada, RUN, RUN, 5, 1, data, 1, 1, s.token), 'Royalties_NoParent');
  });

  it('of a trained model without base or data set lacks them', async () => {
    const by = s.models.connect(s.training);
    const data = await dataset(s);
    await by.registerTrained(s.ada, RUN, MANIFEST, 0, 0, data, 1, 2_000, s.token);
    expect((await parentsOf(trainedIdOf(RUN))).map(({ asset }) => asset)).to.deep.equal([data]);
    await by.registerTrained(s.ada, ethers.id('other'), MANIFEST, 0, 0, 0, 0, 0, s.token);
    expect(await parentsOf(trainedIdOf(ethers.id('other')))).to.deep.equal([]);
  });
});
