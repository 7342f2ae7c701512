import type { Conviction } from '@essaim/sdk';
import { Lock } from './picture/lock.tsx';
import { Panel } from './picture/panel.tsx';

/** A conviction that needs no arithmetic: what is shown, in words, and what it cost. */
export function OtherFault({ conviction }: { conviction: Conviction }) {
  const { form, silence, missing } = conviction;
  return (
    <section className="dispute-picture" aria-label="The dispute">
      <Panel step={1} title="What was wrong" words={conviction.sentences[1] ?? null}>
        {form && (
          <dl className="facts">
            <dt>Value</dt>
            <dd>{form.value}</dd>
            <dt>What its bytes show</dt>
            <dd>{form.what}</dd>
          </dl>
        )}
        {silence && (
          <dl className="facts">
            <dt>Asked for</dt>
            <dd>{silence.what}</dd>
            <dt>Open until block</dt>
            <dd>{silence.endsAtBlock.toLocaleString('en')}</dd>
          </dl>
        )}
        {missing.length > 0 && <p className="muted">Not to be read: {missing.join('; ')}.</p>}
      </Panel>
      <Panel step={2} title="What it cost" words={null}>
        <Lock conviction={conviction} />
      </Panel>
    </section>
  );
}
