import { Contract, type ContractRunner } from 'ethers';
import type {
  Accusations,
  AuditPool,
  Availability,
  BlockRandomness,
  BootstrapGrants,
  Claims,
  DatasetRegistry,
  DrandRandomness,
  EmissionReserve,
  Emissions,
  EssaimGovernor,
  IdentityRegistry,
  JobMarket,
  JudgeRegistry,
  Malformed,
  MielToken,
  ModelRegistry,
  Outcomes,
  Penalties,
  PoolFees,
  ProtocolParameters,
  Referee,
  ReputationRegistry,
  Royalties,
  RunEscrow,
  RunRules,
  ScoredRounds,
  Shares,
  StakeManager,
  StepFaults,
  TimelockController,
  TrainingRegistry,
  ValidationRegistry,
} from '../generated/contract-types.ts';
import { abis, type ContractName } from './abis.ts';
import type { Deployment } from './deployment.ts';

/** The contracts of one deployment, typed. Judges are called by the referee alone. */
export interface Contracts {
  MielToken: MielToken;
  TimelockController: TimelockController;
  EssaimGovernor: EssaimGovernor;
  ProtocolParameters: ProtocolParameters;
  BootstrapGrants: BootstrapGrants;
  /** MIEL that verified work will earn. */
  EmissionReserve: EmissionReserve;
  Emissions: Emissions;
  StakeManager: StakeManager;
  /** The contract that the fees of every operator's pool are a clone of: attach it to their address. */
  PoolFees: PoolFees;
  /** The contract that every asset's shares are a clone of: attach it to their address. */
  Shares: Shares;
  Royalties: Royalties;
  DatasetRegistry: DatasetRegistry;
  ModelRegistry: ModelRegistry;
  JudgeRegistry: JudgeRegistry;
  Accusations: Accusations;
  Claims: Claims;
  Penalties: Penalties;
  AuditPool: AuditPool;
  Availability: Availability;
  Referee: Referee;
  Malformed: Malformed;
  JobMarket: JobMarket;
  BlockRandomness: BlockRandomness;
  RunRules: RunRules;
  ScoredRounds: ScoredRounds;
  RunEscrow: RunEscrow;
  StepFaults: StepFaults;
  TrainingRegistry: TrainingRegistry;
  DrandRandomness: DrandRandomness;
  /** ERC-8004's own where the chain has them. */
  IdentityRegistry: IdentityRegistry;
  ReputationRegistry: ReputationRegistry;
  ValidationRegistry: ValidationRegistry;
  Outcomes: Outcomes;
}

/**
 * Handles of every contract of a deployment, bound to a provider (to read) or a signer (to write). Each is made when it
 * is first asked for: reading an ABI takes longer than most programs need to look at one.
 */
export function contractsOf(deployment: Deployment, runner: ContractRunner): Contracts {
  const handles = {};
  for (const name of Object.keys(abis) as ContractName[]) {
    let handle: Contract | undefined;
    const get = () => {
      handle ??= new Contract(deployment.addresses[name], abis[name], runner);
      return handle;
    };
    Object.defineProperty(handles, name, { get, enumerable: true });
  }
  return handles as Contracts;
}
