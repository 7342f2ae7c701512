import type { AgentDetail } from '@essaim/sdk';
import { useEssaim } from '../../../connection/connection.ts';
import { type StakedFor, stakedFor } from '../stake.ts';
import { PoolCard } from './pool-card.tsx';

/** The pools of an operator, to which others delegate. */
export function Pools({ agent: { address, provisions } }: { agent: AgentDetail }) {
  const { essaim } = useEssaim();
  if (!essaim) return null;
  const open = provisions.filter(({ pool }) => pool !== null).map(({ client }) => stakedFor(client, essaim.deployment));
  const works = open.filter(
    (what): what is Extract<StakedFor, 'jobs' | 'training'> => what === 'jobs' || what === 'training',
  );
  if (works.length === 0) return null;
  return (
    <div className="stack">
      {works.map((what) => (
        <PoolCard key={what} operator={address} what={what} />
      ))}
    </div>
  );
}
