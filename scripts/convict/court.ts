import { join } from 'node:path';
import { type Deployment, Essaim, type Model, modelIdOf } from '@essaim/sdk';
import { JsonRpcProvider, parseEther } from 'ethers';
import { accounts, type Role } from '../demo/accounts.ts';
import { deployProtocol } from '../lib/deploy.ts';
import { localHands } from '../lib/genesis.ts';
import { Family } from '../lib/processes.ts';
import type { LargeModel } from './large-model.ts';

const POLLING = 60;
const STAKE = parseEther('5000');
const FEE = parseEther('2');

/** A local chain with the whole protocol, a storage node, and the people of the story. */
export class Court {
  readonly #family = new Family();
  readonly #folder: string;
  #rpc = '';
  #storage = '';
  chain!: JsonRpcProvider;
  deployment!: Deployment;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<Court> {
    const court = new Court(folder);
    const [chain, storage] = await Promise.all([
      court.#family.start('chain', ['scripts/local/chain.ts']),
      court.#family.start('storage', ['storage/src/node/main.ts', '--dir', join(folder, 'ipfs'), '--port', '0']),
    ]);
    court.#rpc = chain.ready.url as string;
    court.#storage = storage.ready.url as string;
    const options = { staticNetwork: true, cacheTimeout: -1, pollingInterval: POLLING };
    court.chain = new JsonRpcProvider(court.#rpc, 31337, options);
    await court.#deploy();
    return court;
  }

  async #deploy(): Promise<void> {
    const { founder, bob, requester } = accounts(this.chain);
    this.deployment = await deployProtocol(founder, localHands(founder.address));
    const { MielToken } = (await this.connect('founder')).contracts;
    for (const { address } of [bob, requester]) await (await MielToken.transfer(address, parseEther('10000'))).wait();
    await (await this.connect('bob')).staking.provide(STAKE);
  }

  /** A connection as one of the roles; with a model, one that has it on its own disk instead of fetching it. */
  async connect(role: Role, model?: Model): Promise<Essaim> {
    const essaim = await Essaim.connect({
      rpc: this.#rpc,
      deployment: this.deployment,
      storage: this.#storage,
      pollingInterval: POLLING,
      signer: (provider) => accounts(provider)[role],
    });
    return model ? Object.create(essaim, { models: { value: { load: async () => model } } }) : essaim;
  }

  /** Registers a model whose weights are too large for storage: everyone here has them on their own disk. */
  async register({ onnx }: LargeModel, program: Model['program']): Promise<Model> {
    const { contracts, storage } = await this.connect('modeller');
    const manifest = {
      kind: 'essaim/model/1',
      name: 'transformer',
      description: 'A transformer of random weights',
      licence: 'MIT',
      onnx: await storage.put(onnx),
      programId: program.id,
    } as const;
    const { digest } = await storage.putManifest(manifest);
    const { ModelRegistry } = contracts;
    await (await ModelRegistry.register(program.id, digest, this.deployment.addresses.MielToken, 0n)).wait();
    const { modeller } = accounts(this.chain);
    return { id: modelIdOf(modeller.address, program.id), program, onnx, manifest };
  }

  /** Posts a job for Bob; returns its id. */
  async post(model: Model, input: Float32Array): Promise<string> {
    const { jobs, signer } = await this.connect('requester', model);
    const { addresses } = this.deployment;
    const job = await jobs.prepare({
      model,
      inputs: input,
      token: addresses.MielToken,
      fee: FEE,
      collateral: parseEther('100'),
      provider: accounts(this.chain).bob.address,
    });
    for (const call of await jobs.populate(job)) await (await signer!.sendTransaction(call)).wait();
    return job.jobId;
  }

  async close(): Promise<void> {
    this.chain.destroy();
    await this.#family.stop();
  }

  /** Bob's own folder. */
  get archive(): string {
    return join(this.#folder, 'archive');
  }
}
