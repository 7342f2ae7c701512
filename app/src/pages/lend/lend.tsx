import { SponsorClient } from '@essaim/provider/browser';
import { useState, useSyncExternalStore } from 'react';
import { useEssaim } from '../../connection/connection.ts';
import { PageHeading } from '../../parts/page-heading.tsx';
import { useAsk } from '../../reading/use-ask.ts';
import { EarningsCard } from './earnings-card.tsx';
import './lend.css';
import { isOn, readRunning, setRunning, subscribeRunning } from './lending-store.ts';
import { LimitsForm } from './limits-form.tsx';
import { RunningCard } from './running-card.tsx';
import { SponsorCard } from './sponsor-card.tsx';

const KEY = 'essaim.sponsor';

/** A person lends this tab to a sponsor, within limits, and is paid by vouchers. */
export default function Lend() {
  const { config } = useEssaim();
  const running = useSyncExternalStore(subscribeRunning, readRunning);
  const [typed, setTyped] = useState(() => localStorage.getItem(KEY));
  const sponsor = typed ?? config?.sponsor ?? '';
  const about = useAsk(() => (sponsor ? new SponsorClient(sponsor).about() : Promise.resolve(null)), [sponsor]);
  const { lending, progress } = running;
  const earnings = about.value && <EarningsCard about={about.value} current={progress?.voucher ?? null} />;
  return (
    <>
      <PageHeading
        title="Lend this tab"
        lead="Run small models for others while this tab is open, and be paid for each. One signature starts it; closing the tab ends it and harms nobody."
      />
      {lending && progress && (
        <RunningCard
          lending={lending}
          progress={progress}
          onAgain={() => setRunning({ lending: undefined, progress: undefined })}
        />
      )}
      <div className="columns">
        <div className="stack">
          <SponsorCard
            url={sponsor}
            isOn={isOn(running)}
            about={about}
            onUrl={(url) => {
              setTyped(url);
              localStorage.setItem(KEY, url);
            }}
          />
          {!lending && earnings}
        </div>
        {lending ? earnings : <LimitsForm sponsor={sponsor} about={about.value ?? undefined} />}
      </div>
      <section className="card">
        <h2>What will be done</h2>
        <ul>
          <li>
            A worker of this page downloads models of the market and runs them on one core, with inputs that are public
            already. It reads nothing of yours and opens no other page.
          </li>
          <li>
            Only exact models run here: integers, for which every device gives the same bits. So anybody can tell a
            right result from a wrong one, and the sponsor runs some of yours again.
          </li>
          <li>
            Every byte of a result is handed to the sponsor and kept there before it submits: it answers for it with its
            stake, you with nothing. It learns your account’s and your internet address.
          </li>
          <li>
            Each accepted result brings a voucher for all that you earned so far. You claim with the last one, whenever
            you like, in one transaction.
          </li>
        </ul>
      </section>
    </>
  );
}
