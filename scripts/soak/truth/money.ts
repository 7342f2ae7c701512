import type { Soak } from '../soak.ts';
import { eventsOf } from './logs.ts';

/** One account's books: what it should have, and has, in wei of MIEL. */
export interface Account {
  readonly name: string;
  readonly should: bigint;
  readonly has: bigint;
}

const sum = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((all, amount) => all + amount, 0n);

/** Every account's books, from what the chain's events say that it paid and got, against its balance. */
export async function booksOf({ hive, posted }: Soak): Promise<Account[]> {
  const { requester, hands, purse } = hive;
  const { JobMarket, MielToken, StakeManager } = requester.contracts;
  const [paid, refunded, slashed] = await Promise.all([
    eventsOf(requester, JobMarket, 'Paid'),
    eventsOf(requester, JobMarket, 'Refunded'),
    eventsOf(requester, StakeManager, 'Slashed'),
  ]);
  const read = async (name: string, address: string, should: bigint): Promise<Account> => {
    return { name, should, has: await MielToken.balanceOf(address) };
  };
  const bounties = sum(slashed.map(({ args }) => args.bounty));
  const compensations = sum(slashed.map(({ args }) => args.compensation));
  const spent = sum(posted.map(({ cost }) => cost));
  const back = sum(refunded.map(({ args }) => args.amount));
  return [
    await read('the requester', hands.requester.address, purse - spent + back + compensations),
    await read('the verifier', hands.verifier.address, bounties),
    // every job's escrow has left it: to providers, models, the treasury, the audit pool, back, or to be burned
    await read('the market', await JobMarket.getAddress(), 0n),
    ...(await Promise.all(
      hands.providers.map(({ address }, i) => {
        const earned = sum(paid.filter(({ args }) => args.provider === address).map(({ args }) => args.amount));
        return read(`provider ${i + 1}`, address, earned);
      }),
    )),
    await read('the cheat', hands.cheat.address, 0n),
    await read('the silent cheat', hands.silent.address, 0n),
  ];
}
