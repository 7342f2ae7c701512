import { JsonRpcProvider } from 'ethers';
import { Family } from '../../scripts/lib/processes.ts';

/** A chain of a test's own, in a process of its own, whose blocks the test makes. */
export class TestChain {
  readonly #family = new Family();
  rpc = '';
  provider!: JsonRpcProvider;

  static async open(): Promise<TestChain> {
    const chain = new TestChain();
    const child = await chain.#family.start('chain', ['scripts/local/chain.ts', '0']);
    chain.rpc = child.ready.url as string;
    chain.provider = new JsonRpcProvider(chain.rpc, 31337, {
      staticNetwork: true,
      cacheTimeout: -1,
      pollingInterval: 20,
    });
    return chain;
  }

  /** Whether a transaction makes a block at once, or waits for `mine`. */
  async automine(isOn: boolean): Promise<void> {
    await this.provider.send('evm_setAutomine', [isOn]);
  }

  async mine(blocks = 1): Promise<void> {
    for (let made = 0; made < blocks; made++) await this.provider.send('evm_mine', []);
  }

  /** The next block's base fee, in gwei. */
  async baseFee(gwei: number): Promise<void> {
    await this.provider.send('hardhat_setNextBlockBaseFeePerGas', [`0x${(gwei * 1e9).toString(16)}`]);
  }

  async close(): Promise<void> {
    this.provider.destroy();
    await this.#family.stop();
  }
}
