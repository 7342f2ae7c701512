import { Amount } from '../../parts/amount.tsx';
import { useAsk } from '../../reading/use-ask.ts';

/** Which input was outside what the model declares: no fault of the provider's, and nobody was convicted. */
export function InputFault({ jobId }: { jobId: string }) {
  const { value, error } = useAsk(({ disputes }) => disputes.inputFault(jobId), [jobId]);
  if (!value) return error ? <p className="muted">{error.message}</p> : null;
  return (
    <section className="card">
      <h2>Not an input that the model takes</h2>
      <p>
        Of input {value.input + 1}: {value.what}.
      </p>
      {value.claimed !== null && (
        <dl className="facts">
          <dt>Given</dt>
          <dd>{value.claimed}</dd>
          <dt>Declared</dt>
          <dd>{value.permitted}</dd>
        </dl>
      )}
      {value.burned > 0n && (
        <p>
          <Amount of={value.burned} /> of the escrow was burned, the rest went back.
        </p>
      )}
    </section>
  );
}
