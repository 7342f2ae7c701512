import { Contract, type ContractRunner } from 'ethers';
import type {
  Accusations,
  Availability,
  BlockRandomness,
  BootstrapGrants,
  Claims,
  DatasetRegistry,
  EmissionReserve,
  EssaimGovernor,
  JobMarket,
  JudgeRegistry,
  Malformed,
  MielToken,
  ModelRegistry,
  Penalties,
  ProtocolParameters,
  Referee,
  Royalties,
  RunEscrow,
  RunRules,
  Shares,
  StakeManager,
  StepFaults,
  TimelockController,
  TrainingRegistry,
} from '../generated/types/index.ts';
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
  StakeManager: StakeManager;
  /** The contract that every asset's shares are a clone of: attach it to their address. */
  Shares: Shares;
  Royalties: Royalties;
  DatasetRegistry: DatasetRegistry;
  ModelRegistry: ModelRegistry;
  JudgeRegistry: JudgeRegistry;
  Accusations: Accusations;
  Claims: Claims;
  Penalties: Penalties;
  Availability: Availability;
  Referee: Referee;
  Malformed: Malformed;
  JobMarket: JobMarket;
  BlockRandomness: BlockRandomness;
  RunRules: RunRules;
  RunEscrow: RunEscrow;
  StepFaults: StepFaults;
  TrainingRegistry: TrainingRegistry;
}

/** Handles of every contract of a deployment, bound to a provider (to read) or a signer (to write). */
export function contractsOf(deployment: Deployment, runner: ContractRunner): Contracts {
  const names = Object.keys(abis) as ContractName[];
  const handles = names.map((name) => [name, new Contract(deployment.addresses[name], abis[name], runner)]);
  return Object.fromEntries(handles) as Contracts;
}
