import type { AgentDetail } from '@essaim/sdk';
import { Amount } from '../../../parts/amount.tsx';
import { shownOf } from '../record.ts';

/** What an account did, counted. */
export function RecordCard({ agent }: { agent: AgentDetail }) {
  const lines = shownOf(agent);
  return (
    <section className="card" aria-labelledby="record">
      <h2 id="record">Record</h2>
      {lines.length === 0 && <p className="muted">What it did is counted from events: only an indexer tells it.</p>}
      <ul className="record">
        {lines.map(({ name, value, means, tone }) => (
          <li key={name}>
            <span className={`count ${tone}`}>{value?.toLocaleString('en')}</span>
            <span>
              {name}
              <br />
              <small>{means}</small>
            </span>
          </li>
        ))}
      </ul>
      {agent.slashed !== undefined && agent.slashed > 0n && (
        <p>
          <Amount of={agent.slashed} /> of its stake was taken by slashes.
        </p>
      )}
    </section>
  );
}
