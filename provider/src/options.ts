import {
  accountTable,
  choice,
  connectionTable,
  costTable,
  dataOption,
  executionTable,
  hostAndPort,
  many,
  maybe,
  one,
  text,
  toggle,
  tokenAmount,
  transactionTable,
  units,
  url,
  type ValuesOf,
  watchingTable,
  whole,
} from '@essaim/daemon';
import { ENGINES, type Engine } from '@essaim/runtime';
import { UNQUALIFIED } from './qualified/qualifier.ts';
import { sponsorTable } from './sponsor/table.ts';

const SALE = 'What it sells';
const TRAINING = 'Training';
const DEVICE = 'Device';
const ANSWERS = 'What it answers for';
const STOPPING = 'Stopping';

/** Every option of a provider. */
export const providerTable = {
  ...connectionTable,
  ...accountTable,
  fee: many(tokenAmount, {
    ...{ value: '<token=least>', group: SALE, example: '0x…=1000000000000000000' },
    text: 'sell inference for at least this fee for one input in this token',
  }),
  collateral: one(units, String(10n ** 21n), {
    ...{ value: '<wei>', group: SALE },
    text: 'most MIEL at stake for one job, or one round of training',
  }),
  model: many(units, { value: '<id>', group: SALE, text: 'serve this model only' }),
  offers: maybe(text, {
    ...{ value: '<file>', group: SALE, example: 'offers.json' },
    text: 'prices of single models, by token (docs/provider.md); they go before --fee',
  }),
  concurrency: maybe(whole(1), {
    ...{ value: '<count>', group: SALE, example: '2' },
    text: 'jobs that are run at once; default: one for each worker',
  }),
  lead: one(whole(), '30', {
    ...{ value: '<seconds>', group: SALE },
    text: 'before a job’s deadline, by when it has to be submitted; no job is accepted that would not be',
  }),
  shop: maybe(hostAndPort, {
    ...{ value: '<host:port>', group: SALE, example: '127.0.0.1:8480' },
    text: 'where offers and quotes are served; nowhere unless given',
  }),
  shopUrl: maybe(url, {
    ...{ value: '<url>', group: SALE, example: 'https://provider.example' },
    text: 'how others reach what --shop serves, for `announce`',
  }),
  quoteFor: one(whole(1), '120', { value: '<seconds>', group: SALE, text: 'how long a quote holds' }),
  train: many(tokenAmount, {
    ...{ value: '<token=least>', group: TRAINING, example: '0x…=1000000000000000000' },
    text: 'train runs for at least this fee a step in this token',
  }),
  trainRun: many(text, { value: '<id>', group: TRAINING, text: 'train this run only' }),
  shard: many(text, {
    ...{ value: '<folder>', group: TRAINING },
    text: 'train private runs on this data set of your own',
  }),
  checkpointEvery: one(whole(1), '16', {
    ...{ value: '<steps>', group: TRAINING },
    text: 'steps between two checkpoints kept and published',
  }),
  patience: one(whole(), '600000', {
    ...{ value: '<ms>', group: TRAINING },
    text: 'how long what another seat ended in may be missing before it is demanded',
  }),
  bondBudget: one(units, String(10n ** 17n), {
    ...{ value: '<wei>', group: TRAINING },
    text: 'most coin in bonds of demands at once',
  }),
  engine: many(choice(ENGINES), {
    ...{ value: '<name>', group: DEVICE, example: 'cpu' },
    text: `${ENGINES.join(', ')}: tried in order (cpu where none is given)`,
  }),
  unqualified: one(choice(UNQUALIFIED), 'qualify', {
    ...{ value: '<what>', group: DEVICE },
    text: 'of jobs of a model that this device was not qualified for: qualify it first, refuse them, or take them',
  }),
  ...executionTable,
  selfCheck: toggle(true, { group: DEVICE, text: 'judge a sample of each trace before committing to it' }),
  publishTraces: toggle(true, {
    group: ANSWERS,
    text: 'put traces on IPFS with the receipt; else they are shown only when they are demanded on chain',
  }),
  sealingKey: maybe(text, {
    ...{ value: '<hex>', group: SALE, secret: 'always', example: '/etc/essaim/sealing-key' },
    text: 'the key that jobs are sealed to, as 0x hex; default: the one in the data folder, if there is one',
  }),
  ...sponsorTable,
  drainLimit: one(whole(), '300', {
    ...{ value: '<seconds>', group: STOPPING },
    text: 'for what is accepted to be finished, and for claims that end within it to be waited for, when it is told to stop',
  }),
  data: dataOption('provider', 'where the journal of transactions is kept, and traces that may still be asked for'),
  ...transactionTable,
  ...costTable,
  ...watchingTable,
};

export type ProviderOptions = ValuesOf<typeof providerTable>;

/** Engines to try, in order. */
export const enginesOf = ({ engine }: { engine: Engine[] }): readonly Engine[] =>
  engine.length > 0 ? engine : ['cpu'];
