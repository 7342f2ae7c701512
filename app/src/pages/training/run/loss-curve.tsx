import type { RunDetail } from '@essaim/sdk';
import { Failure } from '../../../parts/failure.tsx';
import { Loading } from '../../../parts/loading.tsx';
import { Plot } from '../../../parts/plot.tsx';
import { useCurve } from './use-curve.ts';

/** The loss of every step, out of receipts that were checked against what their trainers committed to. */
export function LossCurve({ run }: { run: RunDetail }) {
  const { curve, told, error } = useCurve(run.id, run.steps);
  const { x, xLabel, lines, unknown } = curve;
  const isEmpty = x.length === 0;
  return (
    <section className="card" aria-labelledby="loss">
      <h2 id="loss">Loss</h2>
      {isEmpty && told.length === 0 && !error && run.submissions.length > 0 && <Loading what="its receipts" />}
      {isEmpty && run.submissions.length === 0 && <p className="muted">Nothing was trained yet.</p>}
      {!isEmpty && <Plot title={`Loss by ${xLabel}`} x={x} xLabel={xLabel} isTime={false} series={lines} />}
      {error && <Failure error={error} title="The curve could not be followed" />}
      {unknown > 0 && (
        <p className="old">
          Of {unknown} {unknown === 1 ? 'batch' : 'batches'} nobody serves the receipt that was committed to: the losses
          are not known.
        </p>
      )}
      {!isEmpty && (
        <p>
          <small>
            Each loss was checked here against the root that its trainer committed to on chain; whether the steps are
            right is what verifiers recompute.
          </small>
        </p>
      )}
    </section>
  );
}
