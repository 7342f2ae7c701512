import { type Essaim, jobIdOf, randomSalt, type Terms } from '@essaim/sdk';
import { expect } from 'chai';
import { id as hash } from 'ethers';
import { advance, COLLATERAL, FEE, failureOf, PRICE, type World, world } from './world.ts';

const NOTHING = { paid: 0, stood: 0, late: 0, rejected: 0, voided: 0 };

describe('agents', () => {
  let at: World;
  let operator: Essaim;
  let anyone: Essaim;
  let requester: Essaim;
  let agent: bigint;

  before(async () => {
    at = await world();
    [operator, anyone, requester] = await Promise.all([
      at.connect('rival'),
      at.connect('founder'),
      at.connect('requester'),
    ]);
    agent = await operator.agents.register('ipfs://an-operator');
  });

  /** A job that the operator accepted by hand. */
  async function accepted(): Promise<{ jobId: string; terms: Terms }> {
    const { JobMarket, MielToken } = requester.contracts;
    const { timestamp } = (await at.chain.getBlock('latest'))!;
    const terms: Terms = {
      ...{ requester: at.wallets.requester.address, provider: at.wallets.rival.address, token: at.token },
      ...{ deadline: BigInt(timestamp) + 600n, count: 1n, salt: randomSalt(), fee: FEE, royalty: PRICE },
      ...{ model: at.model.id, programId: at.model.program.id, inputsRoot: hash('inputs'), inputs: hash('manifest') },
      collateral: COLLATERAL,
      isSealed: false,
    };
    await (await MielToken.approve(await JobMarket.getAddress(), FEE + PRICE)).wait();
    await (await JobMarket.post(terms)).wait();
    await (await operator.contracts.JobMarket.accept(terms)).wait();
    return { jobId: jobIdOf(terms), terms };
  }

  it('are registered and read, with the account that registered as owner and wallet', async () => {
    const { address } = at.wallets.rival;
    expect(await anyone.agents.get(agent)).to.deep.equal({
      ...{ id: agent, owner: address, uri: 'ipfs://an-operator', wallet: address },
    });
    expect(await anyone.agents.register()).to.equal(agent + 1n);
    expect((await anyone.agents.get(agent + 1n)).uri).to.equal('');
    expect((await failureOf(anyone.agents.get(99n))).code).to.equal('ERC721NonexistentToken');
    expect(await anyone.agents.record(agent)).to.deep.equal(NOTHING);
  });

  it('are linked by their own operators only, and unlinked', async () => {
    const { rival, founder } = at.wallets;
    expect((await failureOf(anyone.agents.link(agent))).code).to.equal('Outcomes_NotTheAgents');
    const nobody = await at.connect(undefined);
    expect((await failureOf(nobody.agents.link(agent))).code).to.equal('WALLET_MISSING');
    expect(await anyone.agents.of(rival.address)).to.equal(null);
    await operator.agents.link(agent);
    expect(await anyone.agents.of(rival.address)).to.equal(agent);
    expect(await anyone.agents.of(rival.address, 1)).to.equal(null);
    expect((await failureOf(anyone.agents.unlink(founder.address))).code).to.equal('Outcomes_NotLinked');
    await operator.agents.unlink(rival.address);
    expect(await anyone.agents.of(rival.address)).to.equal(null);
    await operator.agents.link(agent);
  });

  it('have a record that anyone writes from what the chain says, once a job', async () => {
    const { jobId, terms } = await accepted();
    expect((await failureOf(anyone.agents.recordJob(jobId))).code).to.equal('Outcomes_Open');
    expect(await anyone.agents.outcome(jobId)).to.equal(null);
    await advance(at, 700);
    await (await anyone.contracts.JobMarket.refund(terms)).wait();
    expect(await anyone.agents.recordJob(jobId)).to.equal('late');
    expect(await anyone.agents.outcome(jobId)).to.equal('late');
    expect((await failureOf(anyone.agents.recordJob(jobId))).code).to.equal('Outcomes_Recorded');

    const good = await accepted();
    await (await operator.contracts.JobMarket.submit(good.terms, hash('trace'), hash('receipt'))).wait();
    await at.chain.send('hardhat_mine', ['0xe11', '0x19']);
    await (await anyone.contracts.JobMarket.withdraw(good.terms)).wait();
    expect(await anyone.agents.recordJob(good.jobId)).to.equal('paid');
    expect(await operator.agents.record(agent)).to.deep.equal({ ...NOTHING, late: 1, paid: 1 });
    const { ReputationRegistry, Outcomes } = anyone.contracts;
    const [count, mean] = await ReputationRegistry.getSummary(agent, [await Outcomes.getAddress()], '', '');
    expect([count, mean]).to.deep.equal([2n, 50n]);
    expect((await failureOf(anyone.agents.recordBatch(hash('no batch')))).code).to.equal('Outcomes_Open');
  });
});
