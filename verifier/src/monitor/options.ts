import {
  address,
  connectionTable,
  many,
  maybe,
  one,
  units,
  url,
  type ValuesOf,
  watchingTable,
  whole,
} from '@essaim/daemon';

const ALARMS = 'What it alarms on';

/** Every option of a monitor: no account among them. */
export const monitorTable = {
  ...connectionTable,
  verifier: maybe(url, {
    ...{ value: '<url>', group: ALARMS, example: 'http://127.0.0.1:9464' },
    text: 'where the verifier listens: what it did not check is known from there, and whether it stalls',
  }),
  operator: many(address, {
    ...{ value: '<address>', group: ALARMS },
    text: 'an account whose stake and open demands are watched; of all accounts’ demands where none is given',
  }),
  leastStake: one(units, String(100n * 10n ** 18n), {
    ...{ value: '<wei>', group: ALARMS },
    text: 'free MIEL of an operator’s provision below which it alarms',
  }),
  claimMargin: one(whole(1), '21600', {
    ...{ value: '<seconds>', group: ALARMS },
    text: 'before the end of a window, from when on an unchecked claim is an alarm',
  }),
  demandMargin: one(whole(1), '7200', {
    ...{ value: '<seconds>', group: ALARMS },
    text: 'before the end of a clock, from when on an unanswered demand is an alarm',
  }),
  auditMargin: one(whole(1), '21600', {
    ...{ value: '<seconds>', group: ALARMS },
    text: 'before the time for an operator’s audit is over, from when on one that did not come is an alarm',
  }),
  indexer: maybe(url, {
    ...{ value: '<url>', group: ALARMS, example: 'http://127.0.0.1:8000/subgraphs/name/essaim' },
    text: 'GraphQL of the subgraph, to be compared with the chain',
  }),
  indexerLag: one(whole(1), '50', {
    ...{ value: '<blocks>', group: ALARMS },
    text: 'how far the indexer may be behind',
  }),
  ...watchingTable,
};

export type MonitorSettings = ValuesOf<typeof monitorTable>;

/** The program and where its options come from. */
export const MONITOR = {
  name: 'essaim-monitor',
  prefix: 'ESSAIM_MONITOR_',
  text: 'Alarms, without a key, on what a provider or a verifier could miss',
  table: monitorTable,
} as const;
