import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Archive, Capacity, Provider, type ProviderEvent, Speeds } from '@essaim/provider';
import { openTracer, type Tracer } from '@essaim/runtime';
import { type Essaim, JobState, jobIdOf, type Offer, pause, type Terms } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { FEE, Town } from './town.ts';

describe('a provider that sells', () => {
  let town: Town;
  let requester: Essaim;
  let token: string;
  before(async () => {
    town = await Town.open();
    requester = await town.connect('requester');
    token = town.deployment.addresses.MielToken;
  });
  after(async () => {
    requester?.close();
    await town?.close();
  });

  const provider = (role: 'alice' | 'bob', ...args: string[]) => {
    const own = ['--key-file', town.keyFile(role), '--data', town.data(role)];
    return promisify(execFile)(process.execPath, ['provider/src/main.ts', ...args, ...town.common(), ...own]);
  };
  const pixels = () => new Float32Array(64).fill(3);

  it('accepts of a burst of 50 jobs those that it can finish, and submits each of them in time', async () => {
    const { model, program } = { model: town.models.mlp, program: town.models.mlp.program };
    const { terms } = await requester.jobs.prepare({
      ...{ model, inputs: pixels(), token, fee: FEE, collateral: parseEther('100') },
      provider: accounts(town.chain).alice.address,
    });
    const market = requester.contracts.JobMarket;
    const burst = Array.from({ length: 50 }, (_, i): Terms => ({ ...terms, salt: BigInt(i + 1) }));
    for (const each of burst) await (await market.post(each)).wait(0);
    const [lead, window] = [40, 8];
    const head = await town.chain.getBlock('latest');
    await town.chain.send('evm_increaseTime', [Number(terms.deadline) - head!.timestamp - lead - window]);
    await town.chain.send('evm_mine', []);

    const essaim = await town.connect('alice');
    const events: ProviderEvent[] = [];
    const honest = openTracer();
    const slow = new Proxy(honest, {
      apply: async (target, self, given: Parameters<Tracer>) => {
        await pause(250);
        return Reflect.apply(target, self, given);
      },
    });
    const speeds = new Speeds();
    speeds.observed(program.id, 1, 0.5, 0.25);
    const policy = { models: [], minimumFee: { [token.toLowerCase()]: 1n }, maximumCollateral: parseEther('1000') };
    const stop = new AbortController();
    const working = new Provider({
      ...{ essaim, trace: slow, archive: new Archive(town.data('burst')), say: (event) => events.push(event) },
      policy: { ...policy, selfCheck: false },
      capacity: new Capacity({ lead, speeds }),
    }).run(stop.signal);
    const named = (name: string) =>
      new Set(events.flatMap((event) => (event.event === name && 'jobId' in event ? [event.jobId] : [])));
    for (
      let waited = 0;
      waited < 1_000 * (window + 2) || named('submitted').size < named('accepted').size;
      waited += 100
    )
      await pause(100);
    stop.abort();
    await working;
    essaim.close();

    const [accepted, submitted] = [named('accepted'), named('submitted')];
    expect(accepted.size).to.be.within(3, 49);
    expect([...submitted].sort()).to.deep.equal([...accepted].sort());
    const refused = events.flatMap((event) => (event.event === 'refused' && 'jobId' in event ? [event] : []));
    expect(new Set(refused.map(({ code }) => code))).to.deep.equal(new Set(['CAPACITY_TIME']));
    for (const each of burst) {
      const id = jobIdOf(each);
      const { state } = await market.job(id);
      expect(state).to.equal(accepted.has(id) ? JobState.Submitted : JobState.Posted);
      expect(accepted.has(id) || named('refused').has(id)).to.equal(true);
    }
  });

  it('refuses a model that its device was not qualified for, and takes it when check has qualified it', async () => {
    const fee = ['--fee', `${token}=1`];
    const bob = await town.provider('bob', '--unqualified', 'refuse');
    const jobId = await town.post(town.models.mlp, 'bob');
    const refusal = await bob.heard('refused', jobId);
    expect(refusal).to.include({ code: 'MODEL_UNQUALIFIED' });
    expect(refusal.help).to.contain(`check --model ${town.models.mlp.id}`);
    const checked = await provider('bob', 'check', ...fee, '--model', String(town.models.mlp.id));
    expect(checked.stdout).to.match(/models +mlp-b1: This device is qualified for the model on cpu/);
    expect(checked.stdout).to.match(/models +mlp-b1: [\d.]+ ms an input, \d+ an hour .* MiB of memory/);
    await bob.heard('submitted', jobId);
    await bob.child.stop();
    const status = await provider('bob', 'status', ...fee);
    expect(status.stdout).to.match(/qualified +for 1 programs/);
    expect(status.stdout).to.match(/held +claims to answer for until \d{4}-/);
  });

  it('is found by its offer, promises by a quote, and keeps the promise at the quoted price', async () => {
    const { id } = town.models.mlp;
    const file = join(town.folder, 'offers.json');
    const sells = (price: string) => [{ model: String(id), token, fee: price, collateral: String(parseEther('200')) }];
    writeFileSync(file, JSON.stringify(sells('1000')));
    const selling = ['--offers', file, '--shop', '127.0.0.1:0', '--unqualified', 'qualify'];
    let bob = await town.provider('bob', ...selling);
    const url = String((await bob.heard('serving')).url);
    const [announced, again] = [
      await provider('bob', 'announce', ...selling, '--shop-url', url),
      await provider('bob', 'announce', ...selling, '--shop-url', `${url}/`),
    ];
    expect(announced.stdout).to.match(/^agent \d+ leads to the offer of 0x/);
    expect(again.stdout.split(' ')[1]).to.equal(announced.stdout.split(' ')[1]);

    const { offers } = requester;
    const { bob: seller } = accounts(town.chain);
    const offer = await offers.of(seller.address);
    expect(offer).to.include({ provider: seller.address, url });
    expect(offer.concurrency).to.be.greaterThan(0);
    expect((await offers.all()).offers).to.deep.equal([offer]);
    const wanted = { token, count: 1, collateral: parseEther('100') };
    const [{ line, cost }] = await offers.choose([offer], { id }, wanted);
    expect(cost).to.equal(1_000n);
    expect(line.milliseconds).to.be.greaterThan(0);
    expect(await offers.choose([offer], { id }, { ...wanted, collateral: parseEther('201') })).to.deep.equal([]);
    const forged: Offer = { ...offer, lines: [{ ...line, fee: '1' }] };
    const stored = await requester.storage.put(new TextEncoder().encode(JSON.stringify(forged)));
    expect(await offers.at(`ipfs://${stored}`).catch(({ code }) => code)).to.equal('OFFER_INVALID');

    const quote = await offers.quote(offer, town.models.mlp, wanted);
    expect(quote).to.include({ fee: '1000', count: 1, provider: seller.address });
    const dear = await offers.quote(offer, town.models.mlp, { ...wanted, token: seller.address }).catch((e) => e);
    expect(dear).to.include({ code: 'SHOP_REFUSED' });
    expect(dear.message).to.contain('a token that is not taken');
    await bob.child.stop();
    // the price rises, the promise stands, also after a restart
    writeFileSync(file, JSON.stringify(sells('5000')));
    bob = await town.provider('bob', ...selling);
    const cheap = await town.post(town.models.mlp, 'bob', { fee: 999n });
    expect((await bob.heard('refused', cheap)).message).to.equal('a fee below 5000');
    const request = await offers.request(quote, town.models.mlp, pixels());
    const run = requester.jobs.run(request);
    const { jobId } = await run;
    await bob.heard('submitted', jobId);
    const second = await town.post(town.models.mlp, 'bob', { fee: 1_000n });
    expect((await bob.heard('refused', second)).message).to.equal('a fee below 5000');
    await bob.child.stop();
  });
});
