export { blinded, EssaimError, isBlinded } from '@essaim/protocol';
export { ipfsStorage, type Storage, StorageError } from '@essaim/storage';
export { type Agent, type AgentRecord, Agents, type Outcome } from './agents.ts';
export { type AuditSeat, Audits } from './audits.ts';
export { type ChainEvent, eventOf } from './chain/event-of.ts';
export { allLogs, type LogFilter, newestLog, pastLogs } from './chain/logs.ts';
export { type PatienceOptions, patiently } from './chain/patience.ts';
export { type ChainOptions, connectChain } from './chain/provider.ts';
export { chainFailure } from './chain/reverts.ts';
export { type SendOptions, send } from './chain/send.ts';
export { unlessDone } from './chain/unless-done.ts';
export { pause, unlessAborted, until } from './chain/wait.ts';
export { decodeTensor, encodeInput, type InputSpec, type TensorData } from './content/inputs.ts';
export {
  type ClaimReceipt,
  type InputsManifest,
  type ModelManifest,
  type Receipt,
  readInputsManifest,
  readModelManifest,
  readReceipt,
  readSegmentManifest,
  type SegmentManifest,
} from './content/manifests.ts';
export { describeNumerics, type NumericsManifest } from './content/numerics.ts';
export { abis, type ContractName } from './contracts/abis.ts';
export { type Contracts, contractsOf } from './contracts/contracts.ts';
export { type Deployment, readDeployment } from './contracts/deployment.ts';
export { ClaimState, DemandStatus, JobState } from './contracts/states.ts';
export { type Contributor, Datasets, type NewDataset, type NewVersion } from './datasets/datasets.ts';
export { decodeElements, type RowTensor } from './datasets/elements.ts';
export type { BatchSource, BatchTensor, LocalColumn, LocalDataset } from './datasets/local.ts';
export type { PublishOptions, PublishProgress } from './datasets/publish.ts';
export { RegisteredDataset } from './datasets/registered.ts';
export { demandsOf, settleDemands } from './demands.ts';
export { Disputes } from './disputes/disputes.ts';
export type {
  Conviction,
  ElementFault,
  FaultKind,
  FormFault,
  InputFault,
  OpenedOperand,
  Penalty,
  SilenceFault,
} from './disputes/types.ts';
export { type EmissionDay, Emissions, type EmissionWork } from './emissions.ts';
export { type ConnectOptions, Essaim } from './essaim.ts';
export { type Action, actionsFor, type NewJudge, type Payment, type Wanted } from './governance/actions.ts';
export type { HolderContext } from './governance/context.ts';
export { type Change, type DecodedAction, decodeActions } from './governance/decode.ts';
export type { Said } from './governance/description.ts';
export type { Happened } from './governance/events.ts';
export { type Draft, Governance, type PreparedProposal } from './governance/governance.ts';
export { Names, roleName } from './governance/names.ts';
export {
  changeArguments,
  type ParameterName,
  type ParameterView,
  parameterNamed,
  readParameters,
} from './governance/parameters.ts';
export type { PooledVotes, Power, PowerParts } from './governance/power.ts';
export { nextOf, type Proposal, type ProposalState, type ProposalView, proposalId } from './governance/proposals.ts';
export { readSettings, requireSetting, SETTINGS, type SettingName } from './governance/settings.ts';
export type { Signed, SignedDelegation, SignedTransaction, SignedVote, Support, VotesOf } from './governance/signed.ts';
export type { Difference } from './governance/state.ts';
export type { Step } from './governance/steps.ts';
export type { Trial } from './governance/trial/trial.ts';
export { parseValue, showMiel, showSpan, showTime, showValue } from './governance/units.ts';
export type { CheckedJob, CheckOptions, CheckStep, JudgedFault } from './jobs/check.ts';
export { type Decision, decision } from './jobs/decision.ts';
export type { FollowOptions } from './jobs/follow.ts';
export { fetchInputs } from './jobs/inputs.ts';
export { Jobs } from './jobs/jobs.ts';
export type { JobInputs, JobRequest, PreparedJob } from './jobs/request.ts';
export {
  fetchOutputs,
  fetchReceipt,
  jobContext,
  type Output,
  receiptClaim,
  type Submission,
  valueRoots,
} from './jobs/result.ts';
export { JobRun } from './jobs/run.ts';
export { JobRuns } from './jobs/runs.ts';
export type { JobResult, JobStage } from './jobs/stages.ts';
export {
  batchIdOf,
  encodeTerms,
  findPosted,
  findTerms,
  jobIdOf,
  type PostedJob,
  randomSalt,
  type Terms,
  termsOf,
} from './jobs/terms.ts';
export { type Lineage, type Model, Models, modelIdOf, type NewModel } from './models.ts';
export { type Network, networkOf } from './networks/networks.ts';
export { lineFor, Offers, type WantedJob } from './offers/offers.ts';
export { jsonAt, type Registration, registrationWith } from './offers/registration.ts';
export { readOffer, readQuote, signOffer } from './offers/signed.ts';
export type { Choice, MissingOffer, Offer, OfferLine, Quote, QuoteRequest } from './offers/types.ts';
export { type Backing, Pools, type PoolView, type Yield } from './pools/pools.ts';
export type { IndexerOptions } from './reading/context.ts';
export { Reading } from './reading/reading.ts';
export type * from './reading/types/index.ts';
export type { WatchOptions } from './reading/watch.ts';
export * from './sealed/index.ts';
export { descendantsOf } from './shares/descendants.ts';
export { Shares } from './shares/shares.ts';
export type { Drawing, Holder, Holding, Parent, Part, Revenue } from './shares/types.ts';
export { type ProvisionView, type StakedFor, Staking } from './staking.ts';
export { fetchCheckpoint, storeTensors } from './training/checkpoint.ts';
export { RunState } from './training/context.ts';
export { type RunEvent, RunHistory, type RunRound, type SubmittedBatch } from './training/history.ts';
export type {
  AggregationReceipt,
  RunManifest,
  ScoreReceipt,
  StepReceipt,
  StepsReceipt,
  StoredCheckpoint,
} from './training/manifests.ts';
export type { NewRun, PreparedRun } from './training/new-run.ts';
export { type CheckedReceipt, fetchAggregation, fetchScore, fetchSteps, rootsIn } from './training/receipts.ts';
export { findRun } from './training/run-feed.ts';
export { checkpointTypes, firstCheckpoint, type RunParts, type RunProgram, scheduleAt } from './training/run-parts.ts';
export type { RunView, WatchedRound } from './training/run-reader.ts';
export { Scores, type SeatScore, type TurnScores } from './training/scores.ts';
export type { TrainedModel } from './training/trained-model.ts';
export { Training } from './training/training.ts';
export type { Account, EscrowView, Voucher, Vouchers } from './vouchers.ts';
