import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commitTensor, fromHex, type Hash, listRoot, toHex, ZERO_HASH } from '@essaim/protocol';
import { type Essaim, type JobResult, jobIdOf, type Model, pause, randomSalt, type Terms, termsOf } from '@essaim/sdk';
import { makeSealingKey, type SealingKey } from '@essaim/storage';
import { expect } from 'chai';
import { parseEther, sha256 } from 'ethers';
import { loadDigits } from '../../models/digits/digits.ts';
import { sealingCheck } from '../../provider/src/sealed/check.ts';
import { accounts, type Role } from '../../scripts/demo/accounts.ts';
import { sealInputs } from '../../sdk/src/sealed/seal-inputs.ts';
import { encodeManifest } from '../../storage/src/index.ts';
import { Book } from '../../verifier/src/policy/book.ts';
import { isSeen, seenByAll } from './onlookers.ts';
import { command, handedOver, linesOf, publishBlinded, sealedRequest } from './seal.ts';
import { FEE, lieIn, Town } from './town.ts';

const run = promisify(execFile);
describe('sealed jobs', function () {
  this.timeout(120_000);
  let town: Town;
  let requester: Essaim;
  /** A model of which jobs can be sealed. */
  let model: Model;
  const scan = (row: number) => Float32Array.from(loadDigits().scans[row]);
  const bytesOf = (floats: Float32Array) => new Uint8Array(floats.slice().buffer);
  const codeOf = (work: PromiseLike<unknown>): Promise<string> =>
    Promise.resolve(work).then(
      () => 'nothing was thrown',
      ({ code }) => code,
    );

  before(async () => {
    town = await Town.open();
    model = await publishBlinded(town, 'mlp-b1');
    requester = await town.connect('requester');
    await Promise.all((['alice', 'bob'] as const).map((role) => command(town, 'provider', role, 'sealing-key')));
  });
  after(async () => {
    requester?.close();
    await town?.close();
  });

  const request = (row: number, by: Role) => sealedRequest(town, model, scan(row), by);

  /** Posts a job for alice that says it is sealed, with inputs as `make` has them sealed. */
  async function postBadly(make: (terms: Terms, recipient: Uint8Array) => Promise<unknown>): Promise<Hash> {
    const provider = accounts(town.chain).alice.address;
    const head = await town.chain.getBlock('latest');
    const claim = [bytesOf(scan(3)), crypto.getRandomValues(new Uint8Array(32))];
    const roots = claim.map((bytes, i) => commitTensor(model.program.inputs[i].type, bytes).root);
    const terms: Terms = {
      ...{ requester: accounts(town.chain).requester.address, provider, token: town.deployment.addresses.MielToken },
      ...{ deadline: BigInt(head!.timestamp + 3_600), count: 1n, salt: randomSalt(), fee: FEE, royalty: 0n },
      ...{ model: model.id, programId: model.program.id, inputsRoot: listRoot(roots), inputs: ZERO_HASH },
      ...{ collateral: parseEther('100'), isSealed: true },
    };
    const manifest = await make(terms, await requester.agents.sealingKey(provider));
    terms.inputs = sha256(encodeManifest(manifest));
    await requester.storage.putManifest(manifest);
    await (await requester.contracts.JobMarket.post(terms)).wait();
    return jobIdOf(terms);
  }

  /** Inputs that are sealed well, if the terms are those. */
  async function wellSealed(terms: Terms, recipient: Uint8Array, of = scan(3), key?: SealingKey): Promise<unknown> {
    const place = { chainId: 31_337, market: town.deployment.addresses.JobMarket, terms };
    const claims = [[bytesOf(of), new Uint8Array(32)]];
    const inputs = await sealInputs(claims, place, recipient, key ?? (await makeSealingKey()));
    await inputs.publish(requester.storage);
    return requester.storage.getManifest(inputs.digest);
  }

  it('whose inputs are garbage cost their provider nothing: it leaves by the free exit', async () => {
    const alice = await town.connect('alice');
    const jobs = [
      // to another key, of another job, nothing at all, and another input than it was posted with
      [await postBadly(async (terms) => wellSealed(terms, (await makeSealingKey()).publicKey)), 'SEALED_OTHER_KEY'],
      [await postBadly((terms, to) => wellSealed({ ...terms, salt: terms.salt ^ 1n }, to)), 'SEALED_FORGED'],
      [await postBadly(async () => ({ kind: 'essaim/sealed/1', key: new Uint8Array(200) })), 'SEALED_MALFORMED'],
      [await postBadly((terms, to) => wellSealed(terms, to, scan(4))), 'JOB_INPUTS_MISMATCH'],
    ];
    const { JobMarket, StakeManager, Penalties } = alice.contracts;
    const posted = await JobMarket.queryFilter(JobMarket.filters.Posted());
    for (const { args } of posted) await (await JobMarket.accept(termsOf(args as unknown as Terms))).wait();
    const stake = async () =>
      StakeManager.provisionOf(accounts(town.chain).alice.address, await JobMarket.getAddress(), Penalties);
    const before = await stake();
    expect(before.locked).to.be.greaterThan(0n);
    const daemon = await town.provider('alice');
    for (const [jobId, code] of jobs) {
      const left = () => daemon.lines.find(({ event, jobId: of }) => event === 'left' && of === jobId);
      while (!left()) await pause(20);
      expect(left()).to.include({ code });
    }
    const { locked, tokens } = await stake();
    expect([locked, tokens]).to.deep.equal([0n, before.tokens]);
    // it does not take them again, and who posted them has the money back
    for (const [jobId] of jobs) await requester.jobs.refund(jobId);
    alice.close();
    await daemon.child.stop();
  });

  let paid: { key: string; result: JobResult; open: JobResult; firstBlock: number };

  it('are paid, open for their requester alone, and are passed over by every verifier', async () => {
    const firstBlock = await town.chain.getBlockNumber();
    const [provider, verifier] = await Promise.all([town.provider('alice'), town.verifier()]);
    const prepared = await requester.jobs.prepare(request(7, 'alice'));
    const { jobId, key } = prepared as { jobId: Hash; key: string };
    const result = await requester.jobs.run(prepared);
    expect(result.key).to.equal(key);
    const [logits, digitRead] = result.outputs[0];
    expect(result.outputs[0].map(({ name }) => name)).to.deep.equal(['logits', 'digit']);
    const open = await requester.jobs.run({ ...request(9, 'alice'), sealed: false });
    paid = { key, result, open, firstBlock };
    expect(open.outputs[0][0].data).to.have.length(logits.data.length);
    expect(Number(digitRead.data[0])).to.equal(loadDigits().labels[7]);

    const { fault, steps } = await requester.jobs.check(jobId, { key });
    expect(fault).to.equal(null);
    expect(steps.at(-1)).to.include({ step: 'judged' });
    expect(await codeOf(requester.jobs.follow(jobId))).to.equal('JOB_SEALED');
    const stranger = toHex((await makeSealingKey()).privateKey);
    expect(await codeOf(requester.jobs.follow(jobId, { key: stranger }))).to.equal('SEALED_OTHER_KEY');
    expect(await codeOf(requester.jobs.handOver(jobId, stranger))).to.equal('SEALED_OTHER_KEY');

    await verifier.heard('sealed', jobId);
    await town.pass(25 * 3_600);
    await Promise.all([jobId, open.jobId].map((id) => provider.heard('paid', id)));
    const { JobMarket, AuditPool } = requester.contracts;
    expect((await JobMarket.job(jobId)).state).to.equal(5n);
    // of the open job's fee alone
    const due = await JobMarket.owed(town.deployment.addresses.MielToken, AuditPool);
    expect(due).to.equal((FEE * 300n) / 10_000n);
    // that a sealed result stood buys its provider no trust: nobody could look
    const book = new Book(requester);
    const head = (await town.chain.getBlock('latest'))!;
    await book.read(head.number);
    const { stood } = await book.record(accounts(town.chain).alice.address, head.number, head.timestamp);
    expect(stood).to.have.length(1);
    await Promise.all([provider.child.stop(), verifier.child.stop()]);
  });

  it('are not lost to a key that is not the published one: `check` says so', async () => {
    const { alice, carol } = accounts(town.chain);
    const found = async (account: string, data: string) =>
      [await sealingCheck(requester, account, { data: town.data(data) }).run()].flat()[0].state;
    expect(await found(alice.address, 'alice')).to.equal('ok');
    expect(await found(alice.address, 'bob')).to.equal('wrong');
    expect(await found(alice.address, 'nowhere')).to.equal('wrong');
    expect(await found(carol.address, 'alice')).to.equal('warning');
    expect(await found(carol.address, 'nowhere')).to.equal('ok');
  });

  it('leave nothing readable: neither in any block of storage nor in any call or log of the chain', async () => {
    const { key, result, open, firstBlock } = paid;
    const seen = await seenByAll(town.chain, firstBlock, town.blocks);
    const logitsRoot = ({ outputs: [[{ data }]] }: JobResult) => {
      const { values, outputs } = model.program;
      const { root } = commitTensor(values[outputs[0].value].type, bytesOf(data as Float32Array));
      return fromHex(root, 32);
    };
    const plain = bytesOf(scan(7));
    const outputs = result.outputs[0].map(({ data }) => new Uint8Array((data as Float32Array).slice().buffer));
    const secrets = {
      input: plain.subarray(80, 120),
      logits: outputs[0],
      'a part of the logits': outputs[0].subarray(8, 20),
      'the root of the logits, which who guesses the input can compute': logitsRoot(result),
      'the job’s key': fromHex(key, 32),
      'the provider’s key': fromHex(readFileSync(join(town.data('alice'), 'sealing-key'), 'utf8').trim(), 32),
    };
    for (const [what, bytes] of Object.entries(secrets)) expect(isSeen(seen, bytes), what).to.equal(false);
    // the same eyes see all of a job that is not sealed
    const other = bytesOf(scan(9));
    expect(isSeen(seen, other.subarray(80, 120))).to.equal(true);
    expect(isSeen(seen, logitsRoot(open))).to.equal(true);
  });

  it('that are cheated on are convicted by the verifier that they were handed to', async () => {
    const cheat = await town.cheat('bob', {
      cheats: [{ programId: model.program.id, claim: 0, lie: lieIn({ program: model.program } as Model) }],
    });
    const { jobId, file } = await handedOver(town, requester, request(11, 'bob'));
    const said = linesOf(await command(town, 'verifier', 'verifier', 'check-sealed', file));
    const verdict = said.find(({ event }) => event === 'convicted');
    expect(verdict).to.include({ jobId, verdict: 'convicted', fault: 'element', transactions: 2 });
    expect(said.some(({ event }) => event === 'demanded')).to.equal(false);
    expect(await codeOf(requester.jobs.follow(jobId))).to.equal('JOB_REJECTED');
    // all of the fee comes back: nothing was drawn for audits
    const { MielToken } = requester.contracts;
    const before = await MielToken.balanceOf(accounts(town.chain).requester);
    await requester.jobs.refund(jobId);
    expect((await MielToken.balanceOf(accounts(town.chain).requester)) - before).to.equal(FEE);
    await cheat.child.stop();
  });

  it('whose provider hides its result are demanded by whom the requester appointed, and nobody else', async () => {
    const cheat = await town.cheat('bob', { cheats: [], hideReceipts: true, silent: true });
    const { alice, verifier } = accounts(town.chain);
    const { jobId, file } = await handedOver(town, requester, request(12, 'bob'), '--appoint', verifier.address);
    const asking = ['verifier/src/main.ts', 'check-sealed', file, ...town.common(), '--patience', '100'];
    const stranger = await run(process.execPath, [...asking, '--key-file', town.keyFile('alice')]).catch((it) => it);
    expect(stranger.code, alice.address).to.equal(1);
    expect(linesOf(stranger.stdout).at(-1)).to.include({ event: 'retrying', code: 'Availability_NotRequester' });

    const daemon = await town.daemon('verifier', [...asking, '--key-file', town.keyFile('verifier')]);
    await daemon.heard('demanded', jobId);
    await town.pass(7 * 3_600);
    await town.chain.send('hardhat_mine', ['0x400']);
    expect(await daemon.heard('convicted', jobId)).to.include({ fault: 'silence', verdict: 'convicted' });
    await cheat.child.stop();
  });
});
