/**
 * A provider like any other, but for one claim: there it changes a single number inside one tensor as the model runs
 * and goes on from it, or runs another input. For the demo and the end-to-end tests, where somebody has to cheat.
 * Arguments: one JSON object, see `Settings`.
 */
import crypto from 'node:crypto';
import { join } from 'node:path';
import {
  accountTable,
  connectionTable,
  costTable,
  dataOption,
  readOptions,
  runDaemon,
  Secrets,
  transactionTable,
  watchingTable,
} from '@essaim/daemon';
import { Answerer, Archive, ownSealingKey, Provider, RoundArchive, runSource, Trainer } from '@essaim/provider';
import { commitTrace, Executor, openTracer, type Tracer } from '@essaim/runtime';
import { cidOfDigest, encodeManifest, type Storage } from '@essaim/storage';
import { type Lie, tamper } from './tamper.ts';

/** What it does to which of the claims that it makes of a program, counted from 0. */
export interface Cheat {
  programId: string;
  claim: number;
  /** A number that it changes. */
  lie?: Lie;
  /** It runs zeros instead of the job's input. */
  otherInput?: boolean;
  /** It never comes to an end. */
  stall?: boolean;
}

export interface Settings {
  rpc: string;
  /** Path of a deployments/<chainId>.json. */
  deployment: string;
  storage: string;
  keyFile: string;
  /** Milliseconds between two looks at the chain. */
  polling: number;
  /** The one token it takes. */
  token: string;
  /** Folder for its traces. */
  data: string;
  cheats: Cheat[];
  /** Its traces are shown on demand only. */
  withhold?: boolean;
  /** Its receipts are not on IPFS. */
  hideReceipts?: boolean;
  /** Demands are not answered. */
  silent?: boolean;
  /** It takes seats of runs too. */
  trains?: boolean;
}

const settings = JSON.parse(process.argv[2]) as Settings;
const honest = openTracer();
const seen = new Map<string, number>();

const execute = async (...[program, onnx, inputs]: Parameters<Tracer>): ReturnType<Tracer> => {
  const claim = seen.get(program.id) ?? 0;
  seen.set(program.id, claim + 1);
  const cheat = settings.cheats.find((entry) => entry.programId === program.id && entry.claim === claim);
  if (cheat?.stall) await new Promise(() => {});
  const given = cheat?.otherInput ? inputs.map(({ length }) => new Uint8Array(length)) : inputs;
  if (!cheat?.lie) return honest(program, onnx, given);
  const executor = await Executor.open(program, tamper(onnx, program, cheat.lie), { trace: true });
  const committed = commitTrace(program, given, await executor.run(given));
  await executor.close();
  return committed;
};
/** Its answers for a segment fit its lie. */
const remake: Tracer['remake'] = (of, onnx, segment) => {
  const lie = settings.cheats.find(({ programId, lie }) => lie && programId === of.program.id)?.lie;
  return honest.remake(of, lie ? tamper(onnx, of.program, lie) : onnx, segment);
};
const trace: Tracer = Object.assign(execute, { remake });

const data = dataOption('cheat', 'where its traces are');
const table = { ...connectionTable, ...accountTable, ...transactionTable, ...costTable, ...watchingTable, data };
const identity = { name: 'cheating-provider', prefix: 'ESSAIM_CHEAT_', text: 'Cheats', table };
const { rpc, deployment, storage, keyFile, polling } = settings;
const secrets = new Secrets();
const flags = { rpc, deployment, storage, keyFile, polling: String(polling), data: settings.data };
const options = readOptions(table, { flags, environment: {}, prefix: identity.prefix }, secrets);
await runDaemon(identity, options, secrets, async ({ essaim, say, signal }) => {
  const policy = {
    models: [],
    minimumFee: { [settings.token.toLowerCase()]: 1n },
    maximumCollateral: 10n ** 24n,
    selfCheck: false,
    publishTraces: !settings.withhold,
  };
  // it computes the digests, and keeps the receipts to itself
  const putManifest: Storage['putManifest'] = async (value) => {
    const digest = `0x${crypto.hash('sha256', encodeManifest(value), 'hex')}`;
    return { cid: cidOfDigest(digest), digest };
  };
  const hiding = Object.create(essaim, { storage: { value: { ...essaim.storage, putManifest } } }) as typeof essaim;
  const shop = {
    essaim: settings.hideReceipts ? hiding : essaim,
    policy,
    trace,
    archive: new Archive(settings.data),
    sealing: await ownSealingKey({ data: settings.data }),
    say,
    training: { ...policy, runs: [], checkpointEvery: 2 },
    rounds: new RoundArchive(settings.data),
    data: join(settings.data, 'datasets'),
  };
  const answering = settings.silent ? [] : [new Answerer(shop, [runSource(shop)]).run(signal)];
  const training = settings.trains ? [new Trainer(shop).run(signal)] : [];
  await Promise.all([new Provider(shop).run(signal), ...answering, ...training]);
});
