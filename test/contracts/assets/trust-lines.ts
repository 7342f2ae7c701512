import { expect } from 'chai';
import { connection, type Market, PRICE, PROGRAM, passWindow, posted, submitted } from '../market/fixture.ts';

const { ethers } = connection;

/** Lines of docs/trust.md about what is owned. */
export const assetLines: Record<string, (system: () => Market) => void> = {
  'model owner': (system) => {
    it('can set the price of later jobs, add programs and sell the model with its royalties to come', async () => {
      const { models, modelOwner, other, model, market, token, royalties } = system();
      const terms = await submitted(system());
      await models.connect(modelOwner).setPrice(model, token, 2n * PRICE);
      await models.connect(modelOwner).addProgram(model, ethers.id('another'), ethers.id('m'));
      await models.connect(modelOwner).transferFrom(modelOwner, other, model);
      await expect(models.connect(modelOwner).setPrice(model, token, 1n)).to.be.revertedWithCustomError(
        models,
        'ModelRegistry_NotOwner',
      );
      await passWindow();
      await market.withdraw(terms);
      expect(await market.royalties(token, model)).to.equal(PRICE);
      await market.collectRoyalty(token, model);
      await royalties.collect(token, model);
      expect(await token.balanceOf(other)).to.equal(PRICE);
    });
    it('can never change what a program is, nor the price of a posted job', async () => {
      const { models, modelOwner, model, token, market, provider } = system();
      const terms = await posted(system());
      await models.connect(modelOwner).setPrice(model, token, 1_000n * PRICE);
      await expect(models.connect(modelOwner).addProgram(model, PROGRAM, ethers.id('m'))).to.be.revertedWithCustomError(
        models,
        'ModelRegistry_ProgramExists',
      );
      await market.connect(provider).accept(terms);
      await market.connect(provider).submit(terms, ethers.id('t'), ethers.id('r'));
      await passWindow();
      await market.withdraw(terms);
      expect(await market.royalties(token, model)).to.equal(PRICE);
    });
  },

  'data set owner': (system) => {
    const registered = async () => {
      const { datasets, modelOwner, token, provider } = system();
      const version = [ethers.id('t'), ethers.id('c'), 10, ethers.id('m')] as const;
      const args = [...version, token, 1, [provider.address] as string[], [2n] as bigint[]] as const;
      const by = datasets.connect(modelOwner);
      const id = await by.register.staticCall(...args);
      await by.register(...args);
      return { id, by, shares: await ethers.getContractAt('Shares', await datasets.sharesOf(id)) };
    };
    const pay = async (id: bigint, amount: bigint) => {
      const { royalties, token, requester } = system();
      await token.connect(requester).approve(royalties, amount);
      await royalties.connect(requester).deposit(token, id, amount);
    };
    it('can add versions and dilute from then on, price later runs and sell the data set', async () => {
      const { token, other, provider } = system();
      const { id, by, shares } = await registered();
      await pay(id, 100n);
      await by.addVersion(id, ethers.id('c2'), 11, ethers.id('m2'), [other], [2n]);
      await pay(id, 100n);
      const owed = [await shares.claimable(token, provider), await shares.claimable(token, other)];
      expect(owed).to.deep.equal([150n, 50n]);
      await by.setPrice(id, token, 2);
      await by.transferFrom(await by.ownerOf(id), other, id);
      await expect(by.setPrice(id, token, 3)).to.be.revertedWithCustomError(by, 'DatasetRegistry_NotOwner');
    });
    it('can never change a version, take rows away, or take what shares earned before', async () => {
      const { token, modelOwner, provider, royalties } = system();
      const { id, by, shares } = await registered();
      await pay(id, 100n);
      await expect(by.addVersion(id, ethers.id('c2'), 10, ethers.id('m2'), [], [])).to.be.revertedWithCustomError(
        by,
        'DatasetRegistry_Rows',
      );
      await by.addVersion(id, ethers.id('c2'), 11, ethers.id('m2'), [modelOwner], [10n ** 30n]);
      expect((await by.version(id, 1)).columnsRoot).to.equal(ethers.id('c'));
      expect(await shares.claimable(token, modelOwner)).to.equal(0n);
      await expect(royalties.collect(token, id)).to.be.revertedWithCustomError(royalties, 'Royalties_HasShares');
      await expect(shares.claim(token, provider)).to.changeTokenBalance(ethers, token, provider, 100n);
    });
  },

  'holder of shares': (system) => {
    it('can move shares, claim, and claim for others; never be paid twice or for what others held', async () => {
      const { models, modelOwner, model, token, provider, other, royalties, requester } = system();
      await models.connect(modelOwner).createShares(model, [provider], [4n]);
      await expect(models.connect(modelOwner).createShares(model, [modelOwner], [4n])).to.be.revertedWithCustomError(
        models,
        'ModelRegistry_HasShares',
      );
      const shares = await ethers.getContractAt('Shares', await models.sharesOf(model));
      await token.connect(requester).approve(royalties, 100n);
      await royalties.connect(requester).deposit(token, model, 100n);
      await shares.connect(provider).transfer(other, 3n);
      const before = await token.balanceOf(provider);
      await shares.connect(other).claim(token, provider);
      expect((await token.balanceOf(provider)) - before).to.equal(100n);
      for (const who of [provider, other]) {
        await expect(shares.claim(token, who)).to.be.revertedWithCustomError(shares, 'Shares_Nothing');
      }
    });
  },
};
