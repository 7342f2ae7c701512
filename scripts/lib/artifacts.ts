import { readFileSync } from 'node:fs';
import type { JsonFragment } from 'ethers';

/** Deployed contracts of the protocol: name → source. The order is that of deployment. */
const sources = {
  MielToken: 'contracts/governance/MielToken.sol',
  TimelockController: '@openzeppelin/contracts/governance/TimelockController.sol',
  ProtocolParameters: 'contracts/governance/ProtocolParameters.sol',
  EmissionReserve: 'contracts/governance/EmissionReserve.sol',
  PoolFees: 'contracts/staking/PoolFees.sol',
  StakeManager: 'contracts/staking/StakeManager.sol',
  BootstrapGrants: 'contracts/governance/BootstrapGrants.sol',
  EssaimGovernor: 'contracts/governance/EssaimGovernor.sol',
  Shares: 'contracts/assets/Shares.sol',
  Royalties: 'contracts/assets/Royalties.sol',
  DatasetRegistry: 'contracts/assets/DatasetRegistry.sol',
  ModelRegistry: 'contracts/assets/ModelRegistry.sol',
  MoveJudge: 'contracts/referee/judges/MoveJudge.sol',
  IntegerJudge: 'contracts/referee/judges/IntegerJudge.sol',
  IeeeJudge: 'contracts/referee/judges/IeeeJudge.sol',
  OrderJudge: 'contracts/referee/judges/OrderJudge.sol',
  DotJudge: 'contracts/referee/judges/DotJudge.sol',
  SumJudge: 'contracts/referee/judges/SumJudge.sol',
  QuantiseJudge: 'contracts/referee/judges/QuantiseJudge.sol',
  ActivationJudge: 'contracts/referee/judges/ActivationJudge.sol',
  NormalizationJudge: 'contracts/referee/judges/NormalizationJudge.sol',
  JudgeRegistry: 'contracts/referee/JudgeRegistry.sol',
  Accusations: 'contracts/referee/Accusations.sol',
  Claims: 'contracts/claims/Claims.sol',
  Penalties: 'contracts/claims/Penalties.sol',
  Availability: 'contracts/claims/Availability.sol',
  Referee: 'contracts/referee/Referee.sol',
  Malformed: 'contracts/referee/Malformed.sol',
  JobMarket: 'contracts/market/JobMarket.sol',
  BlockRandomness: 'contracts/randomness/BlockRandomness.sol',
  AuditPool: 'contracts/audits/AuditPool.sol',
  RunRules: 'contracts/training/RunRules.sol',
  RunEscrow: 'contracts/training/RunEscrow.sol',
  ScoredRounds: 'contracts/training/ScoredRounds.sol',
  StepFaults: 'contracts/training/StepFaults.sol',
  TrainingRegistry: 'contracts/training/TrainingRegistry.sol',
  Emissions: 'contracts/emissions/Emissions.sol',
  DrandRandomness: 'contracts/randomness/DrandRandomness.sol',
  IdentityRegistry: 'contracts/identity/IdentityRegistry.sol',
  ReputationRegistry: 'contracts/identity/ReputationRegistry.sol',
  ValidationRegistry: 'contracts/identity/ValidationRegistry.sol',
  Outcomes: 'contracts/identity/Outcomes.sol',
} as const;

export type ContractName = keyof typeof sources;
export const contractNames = Object.keys(sources) as ContractName[];
export const judgeNames = contractNames.filter((name) => name.endsWith('Judge'));

/** Path of a contract's source without `.sol`, as the build's output is laid out. */
export const sourceOf = (name: ContractName): string => sources[name].replace(/\.sol$/, '');

export interface Artifact {
  abi: JsonFragment[];
  bytecode: string;
  deployedBytecode: string;
  /** Where runtime code holds what the constructor fixed, in bytes, by the variable's number. */
  immutableReferences?: Record<string, { start: number; length: number }[]>;
}

/** The build's output for one contract. */
export function artifacts(name: ContractName): Artifact {
  return read(`${sources[name]}/${name}.json`);
}

/** The build's output for what creates the others, which is no part of the protocol. */
export function launchpadArtifact(): Artifact {
  return read('contracts/launch/Launchpad.sol/Launchpad.json');
}

function read(file: string): Artifact {
  return JSON.parse(readFileSync(new URL(`../../artifacts/${file}`, import.meta.url), 'utf8')) as Artifact;
}
