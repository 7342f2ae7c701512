import { expect } from 'chai';
import { random } from '../../random.ts';
import { connection } from '../market/fixture.ts';
import { type Agents, agentsFixture } from './fixture.ts';

const { ethers, networkHelpers } = connection;
const HASH = ethers.id('a file');

describe('ReputationRegistry', () => {
  let system: Agents;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(agentsFixture);
  });

  const give = (client: Agents['other'], value: bigint, decimals = 0, tag1 = 'good', tag2 = 'test', agent = 0n) =>
    system.reputation.connect(client).giveFeedback(agent, value, decimals, tag1, tag2, 'https://a', 'ipfs://f', HASH);

  it('keeps feedback in each client’s order and gives it back', async () => {
    const { reputation, identity, requester, challenger } = system;
    await expect(give(requester, 87n, 1))
      .to.emit(reputation, 'NewFeedback')
      .withArgs(0n, requester.address, 1n, 87n, 1, 'good', 'good', 'test', 'https://a', 'ipfs://f', HASH);
    await give(requester, -5n, 0, 'bad', '');
    await give(challenger, 1n);
    expect([...(await reputation.readFeedback(0n, requester, 2n))]).to.deep.equal([-5n, 0n, 'bad', '', false]);
    expect(await reputation.getLastIndex(0n, requester)).to.equal(2n);
    expect([...(await reputation.getClients(0n))]).to.deep.equal([requester.address, challenger.address]);
    expect(await reputation.getIdentityRegistry()).to.equal(await identity.getAddress());
    for (const index of [0n, 3n]) {
      await expect(reputation.readFeedback(0n, requester, index)).to.be.revertedWithCustomError(
        reputation,
        'ReputationRegistry_None',
      );
    }
  });

  it('takes none from who manages the agent, about no agent, or beyond its bounds', async () => {
    const { reputation, identity, provider, requester, challenger, other } = system;
    await identity.connect(provider).setApprovalForAll(requester, true);
    await identity.connect(provider).approve(challenger, 0n);
    for (const manager of [provider, requester, challenger]) {
      await expect(give(manager, 1n)).to.be.revertedWithCustomError(reputation, 'ReputationRegistry_Self');
    }
    await expect(give(other, 1n, 0, '', '', 9n)).to.be.revertedWithCustomError(identity, 'ERC721NonexistentToken');
    const most = 10n ** 38n;
    for (const [value, decimals] of [
      [most + 1n, 0],
      [-most - 1n, 0],
      [1n, 19],
    ] as const) {
      await expect(give(other, value, decimals)).to.be.revertedWithCustomError(reputation, 'ReputationRegistry_Value');
    }
    for (const value of [most, -most]) await give(other, value, 18);
  });

  it('lets a client alone revoke its own, once', async () => {
    const { reputation, requester, other } = system;
    await give(requester, 10n);
    await expect(reputation.connect(other).revokeFeedback(0n, 1n)).to.be.revertedWithCustomError(
      reputation,
      'ReputationRegistry_None',
    );
    await expect(reputation.connect(requester).revokeFeedback(0n, 1n))
      .to.emit(reputation, 'FeedbackRevoked')
      .withArgs(0n, requester.address, 1n);
    await expect(reputation.connect(requester).revokeFeedback(0n, 1n)).to.be.revertedWithCustomError(
      reputation,
      'ReputationRegistry_Revoked',
    );
    expect([...(await reputation.getSummary(0n, [requester], '', ''))]).to.deep.equal([0n, 0n, 0n]);
    const all = async (revoked: boolean) => (await reputation.readAllFeedback(0n, [], '', '', revoked)).clients.length;
    expect([await all(false), await all(true)]).to.deep.equal([0, 1]);
  });

  it('sums up the named clients’ feedback by tags, in the decimals that most of it has', async () => {
    const { reputation, requester, challenger, other } = system;
    await give(requester, 9_977n, 2, 'up', 'a');
    await give(requester, 100n, 0, 'up', 'b');
    await give(requester, 50n, 0, 'down', 'b');
    await give(challenger, -1_000n, 0, 'up', 'a');
    const of = async (clients: Agents['other'][], tag1 = '', tag2 = '') => [
      ...(await reputation.getSummary(0n, clients, tag1, tag2)),
    ];
    expect(await of([requester])).to.deep.equal([3n, 83n, 0n]);
    expect(await of([requester], 'up', 'a')).to.deep.equal([1n, 9_977n, 2n]);
    expect(await of([requester, challenger], 'up')).to.deep.equal([3n, -266n, 0n]);
    expect(await of([requester], '', 'b')).to.deep.equal([2n, 75n, 0n]);
    expect(await of([other])).to.deep.equal([0n, 0n, 0n]);
    await expect(of([])).to.be.revertedWithCustomError(reputation, 'ReputationRegistry_NoClients');
    const all = await reputation.readAllFeedback(0n, [challenger, requester], 'up', '', false);
    expect([...all.clients]).to.deep.equal([challenger.address, requester.address, requester.address]);
    expect([...all.feedbackIndexes]).to.deep.equal([1n, 1n, 2n]);
    expect([...all[2]]).to.deep.equal([-1_000n, 9_977n, 100n]);
    expect([...all.valueDecimals]).to.deep.equal([0n, 2n, 0n]);
    expect([...all.tag2s]).to.deep.equal(['a', 'a', 'b']);
  });

  it('sums up any values and decimals to their mean', async () => {
    const { reputation, requester } = system;
    const next = random(5);
    let sum = 0n;
    const counts = new Map<number, number>();
    for (let i = 1n; i <= 12n; i++) {
      const [value, decimals] = [BigInt(Math.floor((next() - 0.5) * 2e9)), Math.floor(next() * 4) * 6];
      await give(requester, value, decimals);
      sum += value * 10n ** BigInt(18 - decimals);
      counts.set(decimals, (counts.get(decimals) ?? 0) + 1);
      const most = Math.max(...counts.values());
      const mode = Math.min(...[...counts].filter(([, count]) => count === most).map(([it]) => it));
      const mean = sum / i / 10n ** BigInt(18 - mode);
      expect([...(await reputation.getSummary(0n, [requester], '', ''))]).to.deep.equal([i, mean, BigInt(mode)]);
    }
  });

  it('counts responses of anyone, to one piece of feedback, a client’s or everybody’s', async () => {
    const { reputation, requester, challenger, other, provider } = system;
    await give(requester, 1n);
    await give(requester, 2n);
    await give(challenger, 3n);
    const respond = (by: Agents['other'], client: Agents['other'], index: bigint, uri = 'ipfs://r') =>
      reputation.connect(by).appendResponse(0n, client, index, uri, HASH);
    await expect(respond(provider, requester, 1n))
      .to.emit(reputation, 'ResponseAppended')
      .withArgs(0n, requester.address, 1n, provider.address, 'ipfs://r', HASH);
    await respond(provider, requester, 1n);
    await respond(other, requester, 2n);
    await respond(other, challenger, 1n);
    await expect(respond(other, requester, 3n)).to.be.revertedWithCustomError(reputation, 'ReputationRegistry_None');
    await expect(respond(other, requester, 1n, '')).to.be.revertedWithCustomError(
      reputation,
      'ReputationRegistry_NoURI',
    );
    const count = (client: string, index: bigint, by: Agents['other'][] = []) =>
      reputation.getResponseCount(0n, client, index, by);
    expect(await count(requester.address, 1n)).to.equal(2n);
    expect(await count(requester.address, 0n)).to.equal(3n);
    expect(await count(requester.address, 0n, [other])).to.equal(1n);
    expect(await count(ethers.ZeroAddress, 0n)).to.equal(4n);
    expect(await count(ethers.ZeroAddress, 0n, [other])).to.equal(2n);
  });
});
