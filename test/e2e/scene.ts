import { parseEther } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { createRun, registerDigits } from './school.ts';
import { lieIn, type Town } from './town.ts';

/** A day and some hours in no more blocks than a window has: an indexer reads each. */
async function passQuickly({ chain }: Town): Promise<void> {
  await chain.send('hardhat_mine', ['0xe20']);
  await chain.send('evm_increaseTime', [27 * 3_600]);
  await chain.send('evm_mine', []);
}

/** A bit of everything that there is to read, on a town's chain. */
export async function playScene(town: Town): Promise<void> {
  await jobs(town);
  await assets(town);
  await governance(town);
}

/** A lie that is shown after a demand, and an honest job that is paid; an auditor and an agent of ERC-8004. */
async function jobs(town: Town): Promise<void> {
  const { cnn } = town.models;
  const verifier = await town.verifier();
  const liar = await town.cheat('bob', {
    cheats: [{ programId: cnn.program.id, claim: 0, lie: lieIn(cnn) }],
    withhold: true,
  });
  const lied = await town.post(cnn, 'bob');
  await verifier.heard('convicted', lied);
  await liar.child.stop();
  const alice = await town.provider('alice');
  const right = await town.post(cnn, 'alice');
  await verifier.heard('checked', right);
  const bob = await town.connect('bob');
  await bob.agents.link(await bob.agents.register('ipfs://bob'));
  bob.close();
  await passQuickly(town);
  await alice.heard('paid', right);
  await Promise.all([alice.child.stop(), verifier.child.stop()]);
  const carol = await town.connect('carol');
  const { AuditPool, MielToken, Penalties, StakeManager } = carol.contracts;
  const stake = parseEther('1000');
  await (await MielToken.approve(await StakeManager.getAddress(), stake)).wait();
  await (await StakeManager.stake(stake)).wait();
  await (await StakeManager.provision(await AuditPool.getAddress(), await Penalties.getAddress(), stake)).wait();
  await (await AuditPool.enroll()).wait();
  carol.close();
}

/** A model that comes from another and is divided, with a new price; a data set, and a run that is backed. */
async function assets(town: Town): Promise<void> {
  const [modeller, dora] = await Promise.all([town.connect('modeller'), town.connect('dora')]);
  const { modeller: owner, dave } = accounts(town.chain);
  const { ModelRegistry, JobMarket } = modeller.contracts;
  const { id, program } = town.models.mlp;
  const token = town.deployment.addresses.MielToken;
  const [elsewhere] = await ModelRegistry.queryFilter(ModelRegistry.filters.ProgramAdded(id));
  const parents = [{ asset: town.models.cnn.id, version: 0, bps: 1_000 }];
  await (
    await (ModelRegistry.connect(dave) as typeof ModelRegistry).registerDerived(
      program.id,
      elsewhere.args.manifest,
      token,
      5n,
      parents,
    )
  ).wait();
  await modeller.shares.create(town.models.cnn.id, [
    { holder: owner.address, amount: parseEther('60') },
    { holder: dave.address, amount: parseEther('40') },
  ]);
  await (await ModelRegistry.setPrice(id, token, 77n)).wait();
  if ((await JobMarket.royalties(token, town.models.cnn.id)) > 0n)
    await (await JobMarket.collectRoyalty(token, town.models.cnn.id)).wait();
  const dataset = await registerDigits(town, dora);
  const { runId } = await createRun(town, dora, dataset);
  await (await dora.contracts.MielToken.approve(town.deployment.addresses.RunEscrow, parseEther('100'))).wait();
  await dora.training.back(runId, parseEther('2'));
  modeller.close();
  dora.close();
}

/** A proposal with two votes. */
async function governance(town: Town): Promise<void> {
  const founder = await town.connect('founder');
  const { dave } = accounts(town.chain);
  await (await founder.contracts.MielToken.transfer(dave.address, parseEther('30000000'))).wait();
  const voter = await town.connect('dave');
  await voter.governance.delegate(dave.address, 'token');
  await town.pass(60);
  const proposal = await voter.governance.prepare({ title: 'A fee', parameters: { 'feeRules.protocolFee': 250n } });
  await voter.governance.propose(proposal);
  const { snapshot, now } = await voter.governance.proposal(proposal.id);
  await town.chain.send('evm_increaseTime', [Number(snapshot - now) + 60]);
  await town.chain.send('evm_mine', []);
  await voter.governance.vote(proposal.id, 'for', 'because');
  voter.close();
  founder.close();
}
