import {
  accountTable,
  address,
  choice,
  coin,
  connectionTable,
  costTable,
  dataOption,
  executionTable,
  many,
  maybe,
  one,
  redis,
  text,
  toggle,
  transactionTable,
  units,
  type ValuesOf,
  watchingTable,
  whole,
} from '@essaim/daemon';
import { ENGINES, type Engine } from '@essaim/runtime';
import { PATIENCE } from './verifier.ts';

const CHECKS = 'What it checks';
const FLEET = 'Fleet';
const AUDITS = 'Audits';
const SEALED = 'Sealed jobs';

/** Every option of a verifier. */
export const verifierTable = {
  ...connectionTable,
  ...accountTable,
  mode: one(choice(['watch', 'oversight', 'auto']), 'auto', {
    ...{ value: '<mode>', group: CHECKS },
    text: 'watch: only look, without a key; oversight: ask a person before acting; auto: act',
  }),
  patience: one(whole(), String(PATIENCE), {
    ...{ value: '<ms>', group: CHECKS },
    text: 'how long missing content is waited for before it is demanded',
  }),
  bondBudget: maybe(units, {
    ...{ value: '<wei>', group: CHECKS, example: '100000000000000000' },
    text: 'most coin in bonds of demands at once; no bound unless given',
  }),
  challengeBudget: maybe(coin, {
    ...{ value: '<coin>', group: CHECKS, example: '0.5' },
    text: 'most coin in gas and bonds for one case, from its first demand to its conviction; no bound unless given',
  }),
  hourlyExecutions: maybe(whole(), {
    ...{ value: '<claims>', group: CHECKS, example: '500' },
    text: 'claims that are run again within an hour, on average; without this and the next everything is',
  }),
  hourlySeconds: maybe(whole(), {
    ...{ value: '<seconds>', group: CHECKS, example: '1800' },
    text: 'seconds of running claims again within an hour, on average',
  }),
  steps: one(whole(1), '4', {
    ...{ value: '<count>', group: CHECKS },
    text: 'steps of each round of training that are run again',
  }),
  all: toggle(false, { group: CHECKS, text: 'run every step of every round of training again' }),
  engine: many(choice(ENGINES), {
    ...{ value: '<name>', group: CHECKS, example: 'cpu' },
    text: `${ENGINES.join(', ')}: tried in order (cpu where none is given)`,
  }),
  ...executionTable,
  queue: maybe(redis, {
    ...{ value: '<url>', group: FLEET, secret: 'maybe', example: 'redis://127.0.0.1:6379' },
    text: 'the Redis over which workers on other machines (`worker`) look at submissions; without it this one does',
  }),
  queuePatience: one(whole(1), '600', {
    ...{ value: '<seconds>', group: FLEET },
    text: 'after which a submission that no worker looked at is looked at here',
  }),
  jobKey: maybe(text, {
    ...{ value: '<hex>', group: SEALED, secret: 'always', example: 'job.key' },
    text: 'for `hand-over`: the key that posting a sealed job returned',
  }),
  appoint: maybe(address, {
    ...{ value: '<address>', group: SEALED },
    text: 'for `hand-over`: a verifier that may demand in the requester’s stead too',
  }),
  audits: toggle(false, { group: AUDITS, text: 'do the audits too that this account’s seat is drawn for' }),
  assignedOnly: toggle(false, {
    group: AUDITS,
    text: 'do those audits, convict what fails them, and check nothing else',
  }),
  provide: maybe(units, {
    ...{ value: '<wei>', group: AUDITS, example: '5000000000000000000000' },
    text: 'MIEL that `enroll` stakes and provisions for audits first',
  }),
  data: dataOption('verifier', 'where the journal of transactions is kept, and what audits are answered for with'),
  ...transactionTable,
  ...costTable,
  ...watchingTable,
};

export type VerifierSettings = ValuesOf<typeof verifierTable>;

/** Engines to try, in order. */
export const enginesOf = ({ engine }: { engine: Engine[] }): readonly Engine[] =>
  engine.length > 0 ? engine : ['cpu'];
