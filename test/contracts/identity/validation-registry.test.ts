import { expect } from 'chai';
import { connection } from '../market/fixture.ts';
import { type Agents, agentsFixture } from './fixture.ts';

const { ethers, networkHelpers } = connection;
const HASH = ethers.id('a file');
const [FIRST, SECOND, THIRD] = [1, 2, 3].map((i) => ethers.id(`request ${i}`));

describe('ValidationRegistry', () => {
  let system: Agents;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(agentsFixture);
  });

  const ask = (by: Agents['other'], hash: string, agent = 0n, validator = system.challenger.address) =>
    system.validation.connect(by).validationRequest(validator, agent, 'ipfs://q', hash);
  const answer = (by: Agents['other'], hash: string, response: number, tag = '') =>
    system.validation.connect(by).validationResponse(hash, response, 'ipfs://a', HASH, tag);

  it('takes requests of who manages the agent, each hash once, and knows them by agent and validator', async () => {
    const { validation, identity, provider, other, requester, referee, challenger } = system;
    await identity.connect(provider).setApprovalForAll(requester, true);
    await identity.connect(provider).approve(referee, 0n);
    for (const [by, hash] of [
      [provider, FIRST],
      [requester, SECOND],
      [referee, THIRD],
    ] as const) {
      await expect(ask(by, hash))
        .to.emit(validation, 'ValidationRequest')
        .withArgs(challenger.address, 0n, 'ipfs://q', hash);
    }
    for (const [by, args] of [
      [other, [ethers.id('more')]],
      [provider, [ethers.id('more'), 1n]],
    ] as const) {
      await expect(ask(by, ...(args as [string]))).to.be.revertedWithCustomError(
        validation,
        'ValidationRegistry_NotManager',
      );
    }
    await expect(ask(other, FIRST, 1n)).to.be.revertedWithCustomError(validation, 'ValidationRegistry_Request');
    await expect(ask(provider, ethers.id('more'), 0n, ethers.ZeroAddress)).to.be.revertedWithCustomError(
      validation,
      'ValidationRegistry_Request',
    );
    expect([...(await validation.getAgentValidations(0n))]).to.deep.equal([FIRST, SECOND, THIRD]);
    expect([...(await validation.getValidatorRequests(challenger))]).to.deep.equal([FIRST, SECOND, THIRD]);
    expect(await validation.getIdentityRegistry()).to.equal(await identity.getAddress());
  });

  it('takes responses of the validator that was asked, up to 100, and new ones in their place', async () => {
    const { validation, provider, challenger, other } = system;
    await ask(provider, FIRST);
    expect((await validation.getValidationStatus(FIRST)).response).to.equal(0n);
    await expect(answer(challenger, FIRST, 60, 'soft'))
      .to.emit(validation, 'ValidationResponse')
      .withArgs(challenger.address, 0n, FIRST, 60, 'ipfs://a', HASH, 'soft');
    await answer(challenger, FIRST, 40, 'hard');
    const time = BigInt(await networkHelpers.time.latest());
    expect([...(await validation.getValidationStatus(FIRST))]).to.deep.equal([
      ...[challenger.address, 0n, 40n, HASH, 'hard', time],
    ]);
    for (const by of [other, provider]) {
      await expect(answer(by, FIRST, 1)).to.be.revertedWithCustomError(validation, 'ValidationRegistry_NotValidator');
    }
    await expect(answer(challenger, FIRST, 101)).to.be.revertedWithCustomError(
      validation,
      'ValidationRegistry_Response',
    );
    for (const call of [() => answer(challenger, SECOND, 1), () => validation.getValidationStatus(SECOND)]) {
      await expect(call()).to.be.revertedWithCustomError(validation, 'ValidationRegistry_Unknown');
    }
  });

  it('sums up what was answered, by validators and tag', async () => {
    const { validation, provider, challenger, other } = system;
    await ask(provider, FIRST);
    await ask(provider, SECOND);
    await ask(provider, THIRD, 0n, other.address);
    const of = async (validators: Agents['other'][], tag = '') => [
      ...(await validation.getSummary(0n, validators, tag)),
    ];
    expect(await of([])).to.deep.equal([0n, 0n]);
    await answer(challenger, FIRST, 100, 'paid');
    await answer(challenger, SECOND, 31, 'void');
    await answer(other, THIRD, 0, 'paid');
    expect(await of([])).to.deep.equal([3n, 43n]);
    expect(await of([challenger])).to.deep.equal([2n, 65n]);
    expect(await of([], 'paid')).to.deep.equal([2n, 50n]);
    expect(await of([other], 'void')).to.deep.equal([0n, 0n]);
  });
});
