import { EssaimError } from '@essaim/protocol';
import { ipfsStorage, type Storage } from '@essaim/storage';
import type { JsonRpcProvider, Provider, Signer } from 'ethers';
import { Agents } from './agents.ts';
import { Audits } from './audits.ts';
import { connectChain } from './chain/provider.ts';
import { type Contracts, contractsOf } from './contracts/contracts.ts';
import { type Deployment, readDeployment } from './contracts/deployment.ts';
import { Datasets } from './datasets/datasets.ts';
import { Emissions } from './emissions.ts';
import { Governance } from './governance/governance.ts';
import { Jobs } from './jobs/jobs.ts';
import { Models } from './models.ts';
import { Pools } from './pools/pools.ts';
import type { Reading } from './reading/reading.ts';
import { Shares } from './shares/shares.ts';
import { Staking } from './staking.ts';
import { Training } from './training/training.ts';
import { Vouchers } from './vouchers.ts';

export interface ConnectOptions {
  /** RPC endpoint of the chain. */
  rpc: string;
  /** Where the contracts are: the content of a `deployments/<chainId>.json`. */
  deployment: unknown;
  /** URL of an IPFS node (Kubo's RPC or the embedded node), or a storage of one's own. */
  storage: string | Storage;
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

/** One connection to the protocol: the face for dApp builders. */
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
  readonly agents: Agents;
  readonly training: Training;
  readonly governance: Governance;
  readonly pools: Pools;
  readonly vouchers: Vouchers;
  declare readonly reading: Reading;
  readonly pollingInterval: number;
  readonly #closing = new AbortController();

  private constructor(
    deployment: Deployment,
    provider: JsonRpcProvider,
    storage: Storage,
    interval: number,
    signer?: Signer,
  ) {
    this.deployment = deployment;
    this.provider = provider;
    this.signer = signer;
    this.storage = storage;
    this.pollingInterval = interval;
    this.contracts = contractsOf(deployment, signer ?? provider);
    const closed = this.#closing.signal;
    this.models = new Models(this.contracts, storage, signer, closed);
    const { contracts, models } = this;
    const { chainId, startBlock } = deployment;
    this.jobs = new Jobs({ chainId, provider, contracts, storage, models, signer, startBlock, interval, closed });
    this.datasets = new Datasets(contracts, storage, signer);
    this.shares = new Shares({ contracts, provider, startBlock, signer });
    this.staking = new Staking(contracts, signer);
    this.emissions = new Emissions(contracts, startBlock, signer);
    this.audits = new Audits({ contracts, provider, signer, interval });
    this.governance = new Governance({ chainId, provider, contracts, signer, startBlock });
    this.pools = new Pools({ chainId, provider, contracts, signer, startBlock });
    this.vouchers = new Vouchers({ chainId, contracts, signer });
    this.agents = new Agents(contracts, signer);
    const { datasets } = this;
    this.training = new Training({
      ...{ chainId, provider, contracts, storage, datasets, signer, startBlock, interval, closed },
    });
  }

  /**
   * Connects and checks that chain, deployment and wallet belong together. CHAIN_UNREACHABLE, DEPLOYMENT_INVALID,
   * CHAIN_MISMATCH.
   */
  static async connect(options: ConnectOptions): Promise<Essaim> {
    const { rpc, pollingInterval = 1_000, timeout } = options;
    const deployment = readDeployment(options.deployment);
    const provider = await connectChain(rpc, { pollingInterval, timeout });
    try {
      await requireChain('the endpoint', provider, deployment);
      const made = await options.signer?.(provider);
      const signer = made && !made.provider ? made.connect(provider) : made;
      if (signer?.provider && signer.provider !== provider)
        await requireChain('the wallet', signer.provider, deployment);
      const storage = typeof options.storage === 'string' ? ipfsStorage({ url: options.storage }) : options.storage;
      return new Essaim(deployment, provider, storage, pollingInterval, signer);
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
