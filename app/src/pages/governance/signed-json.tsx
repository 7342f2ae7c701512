import type { Signed } from '@essaim/sdk';
import { useId } from 'react';
import { CopyButton } from '../../parts/copy-button.tsx';

/** What was signed, as text that another can send. */
export function SignedJson({ signed, what }: { signed: Signed; what: string }) {
  const id = useId();
  const text = JSON.stringify(signed, null, 1);
  return (
    <div className="field">
      <label htmlFor={id}>
        Your signed {what} <CopyButton of={text} what="signed message" />
      </label>
      <textarea id={id} className="signed" readOnly value={text} />
      <p>Nothing was sent. Whoever has this text can send it once, under “Send what another signed”.</p>
    </div>
  );
}
