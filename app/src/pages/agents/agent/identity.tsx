import type { AgentDetail } from '@essaim/sdk';
import { useId, useState } from 'react';
import { Action } from '../../../parts/action.tsx';
import { Address } from '../../../parts/address.tsx';
import { State } from '../../../parts/state.tsx';
import { Text } from '../../../parts/text.tsx';
import { useAsk } from '../../../reading/use-ask.ts';

/** Its agent of ERC-8004: who owns it, where it describes itself, and the record that the protocol writes there. */
export function IdentityCard({ agent, isOwn }: { agent: AgentDetail; isOwn: boolean }) {
  const { identity, record, address } = agent;
  return (
    <section className="card" aria-labelledby="identity">
      <h2 id="identity">Identity (ERC-8004)</h2>
      {identity === null ? (
        <>
          <p className="muted">It is linked to no agent: its record stays with the account alone.</p>
          {isOwn && <LinkForm />}
        </>
      ) : (
        <>
          <Registered id={identity} />
          {record && (
            <p>
              The protocol recorded for it: {record.paid} paid, {record.stood} batches that stood, {record.late} late,{' '}
              {record.rejected} convicted, {record.voided} void.
            </p>
          )}
          <p>
            <small>
              Entries say that work was paid for, not by whom: weigh them by what a job costs. Anyone may write feedback
              in that registry; this page shows the protocol’s own record only.
            </small>
          </p>
          {isOwn && (
            <Action
              kind="secondary"
              label="End the link"
              run={({ agents }, signal) => agents.unlink(address, signal)}
              done="What you begin from now on is recorded nowhere else."
            />
          )}
        </>
      )}
    </section>
  );
}

function Registered({ id }: { id: bigint }) {
  const asked = useAsk(({ agents }) => agents.get(id), [id]);
  return (
    <State of={asked} what="its entry in the registry">
      {({ owner, uri, wallet }) => (
        <dl className="facts">
          <dt>Number</dt>
          <dd>{`${id}`}</dd>
          <dt>Owner</dt>
          <dd>
            <Address of={owner} />
          </dd>
          <dt>Signs for it</dt>
          <dd>{wallet === null ? 'its owner' : <Address of={wallet} />}</dd>
          <dt>Describes itself at</dt>
          <dd>
            <Text of={uri} empty="nowhere" />
          </dd>
        </dl>
      )}
    </State>
  );
}

function LinkForm() {
  const [uri, setUri] = useState('');
  const id = useId();
  return (
    <div className="form stack">
      <div className="field">
        <label htmlFor={id}>Where its registration file is (https or ipfs; may be left out)</label>
        <input id={id} value={uri} spellCheck={false} onChange={({ target }) => setUri(target.value)} />
      </div>
      <Action
        kind="secondary"
        label="Register an agent and link this account to it"
        run={async ({ agents }, signal) => {
          const agent = await agents.register(uri.trim(), signal);
          await agents.link(agent, signal);
          return agent;
        }}
        done={(agent) => <p>Agent {`${agent}`} is yours, and this account’s work goes to its record.</p>}
      />
    </div>
  );
}
