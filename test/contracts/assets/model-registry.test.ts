import { expect } from 'chai';
import { connection } from '../market/fixture.ts';
import { deployAssets } from './fixture.ts';

const { ethers, networkHelpers } = connection;
const PROGRAM = ethers.id('program');
const MANIFEST = ethers.id('manifest');

async function deploy() {
  const [owner, thief, buyer, token] = await ethers.getSigners();
  const { models } = await deployAssets(owner, ethers.ZeroAddress);
  const idOf = (who: { address: string }) =>
    BigInt(ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(['address', 'bytes32'], [who.address, PROGRAM])));
  return { models, owner, thief, buyer, token, idOf };
}

describe('ModelRegistry', () => {
  let s: Awaited<ReturnType<typeof deploy>>;

  beforeEach(async () => {
    s = await networkHelpers.loadFixture(deploy);
  });

  it('registers a model with its first program, manifest and price, owned by the caller', async () => {
    const model = s.idOf(s.owner);
    await expect(s.models.register(PROGRAM, MANIFEST, s.token, 5))
      .to.emit(s.models, 'Registered')
      .withArgs(model, s.owner.address, s.token.address, 5)
      .and.to.emit(s.models, 'ProgramAdded')
      .withArgs(model, PROGRAM, MANIFEST);
    expect(await s.models.ownerOf(model)).to.equal(s.owner.address);
    expect(await s.models.manifestOf(model, PROGRAM)).to.equal(MANIFEST);
    expect([...(await s.models.priceOf(model))]).to.deep.equal([s.token.address, 5n]);
    expect([...(await s.models.quote(model, PROGRAM))]).to.deep.equal([s.token.address, 5n]);
  });

  it("M6: registering another's program first takes nothing from its maker, whose model is another row", async () => {
    await s.models.connect(s.thief).register(PROGRAM, MANIFEST, s.token, 1_000);
    await s.models.connect(s.owner).register(PROGRAM, MANIFEST, s.token, 5);
    expect(await s.models.ownerOf(s.idOf(s.owner))).to.equal(s.owner.address);
    expect((await s.models.quote(s.idOf(s.owner), PROGRAM)).price).to.equal(5n);
    expect(s.idOf(s.thief)).to.not.equal(s.idOf(s.owner));
  });

  it('holds more programs under one row, and never replaces a manifest', async () => {
    await s.models.register(PROGRAM, MANIFEST, s.token, 5);
    const model = s.idOf(s.owner);
    await s.models.addProgram(model, ethers.id('longer'), MANIFEST);
    expect((await s.models.quote(model, ethers.id('longer'))).price).to.equal(5n);
    await expect(s.models.addProgram(model, PROGRAM, ethers.id('other'))).to.be.revertedWithCustomError(
      s.models,
      'ModelRegistry_ProgramExists',
    );
    await expect(s.models.register(PROGRAM, MANIFEST, s.token, 5)).to.be.revertedWithCustomError(
      s.models,
      'ModelRegistry_Exists',
    );
  });

  it('lets its owner alone set prices and add programs, whoever that is by now', async () => {
    await s.models.register(PROGRAM, MANIFEST, s.token, 5);
    const model = s.idOf(s.owner);
    await s.models.transferFrom(s.owner, s.buyer, model);
    for (const sent of [
      () => s.models.setPrice(model, s.token, 1),
      () => s.models.addProgram(model, ethers.id('x'), MANIFEST),
    ]) {
      await expect(sent())
        .to.be.revertedWithCustomError(s.models, 'ModelRegistry_NotOwner')
        .withArgs(model, s.owner.address);
    }
    await expect(s.models.connect(s.buyer).setPrice(model, s.token, 9))
      .to.emit(s.models, 'Priced')
      .withArgs(model, s.token.address, 9);
    await expect(s.models.register(PROGRAM, MANIFEST, s.token, 5)).to.be.revertedWithCustomError(
      s.models,
      'ModelRegistry_Exists',
    );
    await expect(s.models.setPrice(1, s.token, 1)).to.be.revertedWithCustomError(s.models, 'ERC721NonexistentToken');
  });

  it('refuses zero for a program or a manifest, and knows what it does not hold', async () => {
    for (const [program, manifest] of [
      [ethers.ZeroHash, MANIFEST],
      [PROGRAM, ethers.ZeroHash],
    ]) {
      await expect(s.models.register(program, manifest, s.token, 5)).to.be.revertedWithCustomError(
        s.models,
        'ModelRegistry_Zero',
      );
    }
    for (const read of [() => s.models.manifestOf(1, PROGRAM), () => s.models.quote(1, PROGRAM)]) {
      await expect(read()).to.be.revertedWithCustomError(s.models, 'ModelRegistry_NoProgram').withArgs(1, PROGRAM);
    }
  });
});
