import { expect } from 'chai';
import { network } from 'hardhat';
import { canonicalRegistries } from '../../../scripts/lib/canonical-agents.ts';
import { deployProtocol } from '../../../scripts/lib/deploy.ts';
import { localHands } from '../../../scripts/lib/genesis.ts';

const IDENTITY = '0x8004A818BFB912233c491871b3d84c89A494BD9e';
const REPUTATION = '0x8004B663056A597Dffe9eCcC1965A193B7388713';
const BASE_SEPOLIA = 84_532;

describe('Registries of agents', () => {
  it('are the canonical ones where the chain has them: outcomes are written there, and ours are not deployed', async () => {
    const { ethers, networkHelpers } = await network.create({ override: { chainId: BASE_SEPOLIA } });
    const [founder, operator] = await ethers.getSigners();
    const place = async (address: string, name: string, args: unknown[]) => {
      const made = await ethers.deployContract(name, args);
      await networkHelpers.setCode(address, await ethers.provider.getCode(made));
    };
    expect(await canonicalRegistries(ethers.provider)).to.deep.equal({});
    await place(IDENTITY, 'IdentityRegistry', []);
    expect(await canonicalRegistries(ethers.provider)).to.deep.equal({});
    await place(REPUTATION, 'ReputationRegistry', [IDENTITY]);
    const before = await founder.getNonce();
    const { addresses } = await deployProtocol(founder, localHands(founder.address));
    expect([addresses.IdentityRegistry, addresses.ReputationRegistry]).to.deep.equal([IDENTITY, REPUTATION]);
    const launchpad = 1;
    expect((await founder.getNonce()) - before).to.equal(launchpad + Object.keys(addresses).length - 2);
    const validation = await ethers.getContractAt('ValidationRegistry', addresses.ValidationRegistry);
    expect(await validation.getIdentityRegistry()).to.equal(IDENTITY);
    const identity = await ethers.getContractAt('IdentityRegistry', IDENTITY);
    await identity.connect(operator)['register()']();
    const outcomes = await ethers.getContractAt('Outcomes', addresses.Outcomes);
    await outcomes.connect(operator).link(0n);
    expect([...(await outcomes.agentAt(operator, await networkHelpers.time.latest()))]).to.deep.equal([true, 0n]);
  });

  it('are ours on a chain that has none', async () => {
    const { ethers } = await network.getOrCreate();
    expect(await canonicalRegistries(ethers.provider)).to.deep.equal({});
  });
});
