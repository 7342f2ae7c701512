import type { Power } from '@essaim/sdk';
import { useEssaim } from '../../../connection/connection.ts';
import { Address } from '../../../parts/address.tsx';
import { Amount } from '../../../parts/amount.tsx';
import { State } from '../../../parts/state.tsx';
import { useAsk } from '../../../reading/use-ask.ts';
import { ConnectButton } from '../../../wallet/connect-button.tsx';
import { DelegateForm } from './delegate-form.tsx';
import { missingOf, sourcesOf } from './sources.ts';

/** What votes the connected account has, where they come from, and what can be done about it. */
export function PowerPanel() {
  const { wallet } = useEssaim();
  const { account } = wallet;
  const power = useAsk(async ({ governance }) => (account ? governance.power(account) : null), [account]);
  return (
    <section className="card" aria-labelledby="power">
      <h2 id="power">Your votes</h2>
      {account ? (
        <State of={power} what="your votes">
          {(it) => <PowerView power={it} />}
        </State>
      ) : (
        <>
          <p>Votes come from MIEL in your wallet once it is delegated, from stake, and from pools.</p>
          <ConnectButton purpose="See your votes" />
        </>
      )}
    </section>
  );
}

function PowerView({ power }: { power: Power }) {
  const sources = sourcesOf(power);
  const why = missingOf(power);
  return (
    <>
      <p className="big-number">
        <Amount of={power.total} />
      </p>
      {why && <p className="old">{why}</p>}
      <p>
        <small>
          A vote counts what you have in the second before it begins. What is bought, borrowed or staked later has no
          part in it.
        </small>
      </p>
      {sources.length > 0 && (
        <dl className="facts">
          {sources.map((source) => (
            <SourceRow key={source.name} {...source} />
          ))}
        </dl>
      )}
      <DelegateForm power={power} />
    </>
  );
}

function SourceRow({ name, own, votes, words, by }: ReturnType<typeof sourcesOf>[number]) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <Amount of={own ?? votes} />
        <br />
        <small>
          {words} {by && <Address of={by} />}
        </small>
      </dd>
    </>
  );
}
