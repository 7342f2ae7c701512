export { type AccountOptions, openAccount, requireAccount } from './account/account.ts';
export { asAccount } from './account/as-account.ts';
export { collectWaiting } from './account/collect.ts';
export { makeAccount } from './account/command.ts';
export { makeKeystore } from './account/make-keystore.ts';
export { balanceCheck, chainCheck, contractsCheck } from './check/chain.ts';
export { type Check, type Finding, ok, runChecks, warning, wrong } from './check/check.ts';
export { clockCheck } from './check/clock.ts';
export { diskCheck } from './check/disk.ts';
export { endpointsCheck } from './check/endpoints.ts';
export { judgesCheck, judgesThatDiffer } from './check/judges.ts';
export { storageCheck } from './check/storage.ts';
export { connectTo, type Places, readDeploymentFile } from './connect.ts';
export { type Agreement, agree } from './endpoints/agree.ts';
export { type ChainPlaces, ChainProvider, openChain, quorumOf } from './endpoints/chain-provider.ts';
export type { EndpointEvent, EndpointWatcher } from './endpoints/member.ts';
export { diskWatch } from './health/disk.ts';
export { Pulse } from './health/pulse.ts';
export { type Pages, serveHealth } from './health/server.ts';
export { DeliveringSigner } from './journal/delivering-signer.ts';
export { type Energy, energyOfDay } from './journal/energy.ts';
export { Journal, type State } from './journal/journal.ts';
export { accountFolder } from './journal/open-sender.ts';
export { Sender, type SenderRules, type TransactionEvent, type Watcher } from './journal/sender.ts';
export { logEvent, openLog } from './log/logger.ts';
export { Secrets } from './log/secrets.ts';
export { metricsDocument } from './metrics/document.ts';
export { Metrics } from './metrics/metrics.ts';
export { METRICS, type MetricName, shownNames } from './metrics/table.ts';
export {
  accountTable,
  connectionTable,
  costTable,
  dataOption,
  folderOf,
  transactionTable,
  watchingTable,
} from './options/common.ts';
export { readConfig, writeConfig } from './options/config-file.ts';
export { optionsDocument } from './options/document.ts';
export { executionOf, executionTable } from './options/execution.ts';
export { many, maybe, type Option, type OptionTable, one, toggle, type ValuesOf } from './options/option.ts';
export { need, readOptions, type Sources } from './options/read.ts';
export {
  address,
  amount,
  choice,
  coin,
  gwei,
  hostAndPort,
  redis,
  text,
  tokenAmount,
  units,
  url,
  whole,
} from './options/values.ts';
export { type Action, type Identity, Program } from './program.ts';
export { type Daemon, type DaemonTable, type KeylessTable, runDaemon, runKeyless, type Say } from './run.ts';
export { blockAt } from './status/block-at.ts';
export { bondsOut } from './status/bonds.ts';
export { tellCosts } from './status/costs.ts';
export { type Earnings, earningsOf } from './status/earnings.ts';
export { type EnergyBook, Meter } from './status/meter.ts';
export { type Power, powerNow, totalOf } from './status/power.ts';
export { tell, tellAccount, tellEarnings } from './status/tell.ts';
export { type Stop, stopSignal } from './stop-signal.ts';
