import type { AgentDetail } from '@essaim/sdk';
import { Amount } from '../../../parts/amount.tsx';

/** What an account was paid, ever, by token. */
export function Earnings({ agent: { earnings } }: { agent: AgentDetail }) {
  return (
    <section className="card" aria-labelledby="earnings">
      <h2 id="earnings">Earnings</h2>
      {earnings === undefined && <p className="muted">Only an indexer tells what it was paid.</p>}
      {earnings?.length === 0 && <p className="muted">It was paid nothing yet.</p>}
      <ul>
        {earnings?.map(({ token, amount }) => (
          <li key={token}>
            <Amount of={amount} token={token} />
          </li>
        ))}
      </ul>
    </section>
  );
}
