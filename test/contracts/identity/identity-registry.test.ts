import { expect } from 'chai';
import { connection } from '../market/fixture.ts';
import { type Agents, agentsFixture, setWallet, walletSignature } from './fixture.ts';

const { ethers, networkHelpers } = connection;
const WALLET = 'agentWallet';

describe('IdentityRegistry', () => {
  let system: Agents;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(agentsFixture);
  });

  it('registers agents in order, with nothing, a URI, or a URI and metadata; the caller owns each and is its wallet', async () => {
    const { identity, requester, challenger } = system;
    const by = identity.connect(requester);
    await expect(by['register()']()).to.emit(identity, 'Registered').withArgs(2n, '', requester.address);
    await expect(by['register(string)']('ipfs://agent'))
      .to.emit(identity, 'Registered')
      .withArgs(3n, 'ipfs://agent', requester.address);
    const metadata = [
      { metadataKey: 'name', metadataValue: '0x1234' },
      { metadataKey: 'more', metadataValue: '0x' },
    ];
    const sent = by['register(string,(string,bytes)[])']('ipfs://other', metadata);
    await expect(sent).to.emit(identity, 'MetadataSet').withArgs(4n, 'name', 'name', '0x1234');
    await expect(sent).to.emit(identity, 'Transfer').withArgs(ethers.ZeroAddress, requester.address, 4n);
    expect(await identity.tokenURI(4n)).to.equal('ipfs://other');
    expect(await identity.tokenURI(2n)).to.equal('');
    expect(await identity.getMetadata(4n, 'name')).to.equal('0x1234');
    expect(await identity.getMetadata(4n, 'none')).to.equal('0x');
    for (const agent of [2n, 3n, 4n]) {
      expect(await identity.ownerOf(agent)).to.equal(requester.address);
      expect(await identity.getAgentWallet(agent)).to.equal(requester.address);
      expect(await identity.getMetadata(agent, WALLET)).to.equal(requester.address.toLowerCase());
    }
    expect(await identity.supportsInterface('0x80ac58cd')).to.equal(true);
    expect([await identity.name(), await identity.symbol()]).to.deep.equal(['AgentIdentity', 'AGENT']);
    await expect(identity.getAgentWallet(9n)).to.be.revertedWithCustomError(identity, 'ERC721NonexistentToken');
    expect(await identity.balanceOf(challenger)).to.equal(0n);
  });

  it('is managed by the owner, its operators and the approved account, and nobody else', async () => {
    const { identity, provider, other, requester, challenger } = system;
    await identity.connect(provider).setApprovalForAll(requester, true);
    await identity.connect(provider).approve(challenger, 0n);
    for (const manager of [provider, requester, challenger]) {
      const by = identity.connect(manager);
      await expect(by.setAgentURI(0n, `ipfs://${manager.address}`))
        .to.emit(identity, 'URIUpdated')
        .withArgs(0n, `ipfs://${manager.address}`, manager.address);
      await expect(by.setMetadata(0n, 'key', '0x01'))
        .to.emit(identity, 'MetadataSet')
        .withArgs(0n, 'key', 'key', '0x01');
      await by.unsetAgentWallet(0n);
    }
    const stranger = identity.connect(other);
    for (const call of [
      () => stranger.setAgentURI(0n, ''),
      () => stranger.setMetadata(0n, 'key', '0x'),
      () => stranger.unsetAgentWallet(0n),
      () => stranger.setAgentWallet(0n, other, 0n, '0x'),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(identity, 'IdentityRegistry_NotManager').withArgs(0n, other);
    }
    await expect(identity.setAgentURI(9n, '')).to.be.revertedWithCustomError(identity, 'ERC721NonexistentToken');
  });

  it('sets the wallet by its own signature alone, and never by metadata', async () => {
    const { identity, provider, requester, other } = system;
    const by = identity.connect(provider);
    await setWallet(system, provider, requester);
    expect(await identity.getAgentWallet(0n)).to.equal(requester.address);
    expect(await identity.getMetadata(0n, WALLET)).to.equal(requester.address.toLowerCase());
    await expect(by.setMetadata(0n, WALLET, other.address)).to.be.revertedWithCustomError(
      identity,
      'IdentityRegistry_Reserved',
    );
    const metadata = [{ metadataKey: WALLET, metadataValue: other.address }];
    await expect(by['register(string,(string,bytes)[])']('', metadata)).to.be.revertedWithCustomError(
      identity,
      'IdentityRegistry_Reserved',
    );
    const now = BigInt(await networkHelpers.time.latest());
    const right = { agentId: 0n, newWallet: other.address, owner: provider.address, deadline: now + 200n };
    const wrong = [
      await walletSignature(system, requester, right),
      await walletSignature(system, other, { ...right, agentId: 1n }),
      await walletSignature(system, other, { ...right, owner: requester.address }),
      await walletSignature(system, other, { ...right, deadline: now + 201n }),
      '0x',
    ];
    for (const signature of wrong) {
      await expect(by.setAgentWallet(0n, other, right.deadline, signature)).to.be.revertedWithCustomError(
        identity,
        'IdentityRegistry_Wallet',
      );
    }
    await expect(by.setAgentWallet(0n, ethers.ZeroAddress, right.deadline, '0x')).to.be.revertedWithCustomError(
      identity,
      'IdentityRegistry_Wallet',
    );
    for (const deadline of [now - 1n, now + 1_000n]) {
      await expect(by.setAgentWallet(0n, other, deadline, '0x')).to.be.revertedWithCustomError(
        identity,
        'IdentityRegistry_Deadline',
      );
    }
    await by.setAgentWallet(0n, other, right.deadline, await walletSignature(system, other, right));
    expect(await identity.getAgentWallet(0n)).to.equal(other.address);
  });

  it('takes a wallet that is a contract and says yes (ERC-1271)', async () => {
    const { identity, provider } = system;
    const wallet = await ethers.deployContract('Wallet__Harness', [provider]);
    const deadline = BigInt(await networkHelpers.time.latest()) + 100n;
    const newWallet = await wallet.getAddress();
    const values = { agentId: 0n, newWallet, owner: provider.address, deadline };
    const signature = await walletSignature(system, provider, values);
    await identity.connect(provider).setAgentWallet(0n, newWallet, deadline, signature);
    expect(await identity.getAgentWallet(0n)).to.equal(newWallet);
  });

  it('loses its wallet when it goes to somebody else, and only then', async () => {
    const { identity, provider, other } = system;
    const by = identity.connect(provider);
    await by.transferFrom(provider, provider, 0n);
    expect(await identity.getAgentWallet(0n)).to.equal(provider.address);
    await expect(by.transferFrom(provider, other, 0n))
      .to.emit(identity, 'MetadataSet')
      .withArgs(0n, WALLET, WALLET, '0x');
    expect(await identity.getAgentWallet(0n)).to.equal(ethers.ZeroAddress);
    expect(await identity.getMetadata(0n, WALLET)).to.equal('0x');
  });
});
