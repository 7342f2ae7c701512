import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EssaimError } from '@essaim/protocol';
import { BrowserProvider, type Eip1193Provider, Network, toQuantity } from 'ethers';
import { connectChain } from '../../chain/provider.ts';

/** A copy of a chain in this process: what is done there happens nowhere else. */
export class Fork {
  readonly provider: BrowserProvider;
  readonly #close: () => Promise<void>;

  private constructor(provider: BrowserProvider, close: () => Promise<void>) {
    this.provider = provider;
    this.#close = close;
  }

  /**
   * Copies the chain behind an endpoint as it is now; state is fetched when it is read. Needs the package `hardhat`.
   * SIMULATION_UNAVAILABLE, SIMULATION_FORK, CHAIN_UNREACHABLE
   */
  static async of(rpc: string, chainId: number): Promise<Fork> {
    const { createHardhatRuntimeEnvironment } = await import('hardhat/hre').catch((cause) => {
      const help = 'npm install --save-dev hardhat';
      throw new EssaimError('SIMULATION_UNAVAILABLE', 'simulating needs the package hardhat', { help, cause });
    });
    const blockNumber = await newestBlock(rpc);
    // What is fetched is kept nowhere: two chains of one's own may have the same id.
    const cache = await mkdtemp(join(tmpdir(), 'essaim-fork-'));
    const clean = () => rm(cache, { recursive: true, force: true });
    try {
      // The last argument is a folder of some npm package, which the caller's need not be.
      const from = { url: rpc, blockNumber };
      const networks = { fork: { type: 'edr-simulated' as const, chainId, accounts: [], forking: from } };
      const { network } = await createHardhatRuntimeEnvironment(
        { networks, paths: { cache } },
        {},
        import.meta.dirname,
      );
      const connection = await network.create('fork');
      const known = Network.from(chainId);
      const inner = connection.provider as Eip1193Provider;
      const provider = new BrowserProvider(inner, known, { staticNetwork: known, cacheTimeout: -1 });
      // Calls run in the newest block: it has to be one of the copy's own, whose rules are known.
      await provider.send('evm_mine', []);
      return new Fork(provider, async () => {
        provider.destroy();
        await connection.close();
        await clean();
      });
    } catch (cause) {
      await clean();
      throw new EssaimError('SIMULATION_FORK', 'the chain cannot be copied from this endpoint', {
        help: 'use an endpoint that lets state be read at recent blocks, without a tight limit of requests',
        details: { reason: cause instanceof Error ? cause.message : String(cause) },
      });
    }
  }

  /** Sends a transaction as an account that need not be ours; returns its receipt. Throws what the chain answers. */
  async act(from: string, call: { to: string; data: string }) {
    await this.provider.send('hardhat_impersonateAccount', [from]);
    const before = await this.provider.getBalance(from);
    await this.#setBalance(from, 10n ** 24n);
    try {
      const hash: string = await this.provider.send('eth_sendTransaction', [{ from, ...call }]);
      const receipt = await this.provider.getTransactionReceipt(hash);
      if (!receipt) throw new Error(`no receipt of ${hash}`);
      return receipt;
    } finally {
      await this.#setBalance(from, before);
    }
  }

  /** Lets the clock stand at `time` in a new block, unless it is past that. */
  async passTo(time: bigint): Promise<void> {
    const block = await this.provider.getBlock('latest');
    if (block && BigInt(block.timestamp) >= time) return;
    await this.provider.send('evm_setNextBlockTimestamp', [toQuantity(time)]);
    await this.provider.send('evm_mine', []);
  }

  close(): Promise<void> {
    return this.#close();
  }

  async #setBalance(account: string, wei: bigint): Promise<void> {
    await this.provider.send('hardhat_setBalance', [account, toQuantity(wei)]);
  }
}

/** The copy would else begin as far back as chains may be reorganised. */
async function newestBlock(rpc: string): Promise<number> {
  const provider = await connectChain(rpc);
  try {
    return await provider.getBlockNumber();
  } finally {
    provider.destroy();
  }
}
