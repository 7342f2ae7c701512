/** What is measured: by name, its kind, its labels and what it says. */
export const METRICS = {
  essaim_info: { kind: 'gauge', labels: ['daemon', 'chain', 'address'], text: '1, with what this daemon is as labels' },
  essaim_start_time_seconds: { kind: 'gauge', labels: [], text: 'when it was started, in seconds since 1970' },
  essaim_highest_block: { kind: 'gauge', labels: [], text: 'the newest block that the endpoint told of' },
  essaim_block_age_seconds: { kind: 'gauge', labels: [], text: 'age of that block by this machine’s clock' },
  essaim_cycles_total: {
    kind: 'counter',
    labels: ['part', 'result'],
    text: 'looks at the chain that ended, by part of the daemon; `result` is ok or failed',
  },
  essaim_cycle_seconds: {
    kind: 'histogram',
    labels: ['part'],
    text: 'how long a look at the chain and all it led to took',
  },
  essaim_last_success_timestamp_seconds: {
    kind: 'gauge',
    labels: ['part'],
    text: 'when a part’s cycle last ended well, in seconds since 1970',
  },
  essaim_events_total: { kind: 'counter', labels: ['event'], text: 'events as the log names them' },
  essaim_failures_total: { kind: 'counter', labels: ['event', 'code'], text: 'events that carry an error’s code' },
  essaim_balance_coin: { kind: 'gauge', labels: [], text: 'the account’s coin for gas' },
  essaim_stake_miel: { kind: 'gauge', labels: ['for'], text: 'MIEL provisioned, by what for' },
  essaim_stake_locked_miel: { kind: 'gauge', labels: ['for'], text: 'of it what is locked' },
  essaim_jobs_paid: { kind: 'gauge', labels: [], text: 'jobs of this account that were paid, of all time' },
  essaim_paid_units: { kind: 'gauge', labels: ['token'], text: 'what they paid, in the token’s smallest unit' },
  essaim_bounties_miel: { kind: 'gauge', labels: [], text: 'bounties of convictions, of all time' },
  essaim_convictions: { kind: 'gauge', labels: [], text: 'convictions that brought them' },
  essaim_slashed_miel: { kind: 'gauge', labels: [], text: 'what was taken of the own stake, of all time' },
  essaim_jobs_held: {
    kind: 'gauge',
    labels: ['stage'],
    text: 'jobs that a provider answers for; `stage` is accepted (to be run) or submitted',
  },
  essaim_day_paid_units: { kind: 'gauge', labels: ['token'], text: 'what jobs paid within the last day of the chain' },
  essaim_day_bounties_miel: { kind: 'gauge', labels: [], text: 'bounties within that day' },
  essaim_day_slashed_miel: { kind: 'gauge', labels: [], text: 'what was taken of the own stake within that day' },
  essaim_day_gas_coin: { kind: 'gauge', labels: [], text: 'coin spent on gas within a day, as the journal knows it' },
  essaim_bonds_coin: { kind: 'gauge', labels: [], text: 'coin in bonds of demands that are not divided yet' },
  essaim_cap_used_ratio: {
    kind: 'gauge',
    labels: ['cap'],
    text: 'how much of a spending cap is used, from 0 to 1: of daily-gas, of bond-budget',
  },
  essaim_power_watts: {
    kind: 'gauge',
    labels: ['source'],
    text: 'power that is drawn, by processor (RAPL), cards (nvidia-smi), or as stated by `--watts`',
  },
  essaim_day_energy_kwh: {
    kind: 'gauge',
    labels: [],
    text: 'energy that was drawn within a day, as far as this daemon ran, also before a restart',
  },
  essaim_transactions_total: {
    kind: 'counter',
    labels: ['state'],
    text: 'transactions that came to a state of the journal: signed, sent, replaced, mined, final, reverted, stolen, cancelling, cancelled',
  },
  essaim_transactions_pending: { kind: 'gauge', labels: [], text: 'transactions signed and not in a block yet' },
  essaim_transaction_fees_coin: { kind: 'counter', labels: [], text: 'coin spent on gas since the start' },
  essaim_backlog_claims: { kind: 'gauge', labels: [], text: 'batches of jobs and rounds that wait to be checked' },
  essaim_backlog_slack_seconds: {
    kind: 'gauge',
    labels: [],
    text: 'how long the most urgent of them can still wait; below zero it is too late for it',
  },
  essaim_endpoint_usable: {
    kind: 'gauge',
    labels: ['endpoint'],
    text: '1 while an RPC endpoint is asked, 0 while it rests, is behind, was set aside or is on another chain',
  },
  essaim_endpoint_behind_blocks: {
    kind: 'gauge',
    labels: ['endpoint'],
    text: 'blocks by which its newest is below the one that was agreed on',
  },
  essaim_endpoint_answers_total: {
    kind: 'counter',
    labels: ['endpoint', 'result'],
    text: 'what it answered: ok, failed, or apart from what enough others said',
  },
  essaim_endpoint_seconds: { kind: 'histogram', labels: ['endpoint'], text: 'how long it took to answer' },
  essaim_endpoint_lies_total: {
    kind: 'counter',
    labels: ['endpoint'],
    text: 'times that it was set aside for saying otherwise than the others',
  },
  essaim_disk_free_bytes: { kind: 'gauge', labels: [], text: 'room on the disk that the data folder is on' },
  essaim_log_lines_lost_total: {
    kind: 'counter',
    labels: [],
    text: 'lines of the log that could not be written, for want of room or because nobody reads them',
  },
  essaim_chain_disagreements_total: {
    kind: 'counter',
    labels: [],
    text: 'questions that not enough endpoints answered alike, so that nothing was done on them',
  },
  essaim_alarms: { kind: 'gauge', labels: ['alarm'], text: 'alarms of the monitor that stand now' },
} as const satisfies Record<string, { kind: Kind; labels: readonly string[]; text: string }>;

export type Kind = 'gauge' | 'counter' | 'histogram';
export type MetricName = keyof typeof METRICS;

/** The names that a scrape shows for a metric. */
export const shownNames = (name: string, kind: Kind): string[] =>
  kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
