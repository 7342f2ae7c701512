import { getAddress, type JsonRpcProvider } from 'ethers';
import { connectChain } from '../../src/chain/provider.ts';
import { abis, type ContractName } from '../../src/contracts/abis.ts';
import { contractsOf } from '../../src/contracts/contracts.ts';
import type { IndexerOptions } from '../../src/reading/context.ts';
import { Reading } from '../../src/reading/reading.ts';
import { LittleChain } from './little-chain.ts';
import { LittleIndexer } from './little-indexer.ts';

const names = Object.keys(abis) as ContractName[];
export const addresses = Object.fromEntries(
  names.map((name, i) => [name, getAddress(`0x${(0xc0de00 + i).toString(16).padStart(40, '0')}`)]),
) as Record<ContractName, string>;

/** A little chain with its indexer, and what reads them. */
export class Stand {
  readonly chain: LittleChain;
  readonly indexer: LittleIndexer;
  readonly #providers: JsonRpcProvider[] = [];

  private constructor(chain: LittleChain, indexer: LittleIndexer) {
    this.chain = chain;
    this.indexer = indexer;
  }

  static async open(): Promise<Stand> {
    const chain = await LittleChain.open();
    return new Stand(chain, await LittleIndexer.open(chain, addresses.MielToken));
  }

  /** Reading by both; with `indexer: null` by the chain alone. */
  async reading({
    indexer = {},
    confirmations,
    timeout = 2_000,
  }: {
    indexer?: Partial<IndexerOptions> | null;
    confirmations?: number;
    timeout?: number;
  } = {}): Promise<Reading> {
    const provider = await connectChain(this.chain.url, { timeout });
    this.#providers.push(provider);
    const contracts = contractsOf({ chainId: 31337, startBlock: 1, addresses }, provider);
    const options = indexer ? { url: this.indexer.url, ...indexer } : undefined;
    return new Reading(() => ({ provider, contracts, addresses, startBlock: 1, confirmations, indexer: options }));
  }

  close(): void {
    for (const provider of this.#providers) provider.destroy();
    this.chain.close();
    this.indexer.close();
  }
}

/** Time for what is kept half a second to be asked again. */
export const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 550));
