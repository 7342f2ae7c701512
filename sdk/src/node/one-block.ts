import type { Provider } from 'ethers';

/** A provider that can read at one block. */
interface Pinning {
  atOneBlock<T>(work: () => Promise<T>): Promise<T>;
}

const pins = (provider: Provider): provider is Provider & Pinning => 'atOneBlock' in provider;

/**
 * Has all that `work` reads of the newest state be of one block, as far as the provider can do so: a daemon's can. For
 * what a decision rests on; nothing is to be sent or waited for in it.
 */
export const atOneBlock = <T>(provider: Provider, work: () => Promise<T>): Promise<T> =>
  pins(provider) ? provider.atOneBlock(work) : work();
