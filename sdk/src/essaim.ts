import { EssaimError } from '@essaim/protocol';
import { ipfsStorage, type Storage } from '@essaim/storage';
import type { JsonRpcProvider, Provider, Signer } from 'ethers';
import { connectChain } from './chain/provider.ts';
import { type Contracts, contractsOf } from './contracts/contracts.ts';
import { type Deployment, readDeployment } from './contracts/deployment.ts';
import { Jobs } from './jobs/jobs.ts';
import { Models } from './models.ts';
import { Staking } from './staking.ts';

export interface ConnectOptions {
  /** RPC endpoint of the chain. */
  rpc: string;
  /** Where the contracts are: the content of a `deployments/<chainId>.json`. */
  deployment: unknown;
  /** URL of an IPFS node (Kubo's RPC or the embedded node), or a storage of one's own. */
  storage: string | Storage;
  /** Makes the account that signs; without it everything can be read and nothing sent. */
  signer?: (provider: JsonRpcProvider) => Signer;
  /** Polling of the chain, in milliseconds. Default 1,000. */
  pollingInterval?: number;
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
  readonly staking: Staking;
  readonly pollingInterval: number;

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
    this.models = new Models(this.contracts, storage, signer);
    const { contracts, models } = this;
    this.jobs = new Jobs(
      { chainId: deployment.chainId, provider, contracts, storage, models, interval },
      deployment.startBlock,
      signer,
    );
    this.staking = new Staking(contracts, signer);
  }

  /** Connects and checks that chain and deployment belong together. CHAIN_UNREACHABLE, DEPLOYMENT_INVALID, CHAIN_MISMATCH. */
  static async connect(options: ConnectOptions): Promise<Essaim> {
    const { rpc, pollingInterval = 1_000 } = options;
    const deployment = readDeployment(options.deployment);
    const provider = await connectChain(rpc, { pollingInterval });
    const { chainId } = await provider.getNetwork();
    if (Number(chainId) !== deployment.chainId) {
      throw new EssaimError(
        'CHAIN_MISMATCH',
        `the endpoint serves chain ${chainId}, the deployment is on ${deployment.chainId}`,
        {
          help: 'use the deployment file of that chain',
        },
      );
    }
    const storage = typeof options.storage === 'string' ? ipfsStorage({ url: options.storage }) : options.storage;
    return new Essaim(deployment, provider, storage, pollingInterval, options.signer?.(provider));
  }

  /** Ends background polling. */
  close(): void {
    this.provider.destroy();
  }
}
