import { useId, useState } from 'react';
import { Action } from '../../parts/action.tsx';
import { Hash } from '../../parts/address.tsx';

/** Sends a delegation or vote that somebody else signed, and pays the gas. */
export function RelayPanel() {
  const [text, setText] = useState('');
  const id = useId();
  const signed = parse(text);
  const why = text.trim() === '' ? 'Paste what was signed.' : signed === undefined ? 'This is no JSON.' : undefined;
  return (
    <section className="card" aria-labelledby="relay">
      <h2 id="relay">By signature</h2>
      <p>Whoever has no coin for gas signs a delegation or a vote, and another sends it from here.</p>
      <details className="stack">
        <summary>Send what another signed</summary>
        <div className="form stack">
          <div className="field">
            <label htmlFor={id}>What was signed</label>
            <textarea id={id} className="signed" value={text} onChange={({ target }) => setText(target.value)} />
          </div>
          <Action
            label="Send it"
            why={why}
            run={({ governance }, signal) => governance.relay(signed, signal)}
            done={(hash) => (
              <p>
                Sent, and in the chain: <Hash of={hash} copy />
              </p>
            )}
          />
        </div>
      </details>
    </section>
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
