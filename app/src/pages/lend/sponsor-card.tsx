import type { About } from '@essaim/provider/browser';
import { Address } from '../../parts/address.tsx';
import { Amount } from '../../parts/amount.tsx';
import { State } from '../../parts/state.tsx';
import { type Asked, useAsk } from '../../reading/use-ask.ts';
import { Field } from './field.tsx';

const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;

/** Which sponsor, and what it says of itself beside what the chain says of it. */
export function SponsorCard({
  url,
  onUrl,
  about,
  isOn,
}: {
  url: string;
  onUrl: (url: string) => void;
  about: Asked<About | null>;
  isOn: boolean;
}) {
  const { value } = about;
  const stake = useAsk(
    (essaim) => (value ? essaim.staking.provision(value.sponsor) : Promise.resolve(null)),
    [value?.sponsor],
  );
  return (
    <section className="card form">
      <h2>The sponsor</h2>
      <p>
        An operator whose stake stands behind your tab: it takes jobs in its own name, gives them to tabs, checks what
        comes back and submits it. You need no stake, and nobody can take anything from you.
      </p>
      <Field
        id="sponsor"
        type="url"
        inputMode="url"
        label="Its address"
        help="As its operator published it. It has to allow this page."
        value={url}
        readOnly={isOn}
        onChange={({ target }) => onUrl(target.value)}
      />
      <State of={about} what="the sponsor" empty="Give the address of a sponsor.">
        {(it) => (
          <dl className="facts">
            <dt>Account</dt>
            <dd>
              <Address of={it.sponsor} />
            </dd>
            <dt>Pays for one execution</dt>
            <dd>
              <Amount of={BigInt(it.pay)} token={it.token} />
            </dd>
            <dt>Its stake for jobs</dt>
            <dd>{stake.value ? <Amount of={stake.value.tokens} /> : '…'}</dd>
            <dt>Largest model</dt>
            <dd>{megabytes(it.modelBytes)}</dd>
            <dt>Puts pay in escrow</dt>
            <dd>after {it.fundedAfter} accepted executions; before that its voucher is a promise</dd>
          </dl>
        )}
      </State>
    </section>
  );
}
