import { expect } from 'chai';
import { connection, MIEL } from '../market/fixture.ts';

const { ethers, networkHelpers } = connection;

describe('MielToken', () => {
  it('mints its whole supply once, to the holders named, and has no way to mint more', async () => {
    const [, a, b] = await ethers.getSigners();
    const miel = await ethers.deployContract('MielToken', [
      [a.address, b.address],
      [3n * MIEL, 4n * MIEL],
    ]);
    expect([await miel.balanceOf(a), await miel.balanceOf(b)]).to.deep.equal([3n * MIEL, 4n * MIEL]);
    expect(await miel.totalSupply()).to.equal(7n * MIEL);
    const names = miel.interface.fragments.map((fragment) => ('name' in fragment ? String(fragment.name) : ''));
    expect(names.filter((name) => /mint|owner$/i.test(name))).to.deep.equal([]);
    await miel.connect(a).burn(MIEL);
    expect(await miel.totalSupply()).to.equal(6n * MIEL);
  });

  it('refuses holders without amounts', async () => {
    const factory = await ethers.getContractFactory('MielToken');
    const [a] = await ethers.getSigners();
    await expect(factory.deploy([a.address], [])).to.be.revertedWithCustomError(factory, 'MielToken_Length');
  });

  it('counts votes on a clock of timestamps, and takes permits', async () => {
    const [, a, b] = await ethers.getSigners();
    const miel = await ethers.deployContract('MielToken', [[a.address], [5n * MIEL]]);
    expect(await miel.CLOCK_MODE()).to.equal('mode=timestamp');
    expect(await miel.clock()).to.equal(BigInt(await networkHelpers.time.latest()));
    await miel.connect(a).delegate(b);
    expect(await miel.getVotes(b)).to.equal(5n * MIEL);
    const { chainId } = await ethers.provider.getNetwork();
    const signature = ethers.Signature.from(
      await a.signTypedData(
        { name: 'MIEL', version: '1', chainId, verifyingContract: await miel.getAddress() },
        {
          Permit: [
            { name: 'owner', type: 'address' },
            { name: 'spender', type: 'address' },
            { name: 'value', type: 'uint256' },
            { name: 'nonce', type: 'uint256' },
            { name: 'deadline', type: 'uint256' },
          ],
        },
        { owner: a.address, spender: b.address, value: 7n, nonce: 0n, deadline: ethers.MaxUint256 },
      ),
    );
    await miel.permit(a, b, 7n, ethers.MaxUint256, signature.v, signature.r, signature.s);
    expect(await miel.allowance(a, b)).to.equal(7n);
    expect(await miel.nonces(a)).to.equal(1n);
  });
});
