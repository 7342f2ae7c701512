import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTracer } from '@essaim/runtime';
import { type ConnectOptions, type Deployment, Essaim, type JobRequest, type JobRun, type Model } from '@essaim/sdk';
import { createNode, type IpfsNode } from '@essaim/storage/node';
import { expect } from 'chai';
import { HDNodeWallet, JsonRpcProvider, Mnemonic, parseEther } from 'ethers';
import { loadDigits, modelPath } from '../../models/digits/digits.ts';
import { deployProtocol } from '../../scripts/lib/deploy.ts';
import { localHands } from '../../scripts/lib/genesis.ts';
import { Family } from '../../scripts/lib/processes.ts';

/** Fast enough for tests, slow enough for two cores. */
export const POLLING = 40;
export const FEE = parseEther('2');
export const PRICE = parseEther('0.5');
export const COLLATERAL = parseEther('100');

const phrase = Mnemonic.fromPhrase('test test test test test test test test test test test junk');
const ROLES = ['founder', 'modeller', 'requester', 'seller', 'rival', 'poor'] as const;
export type Role = (typeof ROLES)[number];

/** A chain, a storage node and the protocol, shared by all tests of this process. */
export interface World {
  rpc: string;
  chain: JsonRpcProvider;
  node: IpfsNode;
  deployment: Deployment;
  wallets: Record<Role, HDNodeWallet>;
  token: string;
  model: Model;
  connect(role: Role | undefined, options?: Partial<ConnectOptions>): Promise<Essaim>;
}

const family = new Family();
const opened: Essaim[] = [];
let folder = '';
let made: Promise<World> | undefined;

/** The world, started at the first call. */
export function world(): Promise<World> {
  made ??= make();
  return made;
}

async function make(): Promise<World> {
  folder = await mkdtemp(join(tmpdir(), 'essaim-sdk-'));
  const [child, node] = await Promise.all([
    family.start('chain', ['scripts/local/chain.ts']),
    createNode({ dir: join(folder, 'ipfs') }),
  ]);
  const rpc = child.ready.url as string;
  const chain = new JsonRpcProvider(rpc, 31337, { staticNetwork: true, cacheTimeout: -1, pollingInterval: POLLING });
  const wallets = Object.fromEntries(
    ROLES.map((role, i) => [role, HDNodeWallet.fromMnemonic(phrase, `m/44'/60'/0'/0/${i}`).connect(chain)]),
  ) as World['wallets'];
  const { founder, seller, rival } = wallets;
  const deployment = await deployProtocol(founder, localHands(founder.address));
  const connect: World['connect'] = async (role, options = {}) => {
    const signer = role && (() => wallets[role]);
    const common = { rpc, deployment, storage: node.url, pollingInterval: POLLING };
    const essaim = await Essaim.connect({ ...common, signer, ...options });
    opened.push(essaim);
    return essaim;
  };
  const { MielToken } = (await connect('founder')).contracts;
  for (const role of ['modeller', 'requester', 'seller', 'rival'] as const) {
    await (await MielToken.transfer(wallets[role].address, parseEther('100000'))).wait();
  }
  for (const role of ['seller', 'rival'] as const) await (await connect(role)).staking.provide(parseEther('20000'));
  expect(seller.address).not.to.equal(rival.address);
  const token = deployment.addresses.MielToken;
  const model = await (await connect('modeller')).models.publish({
    onnx: new Uint8Array(readFileSync(modelPath('mlp-b1'))),
    name: 'Digits',
    description: 'Reads one handwritten digit, 8×8 pixels of 0 to 16',
    licence: 'CC BY 4.0',
    price: PRICE,
    token,
  });
  return { rpc, chain, node, deployment, wallets, token, model, connect };
}

after(async () => {
  if (!made) return;
  for (const essaim of opened) essaim.close();
  const { chain, node } = await made;
  chain.destroy();
  await node.close();
  await family.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Scans that no model was trained on, as the model takes them. */
export function scans(count: number): Float32Array[] {
  const { scans, heldOut } = loadDigits();
  return heldOut.slice(0, count).map((row) => Float32Array.from(scans[row]));
}

/** A request for one digit. */
export function request({ model, token }: World, changes: Partial<JobRequest> = {}): JobRequest {
  return { model, inputs: scans(1)[0], token, fee: FEE, collateral: COLLATERAL, ...changes };
}

/** The error that a promise or a run rejects with. */
export async function failureOf(work: PromiseLike<unknown>): Promise<Error & { code: string; help: string }> {
  try {
    await work;
  } catch (error) {
    return error as Error & { code: string; help: string };
  }
  throw new Error('nothing failed');
}

/** Waits for a stage of a run. */
export async function reach(run: JobRun, wanted: string): Promise<void> {
  for await (const { stage } of run) if (stage === wanted) return;
}

/** Moves the chain's clock, and mines a block there. */
export async function advance({ chain }: World, seconds: number): Promise<void> {
  await chain.send('evm_increaseTime', [seconds]);
  await chain.send('evm_mine', []);
}

export const tracer = openTracer();
