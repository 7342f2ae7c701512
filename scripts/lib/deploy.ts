import { OPCODES, opcodeOf } from '@essaim/protocol';
import {
  ContractFactory,
  type ContractTransactionResponse,
  concat,
  getCreateAddress,
  Interface,
  type Signer,
  ZeroAddress,
} from 'ethers';
import { artifacts, type ContractName, contractNames, judgeNames, launchpadArtifact } from './artifacts.ts';
import { canonicalRegistries } from './canonical-agents.ts';
import type { Saved } from './deployment-file.ts';
import { EVMNET } from './drand.ts';
import { ALLOTTED, type Hands, mintedTo } from './genesis.ts';

/** Seconds that stake thaws: longer than any window and all its extensions. */
const THAW = 14 * 24 * 3_600;
/** Seconds that a decision waits in the timelock. */
const TIMELOCK_DELAY = 2 * 24 * 3_600;

/** What one transaction may take (EIP-7825): estimating each launch would run it twice. */
const MOST_GAS = 2n ** 24n;

/** Blocks between the last unit of a run's budget and the block that its seed comes from. */
const DRAW_DELAY = 32;
/** Blocks for which EIP-2935 keeps hashes. */
const LOOK_BACK = 8_191;
/** Seconds between what is fixed and drand's round for it: above what a chain's clock may lag behind. */
const DRAND_MARGIN = 60;
/** Seconds in which a round of drand can be recorded. */
const DRAND_LIFETIME = 86_400;

type Addresses = Record<ContractName, string>;

/**
 * Constructor arguments of every contract; addresses are known before deployment, so that cycles are no problem, and no
 * power has to be handed over: the governor alone proposes and cancels, anyone executes, nobody administers.
 */
function constructorArgs(at: Addresses, hands: Hands): Record<ContractName, unknown[]> {
  const judges = Object.fromEntries(judgeNames.map((name) => [name, []])) as unknown as Record<ContractName, unknown[]>;
  const entries = OPCODES.flatMap(({ name, since, contract }) =>
    since.map((version) => ({ opcode: opcodeOf(name, version), judge: at[contract as ContractName] })),
  );
  return {
    ...judges,
    MielToken: mintedTo(at, hands),
    TimelockController: [TIMELOCK_DELAY, [at.EssaimGovernor], [ZeroAddress], ZeroAddress],
    ProtocolParameters: [at.TimelockController, hands.guardian],
    EmissionReserve: [at.MielToken, at.Emissions, ALLOTTED.reserve],
    EssaimGovernor: [at.MielToken, at.StakeManager, at.EmissionReserve, at.TimelockController],
    PoolFees: [],
    StakeManager: [at.MielToken, THAW, at.PoolFees, at.BootstrapGrants],
    BootstrapGrants: [at.MielToken, at.StakeManager, at.TimelockController, ALLOTTED.grants],
    Shares: [at.Royalties],
    Royalties: [at.ModelRegistry, at.DatasetRegistry, at.Shares],
    DatasetRegistry: [at.Royalties],
    ModelRegistry: [at.Royalties, at.RunEscrow],
    JudgeRegistry: [at.TimelockController, entries],
    Accusations: [at.ProtocolParameters],
    Claims: [at.ProtocolParameters, at.Referee, at.Malformed, at.Availability],
    Penalties: [at.Claims, at.StakeManager, at.ProtocolParameters],
    Availability: [at.Claims, at.ProtocolParameters],
    Referee: [at.Claims, at.JudgeRegistry, at.Accusations, at.Availability],
    Malformed: [at.Claims, at.JudgeRegistry, at.Accusations, at.Availability],
    JobMarket: [
      at.Claims,
      at.StakeManager,
      at.Penalties,
      at.ModelRegistry,
      at.Malformed,
      at.ProtocolParameters,
      at.Accusations,
      at.TimelockController,
      at.AuditPool,
    ],
    Vouchers: [],
    BlockRandomness: [DRAW_DELAY, LOOK_BACK],
    DrandRandomness: [EVMNET.genesis, EVMNET.period, EVMNET.key, EVMNET.tag, DRAND_MARGIN, DRAND_LIFETIME],
    IdentityRegistry: [],
    ReputationRegistry: [at.IdentityRegistry],
    ValidationRegistry: [at.IdentityRegistry],
    Outcomes: [
      ...[at.Claims, at.JobMarket, [at.TrainingRegistry, at.AuditPool]],
      ...[at.IdentityRegistry, at.ReputationRegistry, at.ValidationRegistry],
    ],
    AuditPool: [
      {
        claims: at.Claims,
        stake: at.StakeManager,
        penalties: at.Penalties,
        market: at.JobMarket,
        parameters: at.ProtocolParameters,
        randomness: at.BlockRandomness,
        referee: at.Referee,
        availability: at.Availability,
        accusations: at.Accusations,
        miel: at.MielToken,
      },
    ],
    RunRules: [at.ProtocolParameters, at.Malformed, at.ModelRegistry, at.DatasetRegistry],
    StepFaults: [at.TrainingRegistry, at.Claims, at.Accusations, at.DatasetRegistry, at.ScoredRounds],
    ScoredRounds: [at.TrainingRegistry, at.BlockRandomness],
    RunEscrow: [
      ...[at.TrainingRegistry, at.StakeManager, at.MielToken, at.ProtocolParameters, at.ModelRegistry, at.Royalties],
      at.TimelockController,
    ],
    TrainingRegistry: [
      {
        claims: at.Claims,
        stake: at.StakeManager,
        penalties: at.Penalties,
        parameters: at.ProtocolParameters,
        randomness: at.BlockRandomness,
        rules: at.RunRules,
        faults: at.StepFaults,
        escrow: at.RunEscrow,
        scores: at.ScoredRounds,
      },
    ],
    Emissions: [
      {
        reserve: at.EmissionReserve,
        parameters: at.ProtocolParameters,
        stake: at.StakeManager,
        royalties: at.Royalties,
        claims: at.Claims,
        market: at.JobMarket,
        registry: at.TrainingRegistry,
        escrow: at.RunEscrow,
      },
    ],
  };
}

/** One contract to create: the index that its address comes from, and its creation code. */
export interface Launch {
  name: ContractName;
  index: number;
  code: string;
}

/**
 * Every contract of the protocol as a launchpad at this address creates it. What stands on the chain already (`given`, by
 * its name) is not created again.
 */
export function launchesFrom(
  launchpad: string,
  hands: Hands,
  given: Partial<Addresses> = {},
): { addresses: Addresses; launches: Launch[] } {
  const names = contractNames.filter((name) => !(name in given));
  const own = names.map((name, index) => [name, getCreateAddress({ from: launchpad, nonce: index + 1 })]);
  const addresses = { ...Object.fromEntries(own), ...given } as Addresses;
  const args = constructorArgs(addresses, hands);
  const launches = names.map((name, index) => {
    const { abi, bytecode } = artifacts(name);
    return { name, index, code: concat([bytecode, new Interface(abi).encodeDeploy(args[name])]) };
  });
  return { addresses, launches };
}

/** Deploys the whole protocol from an account that sends nothing else meanwhile, without a journal to go on from. */
export async function deployProtocol(
  signer: Signer,
  hands: Hands,
  progress: (done: number, of: number, name: ContractName) => void = () => {},
): Promise<Saved> {
  const provider = signer.provider!;
  let nonce = await provider.getTransactionCount(await signer.getAddress());
  const startBlock = await provider.getBlockNumber();
  const { abi, bytecode } = launchpadArtifact();
  const launchpad = await new ContractFactory(abi, bytecode, signer).deploy({ nonce: nonce++ });
  await launchpad.waitForDeployment();
  const at = await launchpad.getAddress();
  const { addresses, launches } = launchesFrom(at, hands, await canonicalRegistries(provider));
  const { maxFeePerGas, maxPriorityFeePerGas } = await provider.getFeeData();
  const terms = { type: 2, maxFeePerGas, maxPriorityFeePerGas, gasLimit: MOST_GAS };
  const sent: ContractTransactionResponse[] = [];
  for (const { index, code } of launches) {
    sent.push(await launchpad.getFunction('launch')(index, code, { nonce: nonce++, ...terms }));
  }
  let done = 0;
  await Promise.all(
    launches.map(async ({ name }, i) => {
      await sent[i].wait();
      progress(++done, launches.length, name);
    }),
  );
  return { chainId: Number((await provider.getNetwork()).chainId), startBlock, launchpad: at, addresses };
}
