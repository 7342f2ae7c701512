import { OnnxBuilder } from '@essaim/protocol';
import type { Essaim, Model, Parent } from '@essaim/sdk';
import { expect } from 'chai';
import { id as hash, parseEther } from 'ethers';
import { failureOf, type World, world } from './world.ts';

const ONE = parseEther('1');

describe('shares', () => {
  let at: World;
  let owner: Essaim;
  let rival: Essaim;
  let token: string;
  let made = 0;

  /** A model that computes nothing of interest, derived from `parents`. */
  function publish(essaim: Essaim, parents: Parent[] = []): Promise<Model> {
    const graph = new OnnxBuilder();
    const x = graph.input('x', 'float32', [4 + ++made]);
    graph.output(graph.node('Relu', [x]));
    const words = { name: 'Owned', description: 'A model that people own', licence: 'MIT' };
    return essaim.models.publish({ onnx: graph.bytes(), ...words, price: 1n, token, parents });
  }

  async function pay(asset: bigint, amount: bigint): Promise<void> {
    const { Royalties, MielToken } = (await at.connect('founder')).contracts;
    await (await MielToken.approve(await Royalties.getAddress(), amount)).wait();
    await (await Royalties.deposit(token, asset, amount)).wait();
  }

  before(async () => {
    at = await world();
    ({ token } = at);
    [owner, rival] = await Promise.all([at.connect('modeller'), at.connect('rival')]);
  });

  it('divide a model’s revenue among holders, who see and claim what is theirs', async () => {
    const { modeller, rival: other } = at.wallets;
    const { id } = await publish(owner);
    const shares = await owner.shares.create(id, [
      { holder: modeller.address, amount: 3n * ONE },
      { holder: other.address, amount: ONE },
    ]);
    await pay(id, 1_000n);
    expect(await rival.shares.of(id, other.address)).to.deep.equal({
      ...{ asset: id, shares, balance: ONE, supply: 4n * ONE },
      tokens: [token],
    });
    expect(await rival.shares.claimable(id, token, other.address)).to.equal(250n);
    expect(await rival.shares.claim(id, token)).to.equal(250n);
    expect(await rival.shares.claim(id, token, modeller.address)).to.equal(750n);
    expect((await failureOf(rival.shares.claim(id, token))).code).to.equal('Shares_Nothing');
    expect(await rival.shares.revenue(id, token)).to.deep.equal({ received: 1_000n, earned: 1_000n, paid: 1_000n });
    expect(await rival.shares.holders(id, token)).to.deep.equal([
      { holder: modeller.address, balance: 3n * ONE, claimable: 0n, claimed: 750n },
      { holder: other.address, balance: ONE, claimable: 0n, claimed: 250n },
    ]);
    expect((await rival.shares.holdings(other.address)).map(({ asset }) => asset)).to.include(id);
  });

  it('draw revenue up a lineage of any depth, to a data set’s contributors', async () => {
    const { DatasetRegistry } = owner.contracts;
    const types = hash('types of a sdk test');
    const [columns, manifest] = [hash('columns'), hash('manifest')];
    const { rival: contributor } = at.wallets;
    const version = [types, columns, 10, manifest] as const;
    const register = [...version, token, 0n, [contributor.address] as string[], [ONE] as bigint[]] as const;
    const dataset = await DatasetRegistry.register.staticCall(...register);
    await (await DatasetRegistry.register(...register)).wait();
    const base = await publish(owner, [{ asset: dataset, version: 1, bps: 5_000 }]);
    const child = await publish(owner, [{ asset: base.id, version: null, bps: 5_000 }]);
    const grandchild = await publish(rival, [{ asset: child.id, version: null, bps: 5_000 }]);
    expect(await rival.models.lineage(grandchild.id)).to.deep.equal({
      runId: null,
      parents: [{ asset: child.id, version: null, bps: 5_000 }],
    });
    expect((await rival.models.lineage(base.id)).parents[0].version).to.equal(1);
    expect(await rival.models.price(base.id)).to.deep.equal({ token, price: 1n });

    await pay(grandchild.id, 8_000n);
    expect(await rival.shares.claimable(dataset, token, contributor.address)).to.equal(0n);
    expect(await rival.shares.draw(dataset, token)).to.deep.equal({ transactions: 2, received: 1_000n });
    expect(await rival.shares.draw(dataset, token)).to.deep.equal({ transactions: 0, received: 0n });
    expect(await rival.shares.claim(dataset, token)).to.equal(1_000n);
    expect(await owner.shares.claimable(base.id, token, at.wallets.modeller.address)).to.equal(1_000n);
    expect(await rival.shares.claimable(base.id, token, contributor.address)).to.equal(0n);
    expect(await owner.shares.claim(base.id, token)).to.equal(1_000n);
  });

  it('are admitted to the token that their asset is priced in when somebody first claims in it', async () => {
    const { modeller, rival: other } = at.wallets;
    const [{ id }, { id: second }] = [await publish(owner), await publish(owner)];
    await owner.shares.create(id, [{ holder: modeller.address, amount: ONE }]);
    // Shares are an ERC-20 like any other: those of one model pay for another.
    const currency = await owner.shares.create(second, [{ holder: modeller.address, amount: 9n }]);
    const { Royalties, ModelRegistry, MielToken } = owner.contracts;
    const paying = MielToken.attach(currency) as typeof MielToken;
    await (await paying.approve(await Royalties.getAddress(), 5n)).wait();
    await (await Royalties.deposit(currency, id, 5n)).wait();
    const refused = await failureOf(rival.shares.claim(id, currency, modeller.address));
    expect(refused.code).to.equal('Shares_Token');
    await (await ModelRegistry.setPrice(id, currency, 1n)).wait();
    expect(await rival.shares.claim(id, currency, modeller.address)).to.equal(5n);
    expect((await owner.shares.of(id, other.address)).tokens).to.deep.equal([token, currency]);
    expect((await owner.shares.of(second, modeller.address)).balance).to.equal(9n);
  });

  it('that do not exist are said to be missing; claiming needs a wallet', async () => {
    const { id } = await publish(owner);
    expect((await failureOf(owner.shares.of(id, at.wallets.rival.address))).code).to.equal('SHARES_NONE');
    expect((await failureOf(owner.shares.holders(5n, token))).code).to.equal('SHARES_NONE');
    const reader = await at.connect(undefined);
    expect((await failureOf(reader.shares.claim(id, token))).code).to.equal('WALLET_MISSING');
    expect((await failureOf(owner.shares.claimable(5n, token, at.wallets.rival.address))).code).to.equal(
      'Royalties_NoAsset',
    );
    const twice = publish(owner, [{ asset: 5n, version: null, bps: 1 }]);
    expect((await failureOf(twice)).code).to.equal('Royalties_NoParent');
  });
});
