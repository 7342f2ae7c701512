import { batchIdOf, ClaimState, type Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { AbiCoder, decodeBytes32String, keccak256, ZeroHash } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { Killer } from './kill/killer.ts';
import { lieIn, Town } from './town.ts';

describe('a verifier that is killed at every state of every transaction against a job', function () {
  this.timeout(180_000);
  let town: Town;
  let killer: Killer;
  let reader: Essaim;
  before(async () => {
    town = await Town.open();
    killer = new Killer(town);
    reader = await town.connect('requester');
  });
  after(async () => {
    reader?.close();
    await town?.close();
  });

  const verifier = () => killer.verifier('verifier');
  const nonce = () => killer.nonce('verifier');
  const batchOf = async (jobId: string) => batchIdOf(await reader.contracts.JobMarket.getAddress(), jobId);
  const stateOf = async (jobId: string) => reader.contracts.Claims.state(await batchOf(jobId));
  /** A job of bob's, who is gone once it is submitted. */
  async function submitted(settings: Parameters<Town['cheat']>[1], model = town.models.mlp): Promise<string> {
    const cheat = await town.cheat('bob', settings);
    const jobId = await town.post(model, 'bob');
    await cheat.heard('submitted', jobId);
    await cheat.child.stop();
    return jobId;
  }

  it('demands what is withheld once, which is answered once, and has its bond back', () =>
    killer.play('demand', async () => {
      const jobId = await submitted({ cheats: [], withhold: true, hideReceipts: true });
      const before = await nonce();
      await killer.dieAt('demanding', verifier());
      expect(await nonce()).to.equal(before + 1);
      const answered = await killer.nonce('bob');
      const answer = killer.seller('bob', '--no-publish-traces');
      await killer.dieAt('answering demand', answer);
      expect(await killer.nonce('bob')).to.equal(answered + 1);
      const { Claims, Availability } = reader.contracts;
      expect(await Claims.openDemands(await batchOf(jobId))).to.equal(0n);
      const [bob, own] = await Promise.all([answer(), verifier()()]);
      await own.heard('checked', jobId);
      await Promise.all([bob.child.stop(), own.child.stop()]);
      const asked = (await nonce()) - before;
      await town.pass(100_000);
      await killer.dieAt('settling demand', verifier());
      await killer.dieAt('fetching coins from demands', verifier());
      const { address } = accounts(town.chain).verifier;
      expect(await Availability.credit(address)).to.equal(0n);
      expect(await nonce()).to.equal(before + 2 * asked + 1);
      const demands = await Availability.queryFilter(Availability.filters.Demanded(undefined, await batchOf(jobId)));
      expect(demands.length).to.equal(asked);
    }));

  it('convicts who does not answer once, and collects once', () =>
    killer.play('silence', async () => {
      const jobId = await submitted({ cheats: [], withhold: true, hideReceipts: true, silent: true });
      const before = await nonce();
      await killer.dieAt('demanding', verifier());
      await town.pass(7 * 3_600);
      await killer.dieAt('convicting a silent executor of batch', verifier());
      await killer.dieAt('collecting the slash of batch', verifier());
      expect(await stateOf(jobId)).to.equal(ClaimState.Rejected);
      expect(await reader.contracts.Penalties.collected(await batchOf(jobId))).to.equal(true);
      // the demand, its end and the slash; its bond may be back already, and fetched
      expect((await nonce()) - before).to.be.within(3, 5);
    }));

  it('accuses, proves and collects once', () =>
    killer.play('challenge', async () => {
      const { cnn } = town.models;
      const jobId = await submitted({ cheats: [{ programId: cnn.program.id, claim: 0, lie: lieIn(cnn) }] }, cnn);
      const before = await nonce();
      for (const deed of ['accusing batch', 'proving a fault in batch', 'collecting the slash of batch'])
        await killer.dieAt(deed, verifier());
      expect(await stateOf(jobId)).to.equal(ClaimState.Rejected);
      expect(await reader.contracts.Penalties.collected(await batchOf(jobId))).to.equal(true);
      expect(await nonce()).to.equal(before + 3);
    }));

  it('bars a program that the chain cannot judge once', () =>
    killer.play('barred program', async () => {
      const { program } = town.models.mlp;
      await submitted({ cheats: [] });
      await forget(program.operators[0]);
      const before = await nonce();
      await killer.dieAt('barring program', verifier());
      expect(decodeBytes32String(await reader.contracts.Malformed.barred(program.id))).to.equal('judge');
      expect(await nonce()).to.equal(before + 1);
    }));

  /** Takes a judge out of the registry, as on a chain that never had it. */
  async function forget({ opcode, judge }: { readonly opcode: string; readonly judge: string }): Promise<void> {
    const { JudgeRegistry } = reader.contracts;
    const slotIn = (key: string, base: string) =>
      keccak256(AbiCoder.defaultAbiCoder().encode(['bytes32', 'bytes32'], [key, base]));
    for (let at = 0; at < 4; at++) {
      const slot = slotIn(judge, slotIn(opcode, `0x${at.toString(16).padStart(64, '0')}`));
      await town.chain.send('hardhat_setStorageAt', [await JudgeRegistry.getAddress(), slot, ZeroHash]);
    }
    expect(BigInt(await JudgeRegistry.judge(opcode, judge))).to.equal(0n);
  }
});
