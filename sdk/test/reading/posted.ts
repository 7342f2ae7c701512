import { Interface, id } from 'ethers';
import { abis, type ContractName } from '../../src/contracts/abis.ts';
import type { LittleChain } from './little-chain.ts';
import { addresses } from './stand.ts';

const account = (n: number): string => `0x${n.toString(16).padStart(40, '0')}`;

/** Puts an event of a contract on a little chain. */
export function emit(
  chain: LittleChain,
  contract: ContractName,
  name: string,
  args: unknown[],
  blockNumber: number,
): void {
  const known = new Interface(abis[contract]);
  const { topics, data } = known.encodeEventLog(name, args);
  const index = chain.logs.filter((log) => log.blockNumber === blockNumber).length;
  chain.logs.push({ address: addresses[contract], topics, data, blockNumber, index });
}

export const jobId = (n: number): string => id(`job ${n}`);
export const requester = account(0xbeef);

/** Posts a job in a block. */
export function post(chain: LittleChain, n: number, block: number): void {
  const [nobody, token, hash] = [account(0), addresses.MielToken, id('something')];
  emit(
    chain,
    'JobMarket',
    'Posted',
    [jobId(n), requester, nobody, token, 2_000_000_000, 1, n, 5n, 2n, 7n, hash, hash, hash, 100n, false],
    block,
  );
}

export const accept = (chain: LittleChain, n: number, block: number): void =>
  emit(chain, 'JobMarket', 'Accepted', [jobId(n), account(0xa11ce), 100_000], block);
