import { type Essaim, findTerms } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther, toBeHex } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { gndBinary, type Indexer } from '../../scripts/stack/indexer.ts';
import { Town } from './town.ts';

interface Row {
  [key: string]: unknown;
}

describe('the indexer, on a chain as it is', function () {
  this.timeout(180_000);
  let town: Town;
  let indexer: Indexer;
  let requester: Essaim;
  before(async function () {
    try {
      gndBinary();
    } catch (error) {
      if (process.env.CI) throw error;
      console.log(`      ${(error as Error).message}`);
      this.skip();
    }
    town = await Town.open();
    requester = await town.connect('requester');
    indexer = await town.index();
  });
  after(async () => {
    requester?.close();
    await town?.close();
  });

  async function ask(query: string): Promise<Record<string, Row & Row[]>> {
    const body = JSON.stringify({ query: `{ ${query} }` });
    const response = await fetch(indexer.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const { data, errors } = (await response.json()) as { data: Record<string, Row & Row[]>; errors?: unknown };
    if (!errors) return data;
    const words = JSON.stringify(errors);
    // it took blocks back while it answered: the answer is that of a moment later
    if (words.includes('the chain was reorganized while executing the query')) return ask(query);
    throw new Error(words);
  }

  /** Waits until it stands at the chain's head. */
  async function caughtUp(): Promise<number> {
    const head = await town.chain.getBlock('latest');
    for (const until = Date.now() + 20_000; Date.now() < until; ) {
      const { _meta } = await ask('_meta { hasIndexingErrors block { number hash } }');
      const block = _meta.block as { number: number; hash: string };
      expect(_meta.hasIndexingErrors).to.equal(false);
      if (block.hash === head!.hash) return block.number;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the indexer did not catch up');
  }

  const addresses = () => {
    const { modeller, requester } = accounts(town.chain);
    return { modeller: modeller.address, requester: requester.address };
  };

  it('tells a job as the contracts have it, from its posting to its payment', async () => {
    const alice = await town.provider('alice');
    const jobId = await town.post(town.models.mlp, 'alice');
    await alice.heard('submitted', jobId);
    await caughtUp();
    const { job } = await ask(`job(id: "${jobId}") { state requester { id } provider { id accepted } fee model { number
      owner { id } programs { program { id } } } batch { id root isRejected } }`);
    const terms = await findTerms(requester.contracts, jobId, town.deployment.startBlock);
    const { Claims, JobMarket } = requester.contracts;
    const batchId = await JobMarket.batchIdOf(jobId);
    const { root } = await Claims.batch(batchId);
    const { provider } = await JobMarket.job(jobId);
    expect(job).to.deep.equal({
      state: 'Submitted',
      requester: { id: terms.requester.toLowerCase() },
      provider: { id: provider.toLowerCase(), accepted: 1 },
      fee: String(terms.fee),
      model: {
        number: String(terms.model),
        owner: { id: accounts(town.chain).modeller.address.toLowerCase() },
        programs: [{ program: { id: terms.programId } }],
      },
      batch: { id: batchId, root, isRejected: false },
    });
    await alice.child.stop();
  });

  it('has the balances, stakes and judges that the contracts have', async () => {
    await caughtUp();
    const { agents } = await ask('agents(first: 100) { id balance free provisions { client slasher amount } }');
    const { MielToken, StakeManager } = requester.contracts;
    expect(agents.length).to.be.greaterThan(8);
    for (const { id, balance, free, provisions } of agents) {
      expect(balance, String(id)).to.equal(String(await MielToken.balanceOf(String(id))));
      expect(free, String(id)).to.equal(String((await StakeManager.account(String(id))).free));
      for (const { client, slasher, amount } of provisions as Record<string, string>[]) {
        const { tokens } = await StakeManager.provisionOf(String(id), client, slasher);
        expect(amount).to.equal(String(tokens * 10n ** 15n));
      }
    }
    const { judges } = await ask('judges(first: 1000) { opcode address }');
    expect(judges.length).to.be.greaterThan(50);
  });

  it('has agents of ERC-8004 and their accounts as the registries have them', async () => {
    const bob = await town.connect('bob');
    const agent = await bob.agents.register('ipfs://bob');
    await bob.agents.link(agent);
    await caughtUp();
    const { owner, uri, wallet } = await bob.agents.get(agent);
    const { identity } = await ask(`identity(id: "${toBeHex(agent, 32)}") { owner { id } uri wallet accounts { id }
      paid stood late rejected voided }`);
    expect(identity).to.deep.equal({
      owner: { id: owner.toLowerCase() },
      uri,
      wallet: wallet!.toLowerCase(),
      accounts: [{ id: owner.toLowerCase() }],
      ...(await bob.agents.record(agent)),
    });
    bob.close();
  });

  it('has the seat of an auditor as the pool has it', async () => {
    const verifier = await town.connect('verifier');
    const { AuditPool, MielToken, Penalties, StakeManager } = verifier.contracts;
    const [pool, penalties] = await Promise.all([AuditPool.getAddress(), Penalties.getAddress()]);
    const stake = parseEther('1000');
    await (await MielToken.approve(await StakeManager.getAddress(), stake)).wait();
    await (await StakeManager.stake(stake)).wait();
    await (await StakeManager.provision(pool, penalties, stake)).wait();
    const enrolled = await (await AuditPool.enroll()).wait();
    await caughtUp();
    const { verifier: its } = accounts(town.chain);
    const { timestamp } = (await town.chain.getBlock(enrolled!.blockNumber))!;
    const term = await AuditPool.termOf(timestamp);
    const number = await AuditPool.seatOf(its.address);
    const [{ bond }, [weight]] = await Promise.all([AuditPool.seatAt(number), AuditPool.weightAt(number, term)]);
    const { agent } = await ask(
      `agent(id: "${its.address.toLowerCase()}") { auditSeat { number bond weight term left } }`,
    );
    expect(agent.auditSeat).to.deep.equal({
      ...{ number: String(number), bond: String(bond), weight: String(weight), term: String(term), left: null },
    });
    verifier.close();
  });

  it('orders, filters and pages', async () => {
    const { transfers } = await ask('transfers(first: 5, orderBy: block, orderDirection: desc) { block amount }');
    const blocks = transfers.map(({ block }) => Number(block));
    expect(blocks).to.deep.equal([...blocks].sort((a, b) => b - a));
    const all = (await ask('transfers(first: 100, orderBy: id) { id }')).transfers;
    const pages = [0, 4].map(
      async (skip) => (await ask(`transfers(first: 4, skip: ${skip}, orderBy: id) { id }`)).transfers,
    );
    expect((await Promise.all(pages)).flat()).to.deep.equal(all.slice(0, 8));
  });

  it('answers as of a block that is past', async () => {
    const { MielToken } = requester.contracts;
    const { modeller: to, requester: of } = addresses();
    const before = await caughtUp();
    const was = await MielToken.balanceOf(of);
    await (await MielToken.transfer(to, 5n)).wait();
    await caughtUp();
    const id = of.toLowerCase();
    const now = await ask(`agent(id: "${id}") { balance }`);
    const then = await ask(`agent(id: "${id}", block: { number: ${before} }) { balance }`);
    expect([now.agent.balance, then.agent.balance]).to.deep.equal([String(was - 5n), String(was)]);
  });

  it('takes back what a reorganisation took back', async () => {
    const { MielToken } = requester.contracts;
    const { modeller: to, requester: of } = addresses();
    const id = of.toLowerCase();
    await caughtUp();
    const was = await MielToken.balanceOf(of);
    const snapshot = await town.chain.send('evm_snapshot', []);
    const { hash: lost } = await (await MielToken.transfer(to, 7n)).wait().then((receipt) => receipt!);
    await caughtUp();
    expect((await ask(`agent(id: "${id}") { balance }`)).agent.balance).to.equal(String(was - 7n));

    await town.chain.send('evm_revert', [snapshot]);
    const other = await (await MielToken.transfer(to, 11n)).wait();
    await town.chain.send('hardhat_mine', ['0x2']);
    await caughtUp();
    expect((await ask(`agent(id: "${id}") { balance }`)).agent.balance).to.equal(String(was - 11n));
    const { transfers } = await ask('transfers(first: 1000) { transaction }');
    const known = transfers.map(({ transaction }) => transaction);
    expect(known).to.include(other!.hash);
    expect(known).to.not.include(lost);
  });

  it('sums by the hour and by the day', async () => {
    // a day in one block: blocks are what takes the indexer time
    await town.chain.send('evm_increaseTime', [86_400 + 3_600]);
    await town.chain.send('hardhat_mine', ['0x2']);
    await caughtUp();
    const { activitySums } = await ask('activitySums(interval: day, where: { kind: "Posted" }) { kind count total }');
    expect(activitySums).to.deep.equal([{ kind: 'Posted', count: 1, total: 1 }]);
    const { flowSums } = await ask('flowSums(interval: hour, where: { kind: "Staked" }) { amount token }');
    const staked = flowSums.reduce((sum, { amount }) => sum + BigInt(amount as string), 0n);
    expect(String(staked)).to.equal((await ask('protocol(id: "0x00") { staked }')).protocol.staked);
  });
});
