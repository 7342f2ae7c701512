import { OPCODES, opcodeOf } from '@essaim/protocol';
import type { Deployment } from '@essaim/sdk';
import { ContractFactory, getCreateAddress, type Signer } from 'ethers';
import { artifacts, type ContractName, contractNames, judgeNames } from './artifacts.ts';

/** Seconds that stake thaws: longer than any window and all its extensions. */
const THAW = 14 * 24 * 3_600;
/** Seconds that a decision waits in the timelock. */
const TIMELOCK_DELAY = 2 * 24 * 3_600;

/** Blocks between the last unit of a run's budget and the block that its seed comes from. */
const DRAW_DELAY = 32;
/** Blocks for which EIP-2935 keeps hashes. */
const LOOK_BACK = 8_191;

export interface Genesis {
  /** Who holds MIEL on day one, and how much, in wei. The whole supply. */
  holders: Record<string, bigint>;
  /** Who proposes to the timelock until the governor is there. */
  proposer: string;
}

type Addresses = Record<ContractName, string>;

/** Constructor arguments of every contract; addresses are known before deployment, so that cycles are no problem. */
function constructorArgs(at: Addresses, genesis: Genesis): Record<ContractName, unknown[]> {
  const judges = Object.fromEntries(judgeNames.map((name) => [name, []])) as unknown as Record<ContractName, unknown[]>;
  const entries = OPCODES.flatMap(({ name, since, contract }) =>
    since.map((version) => ({ opcode: opcodeOf(name, version), judge: at[contract as ContractName] })),
  );
  return {
    ...judges,
    MielToken: [Object.keys(genesis.holders), Object.values(genesis.holders)],
    TimelockController: [TIMELOCK_DELAY, [genesis.proposer], [genesis.proposer], `0x${'0'.repeat(40)}`],
    FixedParameters: [],
    PoolFees: [],
    StakeManager: [at.MielToken, THAW, at.PoolFees],
    Shares: [at.Royalties],
    Royalties: [at.ModelRegistry, at.DatasetRegistry, at.Shares],
    DatasetRegistry: [at.Royalties],
    ModelRegistry: [at.Royalties, at.RunEscrow],
    JudgeRegistry: [at.TimelockController, entries],
    Accusations: [at.FixedParameters],
    Claims: [at.FixedParameters, at.Referee, at.Malformed, at.Availability],
    Penalties: [at.Claims, at.StakeManager, at.FixedParameters],
    Availability: [at.Claims, at.FixedParameters],
    Referee: [at.Claims, at.JudgeRegistry, at.Accusations, at.Availability],
    Malformed: [at.Claims, at.JudgeRegistry, at.Accusations, at.Availability],
    JobMarket: [
      at.Claims,
      at.StakeManager,
      at.Penalties,
      at.ModelRegistry,
      at.Malformed,
      at.FixedParameters,
      at.Accusations,
      at.TimelockController,
      at.AuditPool,
    ],
    BlockRandomness: [DRAW_DELAY, LOOK_BACK],
    AuditPool: [
      {
        claims: at.Claims,
        stake: at.StakeManager,
        penalties: at.Penalties,
        market: at.JobMarket,
        parameters: at.FixedParameters,
        randomness: at.BlockRandomness,
        referee: at.Referee,
        availability: at.Availability,
        accusations: at.Accusations,
        miel: at.MielToken,
      },
    ],
    RunRules: [at.FixedParameters, at.Malformed, at.ModelRegistry, at.DatasetRegistry],
    StepFaults: [at.TrainingRegistry, at.Claims, at.Accusations, at.DatasetRegistry, at.ScoredRounds],
    ScoredRounds: [at.TrainingRegistry, at.BlockRandomness],
    RunEscrow: [
      ...[at.TrainingRegistry, at.StakeManager, at.MielToken, at.FixedParameters, at.ModelRegistry, at.Royalties],
      ...[at.TimelockController, at.AuditPool],
    ],
    TrainingRegistry: [
      {
        claims: at.Claims,
        stake: at.StakeManager,
        penalties: at.Penalties,
        parameters: at.FixedParameters,
        randomness: at.BlockRandomness,
        rules: at.RunRules,
        faults: at.StepFaults,
        escrow: at.RunEscrow,
        scores: at.ScoredRounds,
      },
    ],
  };
}

/** Deploys the whole protocol from an account that sends nothing else meanwhile. */
export async function deployProtocol(
  signer: Signer,
  genesis: Genesis,
  progress: (done: number, of: number, name: ContractName) => void = () => {},
): Promise<Deployment> {
  const provider = signer.provider!;
  const from = await signer.getAddress();
  const first = await provider.getTransactionCount(from);
  const addresses = Object.fromEntries(
    contractNames.map((name, i) => [name, getCreateAddress({ from, nonce: first + i })]),
  ) as Addresses;
  const startBlock = await provider.getBlockNumber();
  const args = constructorArgs(addresses, genesis);
  for (const [i, name] of contractNames.entries()) {
    const { abi, bytecode } = artifacts(name);
    const contract = await new ContractFactory(abi, bytecode, signer).deploy(...args[name], { nonce: first + i });
    await contract.waitForDeployment();
    progress(i + 1, contractNames.length, name);
  }
  return { chainId: Number((await provider.getNetwork()).chainId), startBlock, addresses };
}
