import { codeHash, JUDGES } from '@essaim/protocol';
import { expect } from 'chai';
import { keccak256 } from 'ethers';
import { network } from 'hardhat';

describe('Code hashes of the judges', () => {
  it('are those of the contracts as deployed; if not, run node scripts/hashes.ts', async () => {
    const { ethers } = await network.getOrCreate();
    for (const { contract } of JUDGES) {
      const judge = await ethers.deployContract(contract);
      expect(codeHash(contract), contract).to.equal(keccak256((await judge.getDeployedCode())!));
    }
  });

  it('are undefined for contracts that are no judges', () => {
    expect(codeHash('Claims')).to.equal(undefined);
    expect(codeHash('constructor')).to.equal(undefined);
  });
});
