import { type Power, showMiel } from '@essaim/sdk';
import { ZeroAddress } from 'ethers';

/** One place that MIEL of an account is in, or votes of it come from. */
export interface Source {
  name: string;
  /** MIEL of the account itself; none: they are others'. */
  own?: bigint;
  /** What of it are votes of this account. */
  votes: bigint;
  /** Who votes with it, and what could be done. */
  words: string;
  /** Another account's address that the words speak of. */
  by?: string;
  /** It votes for nobody. */
  isIdle?: boolean;
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Where an account's votes come from, and what of its MIEL votes elsewhere or for nobody. Empty: not known. */
export function sourcesOf({ account, liquid, staked, parts }: Power): Source[] {
  if (!parts) return [];
  const isOwn = same(parts.liquid.delegate, account);
  const isIdle = parts.liquid.delegate === ZeroAddress && parts.liquid.own > 0n;
  const stakesItself = same(parts.staked.delegate, account);
  const pooled = parts.pools.reduce((sum, { votes }) => sum + votes, 0n);
  const receivedLiquid = liquid - (isOwn ? parts.liquid.own : 0n);
  const receivedStake = staked - (stakesItself ? parts.staked.own : 0n) - pooled;
  const rows: Source[] = [
    {
      name: 'In your wallet',
      own: parts.liquid.own,
      votes: isOwn ? parts.liquid.own : 0n,
      isIdle,
      ...liquidWords(parts.liquid, isOwn, isIdle),
    },
    {
      name: 'Staked',
      own: parts.staked.own,
      votes: stakesItself ? parts.staked.own : 0n,
      words: stakesItself ? 'You vote with it.' : 'Voted by another account.',
      by: stakesItself ? undefined : parts.staked.delegate,
    },
    ...parts.pools.map(({ pool, operator, votes }) => ({
      name: `In pool ${pool}`,
      own: votes,
      votes,
      words: 'You vote with what your shares are worth; the operator does not.',
      by: operator,
    })),
  ];
  if (receivedLiquid > 0n || receivedStake > 0n) {
    const votes = (receivedLiquid > 0n ? receivedLiquid : 0n) + (receivedStake > 0n ? receivedStake : 0n);
    rows.push({ name: 'Delegated to you', votes, words: 'Others named you. They keep their MIEL.' });
  }
  return rows.filter(({ own, votes }) => votes > 0n || (own ?? 0n) > 0n);
}

function liquidWords({ delegate }: { delegate: string }, isOwn: boolean, isIdle: boolean) {
  if (isIdle) return { words: 'Votes for nobody until you delegate it, to yourself or to another.' };
  if (isOwn) return { words: 'You vote with it.' };
  return { words: 'Voted by another account.', by: delegate };
}

/** What an account misses, in one sentence: MIEL that votes for nobody, or why it has no votes; undefined: nothing. */
export function missingOf({ parts, total }: Power): string | undefined {
  if (!parts) return total > 0n ? undefined : 'This account has no votes.';
  const { liquid, staked } = parts;
  if (liquid.own > 0n && liquid.delegate === ZeroAddress)
    return `A balance is not a vote: ${showMiel(liquid.own)} vote for nobody until you delegate them, to yourself or to another.`;
  if (total > 0n) return undefined;
  if (liquid.own === 0n && staked.own === 0n)
    return 'This account holds and stakes no MIEL, and nobody delegated to it.';
  return 'All MIEL of this account is voted by others whom it named.';
}
