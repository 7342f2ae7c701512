/**
 * A provider like any other, but for the claims that its plan names: those it cheats. Arguments: one JSON object, see
 * `CheatSettings`. The plan is a file of lines, `{"input": sha256 of the input's bytes, "kind": …, "seed": …}`, that
 * grows while it runs.
 */
import crypto from 'node:crypto';
import { readFileSync } from 'node:fs';
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
import { Answerer, Archive, Provider } from '@essaim/provider';
import { openTracer, type Trace, type Tracer } from '@essaim/runtime';
import { cidOfDigest, encodeManifest, type Storage } from '@essaim/storage';
import { CHEATS, cheat } from './cheats.ts';
import type { KindName } from './kinds.ts';

export interface CheatSettings {
  /** Flags of every daemon, by option. */
  readonly flags: Readonly<Record<string, string>>;
  readonly token: string;
  readonly plan: string;
  readonly data: string;
  /** It shows nobody anything: its receipts are not on IPFS, and demands are not answered. */
  readonly silent: boolean;
}

interface Lie {
  readonly kind: KindName;
  readonly seed: number;
}

const settings = JSON.parse(process.argv[2]) as CheatSettings;
const honest = openTracer();
const inputHash = (inputs: readonly Uint8Array[]): string => crypto.hash('sha256', Buffer.concat(inputs), 'hex');

/** What is planned for these inputs, as far as the plan is written by now. */
function lieOn(inputs: readonly Uint8Array[]): Lie | undefined {
  const lines = readFileSync(settings.plan, 'utf8').split('\n').filter(Boolean);
  const wanted = inputHash(inputs);
  return lines.map((line) => JSON.parse(line) as Lie & { input: string }).find(({ input }) => input === wanted);
}

const execute = async (...execution: Parameters<Tracer>): Promise<Trace> => {
  const [, , inputs] = execution;
  const lie = lieOn(inputs);
  return lie ? cheat(CHEATS[lie.kind], lie.seed, ...execution) : honest(...execution);
};
/** Its answers for a segment fit its lie. */
const remake: Tracer['remake'] = (of, onnx, segment) => {
  const lie = lieOn(of.inputs.map(({ bytes }) => bytes));
  return honest.remake(of, lie ? CHEATS[lie.kind].model(of.program, onnx, lie.seed) : onnx, segment);
};
const trace: Tracer = Object.assign(execute, { remake });

const data = dataOption('cheat', 'where its traces are');
const table = { ...connectionTable, ...accountTable, ...transactionTable, ...costTable, ...watchingTable, data };
const identity = { name: 'cheating-provider', prefix: 'ESSAIM_CHEAT_', text: 'Cheats', table };
const secrets = new Secrets();
const flags = { ...settings.flags, data: settings.data };
const options = readOptions(table, { flags, environment: {}, prefix: identity.prefix }, secrets);
await runDaemon(identity, options, secrets, async ({ essaim, say, signal }) => {
  // it computes the receipts' digests, and keeps the receipts to itself
  const putManifest: Storage['putManifest'] = async (value) => {
    const digest = `0x${crypto.hash('sha256', encodeManifest(value), 'hex')}`;
    return { cid: cidOfDigest(digest), digest };
  };
  const hiding = Object.create(essaim, { storage: { value: { ...essaim.storage, putManifest } } }) as typeof essaim;
  const policy = {
    models: [],
    minimumFee: { [settings.token.toLowerCase()]: 1n },
    maximumCollateral: 10n ** 24n,
    selfCheck: false,
  };
  const shop = {
    essaim: settings.silent ? hiding : essaim,
    ...{ policy, trace, say },
    archive: new Archive(join(settings.data, 'traces')),
  };
  const answering = settings.silent ? [] : [new Answerer(shop).run(signal)];
  await Promise.all([new Provider(shop).run(signal), ...answering]);
});
