import type { Backing, PoolView } from '@essaim/sdk';
import { useEssaim } from '../../../connection/connection.ts';
import { Action } from '../../../parts/action.tsx';
import { Amount } from '../../../parts/amount.tsx';
import { State } from '../../../parts/state.tsx';
import { Time } from '../../../parts/time.tsx';
import { useAsk } from '../../../reading/use-ask.ts';
import { ConnectButton } from '../../../wallet/connect-button.tsx';
import { BackForm } from './back-form.tsx';

/** What the connected account has in a pool, and coming, leaving and claiming. */
export function OwnBacking({ pool }: { pool: PoolView }) {
  const { account } = useEssaim().wallet;
  const own = useAsk(
    async ({ pools, contracts, provider }) => {
      if (!account) return null;
      const [backing, balance, block] = await Promise.all([
        pools.backing(pool.id, account),
        contracts.MielToken.balanceOf(account),
        provider.getBlock('latest'),
      ]);
      return { backing, balance, now: BigInt(block?.timestamp ?? 0) };
    },
    [account, pool.id],
    { every: 15_000 },
  );
  if (!account) return <ConnectButton purpose="Back this operator" />;
  return (
    <State of={own} what="what you have in it">
      {({ backing, balance, now }) => (
        <>
          <h3>What you have in it</h3>
          <Held pool={pool} backing={backing} now={now} />
          <BackForm pool={pool} balance={balance} />
        </>
      )}
    </State>
  );
}

function Held({ pool, backing, now }: { pool: PoolView; backing: Backing; now: bigint }) {
  const { shares, worth, thawing, claimable } = backing;
  const due = claimable.filter(({ amount }) => amount > 0n);
  if (shares === 0n && due.length === 0) return <p className="muted">Nothing yet.</p>;
  return (
    <>
      <p>
        <Amount of={worth} />
        {thawing.shares > 0n && (
          <>
            , of which <Amount of={thawing.worth} /> leave: they can be withdrawn <Time at={thawing.until} />
          </>
        )}
        {due.map(({ token, amount }) => (
          <span key={token}>
            , and <Amount of={amount} token={token} /> earned
          </span>
        ))}
        .
      </p>
      {due.length > 0 && (
        <Action label="Claim what you earned" run={({ pools }, signal) => pools.claim(pool.id, undefined, signal)} />
      )}
      {shares > thawing.shares && (
        <Action
          kind="secondary"
          label="Begin to leave"
          run={({ pools }, signal) => pools.leave(pool.id, undefined, signal)}
          done="It leaves. Until it is withdrawn, 14 days from now, it can still be slashed."
        />
      )}
      {thawing.shares > 0n && (
        <Action
          kind="secondary"
          label="Withdraw what has thawed"
          why={thawing.until > now ? 'It still thaws, so that what it backed can be checked.' : undefined}
          run={({ pools }, signal) => pools.withdraw(pool.id, signal)}
        />
      )}
    </>
  );
}
