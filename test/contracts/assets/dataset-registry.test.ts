import { expect } from 'chai';
import { connection } from '../market/fixture.ts';
import {
  type Assets,
  assetsFixture,
  COLUMNS,
  dataset,
  datasetIdOf,
  MANIFEST,
  modelIdOf,
  SHARE,
  sharesOf,
  TYPES,
} from './fixture.ts';

const { ethers, networkHelpers } = connection;
const NEWER = ethers.id('newer manifest');

describe('DatasetRegistry', () => {
  let s: Assets;
  let id: bigint;
  const mine = () => s.datasets.connect(s.owner);
  const refused = (sent: Promise<unknown>, error: string) =>
    expect(sent).to.be.revertedWithCustomError(s.datasets, error);

  beforeEach(async () => {
    s = await networkHelpers.loadFixture(assetsFixture);
    id = datasetIdOf(s.owner, TYPES, MANIFEST);
  });

  it('registers version 1 with types, columns, rows, manifest and price, owned by the caller', async () => {
    await expect(mine().register(TYPES, COLUMNS, 100, MANIFEST, s.token, 7, [], []))
      .to.emit(s.datasets, 'Registered')
      .withArgs(id, s.owner, TYPES, s.token, 7)
      .and.to.emit(s.datasets, 'VersionAdded')
      .withArgs(id, 1, COLUMNS, 100, MANIFEST);
    expect(await s.datasets.ownerOf(id)).to.equal(s.owner.address);
    expect([...(await s.datasets.version(id, 1))]).to.deep.equal([COLUMNS, 100n, MANIFEST, TYPES]);
    expect([...(await s.datasets.priceOf(id))]).to.deep.equal([await s.token.getAddress(), 7n]);
    expect(await s.datasets.versions(id)).to.equal(1n);
    expect(await s.datasets.sharesOf(id)).to.equal(ethers.ZeroAddress);
  });

  it('gives its contributors shares, priced in the token of its price', async () => {
    await mine().register(TYPES, COLUMNS, 100, MANIFEST, s.token, 7, [s.ada, s.bob], [3n * SHARE, SHARE]);
    const shares = await sharesOf(s, id);
    expect(await s.datasets.sharesOf(id)).to.equal(await shares.getAddress());
    expect(await shares.balanceOf(s.ada)).to.equal(3n * SHARE);
    expect(await shares.totalSupply()).to.equal(4n * SHARE);
    expect([...(await shares.tokens())]).to.deep.equal([await s.token.getAddress()]);
  });

  it('adds versions with more rows, and keeps the old ones as they are', async () => {
    await mine().register(TYPES, COLUMNS, 100, MANIFEST, s.token, 7, [], []);
    await expect(mine().addVersion(id, ethers.id('more'), 101, NEWER, [], []))
      .to.emit(s.datasets, 'VersionAdded')
      .withArgs(id, 2, ethers.id('more'), 101, NEWER);
    expect([...(await s.datasets.version(id, 1))]).to.deep.equal([COLUMNS, 100n, MANIFEST, TYPES]);
    expect([...(await s.datasets.version(id, 2))]).to.deep.equal([ethers.id('more'), 101n, NEWER, TYPES]);
    await refused(mine().addVersion(id, ethers.id('same'), 101, NEWER, [], []), 'DatasetRegistry_Rows');
    await refused(mine().addVersion(id, ethers.id('fewer'), 99, NEWER, [], []), 'DatasetRegistry_Rows');
    await refused(s.datasets.version(id, 3), 'DatasetRegistry_NoVersion');
    await refused(s.datasets.version(id, 0), 'DatasetRegistry_NoVersion');
  });

  it('gives contributors of a new version new shares, which earn from then on', async () => {
    const made = await dataset(s, [[s.ada, 3n * SHARE]]);
    const shares = await sharesOf(s, made);
    await s.royalties.connect(s.payer).deposit(s.token, made, 99n);
    await mine().addVersion(made, COLUMNS, 11, NEWER, [s.bob], [SHARE]);
    await s.royalties.connect(s.payer).deposit(s.token, made, 40n);
    expect(await shares.claimable(s.token, s.ada)).to.equal(129n);
    expect(await shares.claimable(s.token, s.bob)).to.equal(10n);
  });

  it('makes the first shares with a later version where it had none', async () => {
    const made = await dataset(s);
    await mine().addVersion(made, COLUMNS, 11, NEWER, [s.bob], [SHARE]);
    const shares = await sharesOf(s, made);
    await s.royalties.connect(s.payer).deposit(s.token, made, 9n);
    expect(await shares.claimable(s.token, s.bob)).to.equal(9n);
  });

  it('is its owner’s alone to extend and to price, whoever that is by now', async () => {
    await mine().register(TYPES, COLUMNS, 100, MANIFEST, s.token, 7, [], []);
    await expect(mine().setPrice(id, s.token, 9))
      .to.emit(s.datasets, 'Priced')
      .withArgs(id, s.token, 9);
    await mine().transferFrom(s.owner, s.ada, id);
    await refused(mine().setPrice(id, s.token, 1), 'DatasetRegistry_NotOwner');
    await refused(mine().addVersion(id, COLUMNS, 101, NEWER, [], []), 'DatasetRegistry_NotOwner');
    await s.datasets.connect(s.ada).setPrice(id, s.token, 1);
    await refused(mine().setPrice(1, s.token, 1), 'ERC721NonexistentToken');
  });

  it('refuses zeros, no rows, the same again, and contributors without amounts', async () => {
    const zero = ethers.ZeroHash;
    const register = (types: string, columns: string, rows: number, manifest: string) =>
      mine().register(types, columns, rows, manifest, s.token, 7, [], []);
    await refused(register(zero, COLUMNS, 1, MANIFEST), 'DatasetRegistry_Zero');
    await refused(register(TYPES, zero, 1, MANIFEST), 'DatasetRegistry_Zero');
    await refused(register(TYPES, COLUMNS, 1, zero), 'DatasetRegistry_Zero');
    await refused(register(TYPES, COLUMNS, 0, MANIFEST), 'DatasetRegistry_Rows');
    await register(TYPES, COLUMNS, 1, MANIFEST);
    await refused(register(TYPES, COLUMNS, 1, MANIFEST), 'DatasetRegistry_Exists');
    for (const [who, amounts] of [
      [[s.ada], []],
      [[], [1n]],
      [[s.ada], [0n]],
      [Array(65).fill(s.ada), Array(65).fill(1n)],
    ] as const) {
      await expect(mine().addVersion(id, COLUMNS, 2, NEWER, [...who], [...amounts])).to.be.revertedWithCustomError(
        s.template,
        'Shares_Holders',
      );
    }
  });

  it('holds 131,071 versions and no more', async () => {
    await mine().register(TYPES, COLUMNS, 1, MANIFEST, s.token, 7, [], []);
    // The six slots of ERC721 come first; a data set's versions and rows share its third slot.
    const base = BigInt(ethers.solidityPackedKeccak256(['uint256', 'uint256'], [id, 6n]));
    await networkHelpers.setStorageAt(await s.datasets.getAddress(), base + 2n, (5n << 32n) | 131_070n);
    await mine().addVersion(id, COLUMNS, 6, NEWER, [], []);
    expect(await s.datasets.versions(id)).to.equal(131_071n);
    await refused(mine().addVersion(id, COLUMNS, 7, NEWER, [], []), 'DatasetRegistry_Versions');
    const programId = ethers.id('on the last version');
    await s.models.registerDerived(programId, MANIFEST, s.token, 5, [{ asset: id, version: 131_071, bps: 10_000 }]);
    const { parents } = await s.models.lineageOf(modelIdOf(s.deployer, programId));
    expect([parents[0].version, parents[0].bps]).to.deep.equal([131_071n, 10_000n]);
  });

  it('takes 64 contributors in one transaction', async () => {
    const who = Array.from({ length: 64 }, (_, i) => ethers.getAddress(ethers.toBeHex(i + 1, 20)));
    const sent = await mine().register(TYPES, COLUMNS, 1, MANIFEST, s.token, 7, who, Array(64).fill(SHARE));
    expect((await sent.wait())!.gasUsed < 5_000_000n).to.equal(true);
    expect(await (await sharesOf(s, id)).totalSupply()).to.equal(64n * SHARE);
  });

  it('registering another’s data set first takes nothing from its maker, whose data set is another row', async () => {
    await s.datasets.connect(s.eve).register(TYPES, COLUMNS, 100, MANIFEST, s.token, 1_000, [], []);
    await mine().register(TYPES, COLUMNS, 100, MANIFEST, s.token, 7, [], []);
    expect(await s.datasets.ownerOf(id)).to.equal(s.owner.address);
    expect(datasetIdOf(s.eve, TYPES, MANIFEST)).to.not.equal(id);
  });
});
