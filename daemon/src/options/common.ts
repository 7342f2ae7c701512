import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { many, maybe, one } from './option.ts';
import { amount, choice, coin, gwei, hostAndPort, text, url, whole } from './values.ts';

const CHAIN = 'Chain and storage';
const ACCOUNT = 'Account';
const SENDING = 'Transactions';
const COSTS = 'Costs';
const WATCHING = 'Watching over it';

/** How chain, contracts and storage are reached. */
export const connectionTable = {
  rpc: many(url, {
    ...{ value: '<url>', group: CHAIN, secret: 'maybe', isNeeded: true, example: 'http://127.0.0.1:8545' },
    text: 'an RPC endpoint of the chain, the best first: with three of different operators one may fail or lie',
  }),
  quorum: maybe(whole(1), {
    ...{ value: '<count>', group: CHAIN, example: '2' },
    text: 'how many endpoints have to say the same; a majority of three and more, else one, unless given',
  }),
  rpcTimeout: one(whole(1), '10000', { value: '<ms>', group: CHAIN, text: 'how long an endpoint may take to answer' }),
  deployment: maybe(text, {
    ...{ value: '<file>', group: CHAIN, isNeeded: true, example: 'deployments/1.json' },
    text: 'where the contracts are: a deployments/<chainId>.json',
  }),
  storage: maybe(url, {
    ...{ value: '<url>', group: CHAIN, isNeeded: true, example: 'http://127.0.0.1:5001' },
    text: 'an IPFS node: Kubo’s RPC or the embedded one',
  }),
  gateway: many(url, {
    ...{ value: '<url>', group: CHAIN, secret: 'maybe', example: 'https://trustless-gateway.link' },
    text: 'a gateway that is read from where the storage fails, is late or gives other bytes',
  }),
  polling: one(whole(1), '4000', { value: '<ms>', group: CHAIN, text: 'how often the chain is looked at' }),
};

/** Whose account signs: one of the three. */
export const accountTable = {
  keystore: maybe(text, {
    ...{ value: '<file>', group: ACCOUNT, example: 'keystore.json' },
    text: 'an encrypted keystore (Web3 Secret Storage) that the account command makes',
  }),
  password: maybe(z.string(), {
    ...{ value: '<text>', group: ACCOUNT, secret: 'always', example: '/etc/essaim/password' },
    text: 'the keystore’s password',
  }),
  keyCommand: maybe(text, {
    ...{ value: '<command>', group: ACCOUNT, example: 'pass show essaim/key' },
    text: 'a shell command that prints the private key, of a vault or password store',
  }),
  key: maybe(text, {
    ...{ value: '<hex>', group: ACCOUNT, secret: 'always', example: '/etc/essaim/key' },
    text: 'the private key itself, as 0x hex; a keystore is better',
  }),
};

/** How its transactions come into blocks. */
export const transactionTable = {
  maxFee: one(gwei, '100', {
    ...{ value: '<gwei>', group: SENDING },
    text: 'the most that is paid for a unit of gas: above it transactions wait',
  }),
  urgentFee: one(gwei, '1500', {
    ...{ value: '<gwei>', group: SENDING },
    text: 'the most that is paid near a deadline',
  }),
  urgentBefore: one(whole(), '3600', {
    ...{ value: '<seconds>', group: SENDING },
    text: 'how long before a deadline that begins',
  }),
  resubmitAfter: one(whole(1), '45000', {
    ...{ value: '<ms>', group: SENDING },
    text: 'after which a transaction that is in no block is replaced by the same with a higher fee',
  }),
  confirmations: one(whole(), '12', {
    ...{ value: '<blocks>', group: SENDING },
    text: 'blocks on top of a transaction after which it is not looked after any more',
  }),
};

/** What running it costs, for `status` to say. */
export const costTable = {
  dailyGas: maybe(coin, {
    ...{ value: '<coin>', group: COSTS, example: '0.5' },
    text: 'coin for gas within a day above which nothing is begun whose deadline is not near',
  }),
  watts: maybe(amount, { value: '<watts>', group: COSTS, example: '350', text: 'the power that this machine draws' }),
  powerPrice: maybe(amount, {
    ...{ value: '<price>', group: COSTS, example: '0.2' },
    text: 'what a kilowatt-hour costs, in whatever currency you count in',
  }),
};

/** What people and machines see of it. */
export const watchingTable = {
  listen: maybe(hostAndPort, {
    ...{ value: '<host:port>', group: WATCHING, example: '127.0.0.1:9464' },
    text: 'where /metrics, /livez, /readyz and /pulse are served; nowhere unless given',
  }),
  cycleLimit: one(whole(1), '1800', {
    ...{ value: '<seconds>', group: WATCHING },
    text: 'after which a cycle that does not end counts as stalled',
  }),
  logLevel: one(choice(['error', 'warn', 'info', 'debug']), 'info', {
    ...{ value: '<level>', group: WATCHING },
    text: 'the least that is logged: error, warn, info or debug',
  }),
};

/** Where a daemon keeps what it answers for. */
export const dataOption = (name: string, text: string) =>
  one(z.string().min(1), join('~', '.essaim', name), { value: '<folder>', group: 'Disk', text });

/** A folder with `~` as the home directory. */
export const folderOf = (path: string): string => (path.startsWith('~/') ? join(homedir(), path.slice(2)) : path);
