import type { About } from '@essaim/provider/browser';
import { VoucherBook } from '@essaim/provider/browser';
import type { Voucher } from '@essaim/sdk';
import { useEssaim } from '../../connection/connection.ts';
import { Action } from '../../parts/action.tsx';
import { Amount } from '../../parts/amount.tsx';
import { State } from '../../parts/state.tsx';
import { Time } from '../../parts/time.tsx';
import { useAsk } from '../../reading/use-ask.ts';

/** What the sponsor owes by its last voucher, what of it lies in escrow, and the way to claim it. */
export function EarningsCard({ about, current }: { about: About; current: Voucher | null }) {
  const { wallet, chainId } = useEssaim();
  const { account } = wallet;
  const place = account && { payer: about.sponsor, payee: account, token: about.token };
  const kept = place && chainId ? new VoucherBook(chainId, localStorage).best(place) : null;
  const best = current && current.payee === account ? current : kept;
  const escrow = useAsk(
    (essaim) => (place ? essaim.vouchers.escrow(place) : Promise.resolve(null)),
    [about.sponsor, about.token, account],
    { every: 5_000 },
  );
  return (
    <section className="card">
      <h2>What you earned with this sponsor</h2>
      {!account && <p>Connect the wallet that is paid to see its vouchers.</p>}
      {account && !best && <p>No voucher yet: the first comes with the first accepted execution.</p>}
      {best && (
        <State of={escrow} what="the escrow" empty="Connect a wallet.">
          {({ funded, claimed, until, closes }) => {
            const most = best.cumulative < funded ? best.cumulative : funded;
            const worth = most > claimed ? most - claimed : 0n;
            return (
              <>
                <dl className="facts">
                  <dt>Promised by its last voucher</dt>
                  <dd>
                    <Amount of={best.cumulative} token={about.token} />
                  </dd>
                  <dt>Of that claimed</dt>
                  <dd>
                    <Amount of={claimed} token={about.token} />
                  </dd>
                  <dt>In escrow for you</dt>
                  <dd>
                    <Amount of={funded - claimed} token={about.token} />
                    {closes !== null && (
                      <>
                        {' '}
                        — the sponsor may take it back from <Time at={closes} /> on: claim before.
                      </>
                    )}
                    {closes === null && funded > claimed && (
                      <>
                        {' '}
                        — untouchable until <Time at={until} />
                      </>
                    )}
                  </dd>
                </dl>
                <Action
                  label="Claim on chain"
                  why={
                    worth === 0n
                      ? 'There is nothing to claim now: what is in escrow is claimed, or not there yet.'
                      : undefined
                  }
                  run={(essaim, signal) => essaim.vouchers.claim(best, signal)}
                  done={(amount) => (
                    <p>
                      <Amount of={amount} token={about.token} /> came to your account.
                    </p>
                  )}
                />
              </>
            );
          }}
        </State>
      )}
    </section>
  );
}
