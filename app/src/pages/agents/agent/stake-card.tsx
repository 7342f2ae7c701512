import { type AgentDetail, send } from '@essaim/sdk';
import { useEssaim } from '../../../connection/connection.ts';
import { Action } from '../../../parts/action.tsx';
import { Address } from '../../../parts/address.tsx';
import { Amount } from '../../../parts/amount.tsx';
import { Time } from '../../../parts/time.tsx';
import { to } from '../../../route/route.ts';
import { type StakedFor, stakedFor } from '../stake.ts';

const FOR: Readonly<Record<StakedFor, string>> = {
  jobs: 'Backs jobs',
  training: 'Backs training',
  audits: 'Backs audits',
  other: 'Backs work of',
};

/** Where an account's MIEL is, and who votes with it. */
export function StakeCard({ agent, isOwn }: { agent: AgentDetail; isOwn: boolean }) {
  const { essaim } = useEssaim();
  const { balance, free, unbonding, unbondingUntil, credit, provisions, delegate, stakeDelegate } = agent;
  return (
    <section className="card" aria-labelledby="stake">
      <h2 id="stake">Stake</h2>
      <dl className="facts">
        <dt>In its wallet</dt>
        <dd>
          <Amount of={balance} />
        </dd>
        <dt>Free stake</dt>
        <dd>
          <Amount of={free} />
        </dd>
        {unbonding > 0n && (
          <>
            <dt>Leaves</dt>
            <dd>
              <Amount of={unbonding} />, <Time at={unbondingUntil} />
            </dd>
          </>
        )}
        {essaim &&
          provisions.map(({ client, slasher, amount, thawing, thawingUntil, slashed }) => {
            const what = stakedFor(client, essaim.deployment);
            return (
              <div key={client + slasher} style={{ display: 'contents' }}>
                <dt>
                  {FOR[what]} {what === 'other' && <Address of={client} />}
                </dt>
                <dd>
                  <Amount of={amount} />
                  {thawing > 0n && (
                    <>
                      , of which <Amount of={thawing} /> leave <Time at={thawingUntil} />
                    </>
                  )}
                  {slashed !== undefined && slashed > 0n && (
                    <small>
                      {' '}
                      (<Amount of={slashed} /> slashed)
                    </small>
                  )}
                </dd>
              </div>
            );
          })}
        {credit > 0n && (
          <>
            <dt>Bounties to withdraw</dt>
            <dd>
              <Amount of={credit} />
            </dd>
          </>
        )}
        <dt>Voted by</dt>
        <dd>
          {delegate === null ? 'nobody (liquid)' : <Address of={delegate} />}
          {', '}
          {stakeDelegate === null ? 'itself (stake)' : <Address of={stakeDelegate} />}
        </dd>
      </dl>
      {isOwn && (
        <>
          {credit > 0n && (
            <Action
              kind="secondary"
              label="Withdraw bounties"
              run={async ({ contracts, signer }, signal) => {
                const call = await contracts.StakeManager.withdrawCredit.populateTransaction();
                return send(signer!, call, 'withdrawing bounties', { signal });
              }}
            />
          )}
          <p>
            <a href={to('governance')}>Your votes</a> · <a href={to('shares')}>Your shares</a>
          </p>
        </>
      )}
    </section>
  );
}
