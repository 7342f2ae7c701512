import { expect } from 'chai';
import { type BaseContract, FunctionFragment, Interface, type ParamType } from 'ethers';
import { artifacts, type ContractName } from '../../../scripts/lib/artifacts.ts';
import {
  accepted,
  connection,
  jobIdOf,
  type Market,
  MIEL,
  PRICE,
  PROGRAM,
  staked,
  submitted,
} from '../market/fixture.ts';
import { type Action, decided, deployedSystem, queued, type System } from './decide.ts';

const { ethers, networkHelpers } = connection;
const DAY = 86_400;
const key = (name: string) => ethers.encodeBytes32String(name);

/** The deployed system with a provider's stake in a job of somebody's, and another job whose result is in its window. */
async function working() {
  const system = await deployedSystem();
  const { addresses } = system;
  const [, , , , requester, provider, modelOwner] = await ethers.getSigners();
  const token = await ethers.deployContract('Token__Mock');
  const models = await ethers.getContractAt('ModelRegistry', addresses.ModelRegistry);
  await models.connect(modelOwner).register(PROGRAM, ethers.id('manifest'), token, PRICE);
  const model = BigInt(
    ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(['address', 'bytes32'], [modelOwner.address, PROGRAM])),
  );
  await token.mint(requester, 10n ** 24n);
  await token.connect(requester).approve(system.market, ethers.MaxUint256);
  const penalties = await ethers.getContractAt('Penalties', addresses.Penalties);
  const claims = await ethers.getContractAt('Claims', addresses.Claims);
  const whole = { ...system, requester, provider, token, model, models, penalties, claims };
  const market = whole as unknown as Market;
  await staked(market, provider, 10_000n * MIEL);
  const [held, pending] = [await accepted(market), await submitted(market)];
  return { ...whole, held, pending };
}

describe('Governance', () => {
  let s: System;
  const act = (to: BaseContract, name: string, ...args: unknown[]): Action => [
    to,
    to.interface.encodeFunctionData(name, args),
  ];
  const propose = (by = s.founder, description = 'A proposal') =>
    s.governor.connect(by).propose([s.parameters], [0], [act(s.parameters, 'unpause')[1]], description);

  beforeEach(async () => {
    s = await networkHelpers.loadFixture(deployedSystem);
  });

  it('gives no votes to what is borrowed for one block: neither to propose nor to vote', async () => {
    await ethers.provider.send('evm_setAutomine', [false]);
    const gas = { gasLimit: 1_000_000 };
    await s.miel.transfer(s.stranger, 150_000_000n * MIEL, gas);
    await s.miel.connect(s.stranger).delegate(s.stranger, gas);
    const sent = await s.governor
      .connect(s.stranger)
      .propose([s.parameters], [0], [act(s.parameters, 'unpause')[1]], 'borrowed', gas);
    await s.miel.connect(s.stranger).transfer(s.founder, 150_000_000n * MIEL, gas);
    await ethers.provider.send('evm_mine', []);
    await ethers.provider.send('evm_setAutomine', [true]);
    expect((await ethers.provider.getTransactionReceipt(sent.hash))!.status).to.equal(0);
    await propose();
    const id = await s.governor.getProposalId(
      [s.parameters],
      [0],
      [act(s.parameters, 'unpause')[1]],
      ethers.id('A proposal'),
    );
    await networkHelpers.time.increaseTo((await s.governor.proposalSnapshot(id)) + 1n);
    await s.miel.transfer(s.stranger, 150_000_000n * MIEL);
    await s.governor.connect(s.stranger).castVote(id, 1);
    expect((await s.governor.proposalVotes(id)).forVotes).to.equal(0n);
  });

  it('hears nobody under the threshold', async () => {
    await propose(s.other, 'exactly the threshold');
    await s.miel.connect(s.other).transfer(s.founder, 1n);
    await networkHelpers.mine();
    await expect(propose(s.other, 'one wei less'))
      .to.be.revertedWithCustomError(s.governor, 'GovernorInsufficientProposerVotes')
      .withArgs(s.other, 100_000n * MIEL - 1n, 100_000n * MIEL);
  });

  it('cannot move a parameter out of its bounds, too far, or twice in a day, by any majority', async () => {
    const change = (name: string, value: bigint) => act(s.parameters, 'change', [key(name)], [value]);
    const refused = async (actions: Action[], error: string) => {
      const execute = await queued(s.governor, s.founder, actions, error);
      await networkHelpers.time.increase(2 * DAY);
      await expect(execute()).to.be.revertedWithCustomError(s.parameters, error);
    };
    await refused([change('slashRules.bounty', 2_501n)], 'Parameters_Bounds');
    await refused([change('claimRules.windowBlocks', 1_799n)], 'Parameters_Step');
    await refused([change('jobRules.freeExit', 900n), change('jobRules.lateness', 900n)], 'Parameters_TooSoon');
    expect(await s.parameters.epoch()).to.equal(1n);
  });

  it('counts a token once, liquid, staked or delegated from one to the other', async () => {
    const all = await s.miel.balanceOf(s.founder);
    await s.miel.approve(s.stake, ethers.MaxUint256);
    await s.stake.stake(all / 2n);
    await s.stake.delegate(s.stranger);
    await networkHelpers.mine();
    await propose();
    const id = await s.governor.getProposalId(
      [s.parameters],
      [0],
      [act(s.parameters, 'unpause')[1]],
      ethers.id('A proposal'),
    );
    await networkHelpers.time.increaseTo((await s.governor.proposalSnapshot(id)) + 1n);
    await s.stake.delegate(s.founder);
    await s.miel.delegate(s.stranger);
    await s.stake.stake(all / 4n);
    await s.governor.castVote(id, 1);
    await s.governor.connect(s.stranger).castVote(id, 1);
    expect((await s.governor.proposalVotes(id)).forVotes).to.equal(all);
    await expect(s.governor.connect(s.stranger).castVote(id, 1)).to.be.revertedWithCustomError(
      s.governor,
      'GovernorAlreadyCastVote',
    );
  });

  it('replaces a guardian that never lifts its pause, which holds up new jobs alone, and half of the time at most', async () => {
    const w = await networkHelpers.loadFixture(working);
    const job = w as unknown as Market;
    await w.parameters.connect(w.guardian).pause(7 * DAY);
    await expect(accepted(job)).to.be.revertedWithCustomError(w.market, 'JobMarket_Paused');
    await w.market.connect(w.provider).submit(w.held, ethers.id('trace'), ethers.id('receipt'));
    await networkHelpers.time.increase(7 * DAY);
    await accepted(job, { deadline: 2n ** 39n });
    await expect(w.parameters.connect(w.guardian).pause(1)).to.be.revertedWithCustomError(
      w.parameters,
      'Parameters_Pause',
    );
    await networkHelpers.time.increase(7 * DAY);
    await w.parameters.connect(w.guardian).pause(7 * DAY);
    await decided(w.governor, w.founder, [act(w.parameters, 'setGuardian', ethers.ZeroAddress)], 'No guardian');
    await networkHelpers.time.increase(14 * DAY);
    await expect(w.parameters.connect(w.guardian).pause(1)).to.be.revertedWithCustomError(
      w.parameters,
      'Parameters_Caller',
    );
  });

  describe('with every vote in one hostile hand', () => {
    type Working = Awaited<ReturnType<typeof working>>;
    let w: Working;

    beforeEach(async () => {
      w = await networkHelpers.loadFixture(working);
    });

    /** All that a majority must not reach. */
    const untouchable = async () => ({
      escrow: await w.token.balanceOf(w.market),
      stake: await w.miel.balanceOf(w.stake),
      provision: [...(await w.stake.provisionOf(w.provider, w.market, w.penalties))],
      held: [...(await w.market.job(jobIdOf(w.held)))],
      pending: [...(await w.market.job(jobIdOf(w.pending)))],
      claim: await w.claims.state(await w.market.batchIdOf(jobIdOf(w.pending))),
      judge: await w.registry.judge(
        ethers.id('ai.onnx/Transpose/13'),
        ethers.keccak256(await ethers.provider.getCode(w.addresses.MoveJudge)),
      ),
      rules: [...(await w.parameters.jobRules(1)), ...(await w.parameters.slashRules(1))],
    });

    it('nothing that the timelock can call reaches escrow, stakes, claims, judges or an epoch that began', async () => {
      const timelock = await ethers.getImpersonatedSigner(w.addresses.TimelockController);
      await networkHelpers.setBalance(timelock.address, 100n * MIEL);
      const before = await untouchable();
      const batchId = await w.market.batchIdOf(jobIdOf(w.pending));
      /** An argument that means the victims where it can. */
      const argument = (param: ParamType): unknown => {
        if (param.baseType === 'array') return [argument(param.arrayChildren!)];
        if (param.components?.[0].name === 'requester') return w.held;
        if (param.baseType === 'tuple') return param.components!.map(argument);
        if (param.name === 'jobId') return jobIdOf(w.pending);
        const values: Record<string, unknown> = {
          bytes32: batchId,
          address: w.provider.address,
          bool: true,
          bytes: '0x',
        };
        return values[param.type] ?? (param.type === 'string' ? '' : param.type === 'bytes4' ? '0x00000000' : 1);
      };
      const reachable: ContractName[] = [
        ...(['JobMarket', 'StakeManager', 'Claims', 'Penalties', 'Availability', 'Referee', 'Malformed'] as const),
        ...(['JudgeRegistry', 'EmissionReserve', 'RunEscrow', 'TrainingRegistry', 'Royalties', 'MielToken'] as const),
        ...(['ScoredRounds', 'StepFaults', 'Accusations', 'ModelRegistry', 'DatasetRegistry', 'PoolFees'] as const),
        ...(['Emissions', 'Outcomes'] as const),
      ];
      let [called, carried] = [0, 0];
      for (const name of reachable) {
        const abi = new Interface(artifacts(name).abi);
        for (const fragment of abi.fragments) {
          if (!FunctionFragment.isFragment(fragment) || ['view', 'pure'].includes(fragment.stateMutability)) continue;
          const data = abi.encodeFunctionData(fragment, fragment.inputs.map(argument));
          const call = { to: w.addresses[name], data, gasLimit: 2_000_000 };
          called++;
          await timelock.sendTransaction(call).then(
            () => (carried += 1),
            () => {},
          );
        }
      }
      expect(called).to.be.greaterThan(80);
      expect(carried, 'its own tokens, shares and accusations').to.be.greaterThan(3);
      expect(await untouchable()).to.deep.equal(before);
    });

    it('the votes carry no slash, no conviction, no withdrawal for others and no other judge', async () => {
      const { stake, claims, market, registry, founder: hostile, governor, addresses } = w;
      const [provider, penalties, founder] = [w.provider.address, w.penalties.target, hostile.address];
      const batchId = await market.batchIdOf(jobIdOf(w.pending));
      const tries: [Action, BaseContract, string][] = [
        [
          act(stake, 'slash', provider, market.target, 1, 1, founder, 0, founder, 0),
          stake,
          'StakeManager_Insufficient',
        ],
        [act(stake, 'release', provider, penalties, 1, 1), stake, 'StakeManager_Insufficient'],
        [act(claims, 'reject', batchId, 0, founder), claims, 'Claims_NotAdjudicator'],
        [act(claims, 'annul', batchId, 0), claims, 'Claims_NotAdjudicator'],
        [act(market, 'cancel', w.held), market, 'JobMarket_Caller'],
        [act(market, 'release', w.pending), market, 'JobMarket_Caller'],
        [act(registry, 'add', ethers.id('ai.onnx/Transpose/13'), addresses.MoveJudge), registry, 'JudgeRegistry_Taken'],
        [act(w.reserve, 'emitTo', founder, 1), w.reserve, 'EmissionReserve_Caller'],
      ];
      const before = await untouchable();
      for (const [action, contract, error] of tries) {
        const execute = await queued(governor, hostile, [action], error + action[1]);
        await networkHelpers.time.increase(2 * DAY);
        await expect(execute()).to.be.revertedWithCustomError(contract, error);
      }
      const { claim: _, ...rest } = await untouchable();
      const { claim: __, ...was } = before;
      expect(rest).to.deep.equal(was);
    });
  });
});
