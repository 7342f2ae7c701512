import { EssaimError } from '@essaim/protocol';
import type { Storage } from '@essaim/storage';
import type { JsonRpcProvider, Provider, Signer } from 'ethers';
import type { Agents } from './agents.ts';
import type { Audits } from './audits.ts';
import { connectChain } from './chain/provider.ts';
import { type Contracts, contractsOf } from './contracts/contracts.ts';
import { type Deployment, readDeployment } from './contracts/deployment.ts';
import type { Datasets } from './datasets/datasets.ts';
import type { Disputes } from './disputes/disputes.ts';
import type { Emissions } from './emissions.ts';
import type { Governance } from './governance/governance.ts';
import type { Jobs } from './jobs/jobs.ts';
import { JobRuns } from './jobs/runs.ts';
import type { Models } from './models.ts';
import { completed, storageOf } from './networks/completed.ts';
import type { Offers } from './offers/offers.ts';
import { once, part, streamed } from './part.ts';
import type { Pools } from './pools/pools.ts';
import type { IndexerOptions } from './reading/context.ts';
import { Reading } from './reading/reading.ts';
import type { Shares } from './shares/shares.ts';
import type { Staking } from './staking.ts';
import type { Training } from './training/training.ts';
import type { Vouchers } from './vouchers.ts';

export interface ConnectOptions {
  /** Name or chain id of a network that this version knows; what is named beside it goes before its own. */
  network?: string | number;
  /** RPC endpoint of the chain, or a provider of one's own, which is closed with the connection. */
  rpc?: string | JsonRpcProvider;
  /** Where the contracts are: the content of a `deployments/<chainId>.json`. */
  deployment?: unknown;
  /** URL of an IPFS node (Kubo's RPC or the embedded node), or a storage of one's own. Only contents need it. */
  storage?: string | Storage;
  /** URL of the GraphQL of an indexer, which then answers `reading`; without it the chain does, as far as it can. */
  indexer?: string | IndexerOptions;
  /** After how many blocks `reading` calls one final. Default: as the chain says, 64 where it does not. */
  confirmations?: number;
  /**
   * Makes the account that signs: `(provider) => new Wallet(key, provider)`, or in a browser
   * `() => new BrowserProvider(window.ethereum).getSigner()`. Without it everything can be read and nothing sent.
   */
  signer?: (provider: JsonRpcProvider) => Signer | Promise<Signer>;
  /** Polling of the chain, in milliseconds. Default 1,000. */
  pollingInterval?: number;
  /** How long the endpoint may take for one answer, in milliseconds. Default 10,000. */
  timeout?: number;
}

/**
 * One connection to the protocol: the face for dApp builders.
 *
 * @example
 * ```ts
 * import { Essaim } from '@essaim/sdk';
 * import { Wallet } from 'ethers';
 *
 * const essaim = await Essaim.connect({
 *   rpc,
 *   deployment, // the content of a deployments/<chainId>.json
 *   storage, // an IPFS node's RPC
 *   signer: (provider) => new Wallet(key, provider), // leave it out to read only
 * });
 * console.log(await essaim.contracts.MielToken.symbol()); // MIEL
 * essaim.close();
 * ```
 */
export class Essaim {
  readonly deployment: Deployment;
  readonly provider: Provider;
  readonly signer: Signer | undefined;
  readonly contracts: Contracts;
  readonly storage: Storage;
  readonly models: Models;
  readonly jobs: Jobs;
  readonly datasets: Datasets;
  readonly shares: Shares;
  readonly staking: Staking;
  readonly emissions: Emissions;
  readonly audits: Audits;
  readonly disputes: Disputes;
  readonly agents: Agents;
  readonly training: Training;
  readonly governance: Governance;
  readonly pools: Pools;
  readonly offers: Offers;
  readonly vouchers: Vouchers;
  /** What the network tells: lists, single things and sums, with where they come from and how certain they are. */
  readonly reading: Reading;
  readonly pollingInterval: number;
  readonly #closing = new AbortController();

  private constructor(
    deployment: Deployment,
    provider: JsonRpcProvider,
    storage: Storage,
    interval: number,
    signer?: Signer,
    reads: Pick<ConnectOptions, 'confirmations'> & { indexer?: IndexerOptions } = {},
  ) {
    this.deployment = deployment;
    this.provider = provider;
    this.signer = signer;
    this.storage = storage;
    this.pollingInterval = interval;
    this.contracts = contractsOf(deployment, signer ?? provider);
    const closed = this.#closing.signal;
    const { contracts } = this;
    const { chainId, startBlock } = deployment;
    const holder = { chainId, provider, contracts, signer, startBlock };
    const context = { ...holder, storage, interval, closed };

    // Each part's code is loaded when it is first used: what a page shows at once stays small.
    const models = once(async () => new (await import('./models.ts')).Models(contracts, storage, signer, closed));
    this.models = part(models);
    const jobs = once(
      async () =>
        new (await import('./jobs/jobs.ts')).Jobs({ ...context, signer, models: this.models, agents: this.agents }),
    );
    this.jobs = part(jobs, new JobRuns(jobs, closed));
    this.datasets = part(
      once(async () => new (await import('./datasets/datasets.ts')).Datasets(contracts, storage, signer)),
    );
    this.shares = part(once(async () => new (await import('./shares/shares.ts')).Shares(holder)));
    this.staking = part(once(async () => new (await import('./staking.ts')).Staking(contracts, signer)));
    this.emissions = part(
      once(async () => new (await import('./emissions.ts')).Emissions(contracts, startBlock, signer)),
    );
    this.audits = part(once(async () => new (await import('./audits.ts')).Audits(context)));
    const disputed = { contracts, provider, deployment, startBlock };
    this.disputes = part(once(async () => new (await import('./disputes/disputes.ts')).Disputes(disputed)));
    this.agents = part(once(async () => new (await import('./agents.ts')).Agents(contracts, signer, chainId)));
    const governance = once(async () => new (await import('./governance/governance.ts')).Governance(holder));
    this.governance = part(governance, { context: holder });
    this.pools = part(once(async () => new (await import('./pools/pools.ts')).Pools(holder)));
    this.offers = part(once(async () => new (await import('./offers/offers.ts')).Offers(holder, storage)));
    this.vouchers = part(once(async () => new (await import('./vouchers.ts')).Vouchers(holder)));
    this.reading = new Reading(() => {
      const { addresses } = deployment;
      return { ...reads, provider, contracts: contractsOf(deployment, provider), addresses, startBlock };
    });
    const { datasets } = this;
    const training = once(async () => new (await import('./training/training.ts')).Training({ ...context, datasets }));
    this.training = part(training, {
      scores: part(async () => (await training()).scores),
      watch: (...given) => streamed(async () => (await training()).watch(...given)),
    });
  }

  /**
   * Connects and checks that chain, deployment and wallet belong together. CHAIN_UNREACHABLE, DEPLOYMENT_INVALID,
   * CHAIN_MISMATCH, NETWORK_UNKNOWN, CHAIN_UNNAMED.
   */
  static async connect(given: ConnectOptions): Promise<Essaim> {
    const options = await completed(given);
    const { rpc, pollingInterval = 1_000, timeout } = options;
    const deployment = readDeployment(options.deployment);
    const provider = typeof rpc === 'string' ? await connectChain(rpc, { pollingInterval, timeout }) : rpc;
    try {
      await requireChain('the endpoint', provider, deployment);
      const made = await options.signer?.(provider);
      const signer = made && !made.provider ? made.connect(provider) : made;
      if (signer?.provider && signer.provider !== provider)
        await requireChain('the wallet', signer.provider, deployment);
      const storage = storageOf(options.storage);
      const { confirmations, indexer: at } = options;
      const indexer = typeof at === 'string' ? { url: at } : at;
      return new Essaim(deployment, provider, storage, pollingInterval, signer, { confirmations, indexer });
    } catch (error) {
      provider.destroy();
      throw error;
    }
  }

  /** Ends everything that still runs here: jobs that are followed end with JOB_GOES_ON, or ABORTED. */
  close(): void {
    this.#closing.abort(new DOMException('the connection was closed', 'AbortError'));
    (this.provider as JsonRpcProvider).destroy();
  }
}

async function requireChain(who: string, provider: Provider, { chainId }: Deployment): Promise<void> {
  const network = await provider.getNetwork();
  if (Number(network.chainId) === chainId) return;
  throw new EssaimError('CHAIN_MISMATCH', `${who} is on chain ${network.chainId}, the deployment on ${chainId}`, {
    help: 'use the deployment file of that chain, or switch the wallet or endpoint to this one',
    details: { expected: chainId, got: Number(network.chainId) },
  });
}
