import { formatUnits, ZeroAddress } from 'ethers';
import type { DecodedAction } from '../../governance/decode.ts';
import type { ParameterView } from '../../governance/parameters.ts';
import type { Power } from '../../governance/power.ts';
import { nextOf, type ProposalView } from '../../governance/proposals.ts';
import { showMiel, showSpan, showTime, showValue } from '../../governance/units.ts';
import type { Backing, PoolView, Yield } from '../../pools/pools.ts';

/** Prints a value as JSON on standard output, integers as text. */
export const print = (value: unknown): void =>
  console.log(JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? String(item) : item), 1));

/** A proposal in one look. */
export function summaryOf(view: ProposalView) {
  const { id, title, proposer, state, votes, quorum, now } = view;
  const next = nextOf(view);
  const reached = votes.for + votes.abstain >= quorum;
  return {
    ...{ id, title, proposer, state },
    next: next && `${next.what} at ${showTime(next.at)}, in ${showSpan(next.at > now ? next.at - now : 0n)}`,
    votes: { for: showMiel(votes.for), against: showMiel(votes.against), abstain: showMiel(votes.abstain) },
    quorum: `${showMiel(quorum)} for or abstaining, ${reached ? 'reached' : `${showMiel(quorum - votes.for - votes.abstain)} missing`}`,
  };
}

/** What calls do; those that cannot be read as they are, and all of them with their bytes. */
export const actionsOf = (actions: readonly DecodedAction[]) =>
  actions.map(({ target, value, data, call, changes }) => ({
    does: changes.map(({ what, before, after }) =>
      after === undefined ? what : `${what}: ${before === undefined ? '' : `${before} → `}${after}`,
    ),
    call: call ?? 'not readable',
    raw: { target, value, data },
  }));

/** Voting power, and in words where it comes from and what lies idle. */
export function powerOf({ account, at, total, liquid, staked, parts }: Power) {
  const whose = (delegate: string) => (delegate === account ? 'itself' : delegate);
  const idle = parts?.liquid.delegate === ZeroAddress && parts.liquid.own > 0n;
  return {
    ...{ account, at: showTime(at), votes: showMiel(total) },
    of: { liquid: showMiel(liquid), staked: showMiel(staked) },
    own: parts && {
      liquid: `${showMiel(parts.liquid.own)}, ${idle ? 'voting for nobody: delegate to yourself' : `voted by ${whose(parts.liquid.delegate)}`}`,
      staked: `${showMiel(parts.staked.own)}, voted by ${whose(parts.staked.delegate)}`,
      pools: parts.pools.map(({ pool, operator, votes }) => `${showMiel(votes)} in pool ${pool} of ${operator}`),
    },
  };
}

/** The table of parameters, by name. */
export const parametersOf = (table: readonly ParameterView[]) =>
  Object.fromEntries(
    table.map(({ name, unit, value, least, most, lowest, highest }) => [
      name,
      {
        now: showValue(value, unit),
        bounds: `${showValue(least, unit)} … ${showValue(most, unit)}`,
        'in one change': `${showValue(lowest, unit)} … ${showValue(highest, unit)}`,
      },
    ]),
  );

/** A pool, what its operator takes and what it brought after that. */
export function poolOf(pool: PoolView, yields: readonly Yield[], named: (address: string) => string) {
  const { id, operator, client, delegated, thawing, own, ownThawing, locked, room, rate, cut, announced } = pool;
  return {
    ...{ pool: id, operator, client: named(client) },
    own: showMiel(own) + (ownThawing > 0n ? `, of which ${showMiel(ownThawing)} leave` : ''),
    delegated: showMiel(delegated) + (thawing > 0n ? `, of which ${showMiel(thawing)} leave` : ''),
    locked: showMiel(locked),
    room: showMiel(room),
    lost: `${formatUnits(10n ** 18n - rate, 16)} % of each share, to slashes`,
    cut: showValue(cut, 'bp of what comes in'),
    announced: announced && `${showValue(announced.cut, 'bp')} from ${showTime(announced.from)}`,
    yields: yields.map(({ token, seconds, earned, toDelegators, perMielAndYear }) => ({
      ...{ token: named(token), over: showSpan(seconds), earned, toDelegators },
      perMielAndYear: perMielAndYear ?? 'nothing is delegated',
    })),
  };
}

/** What an account has in a pool. */
export const backingOf = ({ pool, shares, worth, thawing, claimable }: Backing) => ({
  ...{ pool, shares, worth: showMiel(worth) },
  leaving:
    thawing.shares > 0n ? `${showMiel(thawing.worth)}, to be withdrawn from ${showTime(thawing.until)}` : undefined,
  claimable: claimable.filter(({ amount }) => amount > 0n),
});
