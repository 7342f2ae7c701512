import './agent.css';
import type { AgentDetail } from '@essaim/sdk';
import { isAddress } from 'ethers';
import { useEssaim } from '../../../connection/connection.ts';
import { Address } from '../../../parts/address.tsx';
import { Certainty, SourceNote } from '../../../parts/certainty.tsx';
import { inertText } from '../../../parts/inert-text.ts';
import { PageHeading } from '../../../parts/page-heading.tsx';
import { State } from '../../../parts/state.tsx';
import { useReading } from '../../../reading/use-reading.ts';
import { to } from '../../../route/route.ts';
import { inShort } from '../record.ts';
import { rolesOf } from '../stake.ts';
import { Earnings } from './earnings.tsx';
import { IdentityCard } from './identity.tsx';
import { Pools } from './pools.tsx';
import { RecordCard } from './record-card.tsx';
import { StakeCard } from './stake-card.tsx';

/** One account: what it did, what it has at stake, its pools, its identity and what it earned. */
export default function AgentPage({ address }: { address: string }) {
  if (isAddress(address)) return <Known address={address} />;
  return (
    <>
      <PageHeading title="No such account" />
      <p className="empty">
        {inertText(address, 60)} is no address. <a href={to('agents')}>All agents</a>
      </p>
    </>
  );
}

function Known({ address }: { address: string }) {
  const { wallet } = useEssaim();
  const read = useReading((reading) => reading.agent(address), [address]);
  const agent = { ...read, value: read.answer ? (read.value ?? null) : undefined };
  const isOwn = wallet.account?.toLowerCase() === address.toLowerCase();
  return (
    <>
      <PageHeading title={isOwn ? 'Your account' : `Agent ${address.slice(0, 8)}…${address.slice(-4)}`}>
        <p>
          <Address of={address} link={false} copy /> {read.value && <InShort agent={read.value} />}
        </p>
      </PageHeading>
      <State of={agent} what="the account" empty="This account took no part yet.">
        {(it) => (
          <>
            <div className="columns">
              <div className="stack">
                <RecordCard agent={it} />
                <Earnings agent={it} />
              </div>
              <div className="stack">
                <StakeCard agent={it} isOwn={isOwn} />
                <IdentityCard agent={it} isOwn={isOwn} />
              </div>
            </div>
            <Pools agent={it} />
            <SourceNote of={read.answer} reorganised={read.reorganised} />
          </>
        )}
      </State>
    </>
  );
}

function InShort({ agent }: { agent: AgentDetail }) {
  const { essaim } = useEssaim();
  const roles = essaim ? rolesOf(agent, essaim.deployment) : [];
  return (
    <>
      {roles.length > 0 && <span>{`${roles.join(', ')} · `}</span>}
      {inShort(agent)} <Certainty of={agent.certainty} />
    </>
  );
}
