import type { Trial } from '@essaim/sdk';
import { Failure } from '../../../parts/failure.tsx';
import { Text } from '../../../parts/text.tsx';
import { When } from '../when.tsx';

/** What came of a trial: what would be other, or which call is refused. `asked` is the second that it was tried for. */
export function TrialResult({ trial, present, asked }: { trial: Trial; present: bigint; asked: bigint }) {
  const { refused, changes } = trial;
  // an endpoint that cannot set its clock tries it as of now
  const isEarly = trial.time + 60n < asked;
  if (refused) {
    return (
      <>
        <Failure
          error={refused.error}
          title={`Call ${refused.action + 1} would be refused${isEarly ? ' now' : ''}, and with it the whole proposal`}
        />
        {isEarly && (
          <p>
            This endpoint cannot set its clock: what is refused because a time has not passed yet may go through when it
            is executed, <When at={asked} now={present} /> at the earliest.
          </p>
        )}
      </>
    );
  }
  if (changes.length === 0)
    return <p>All calls would go through. Nothing that governance governs would be other afterwards.</p>;
  return (
    <>
      <p>
        All calls would go through. At block {trial.block.toLocaleString('en')}
        {trial.time > present + 60n && (
          <>
            , as if it were <When at={trial.time} now={present} />
          </>
        )}
        , this would be other afterwards:
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section className="scroll" tabIndex={0} aria-label="What would be other afterwards">
        <table className="changes">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ what, before, after }) => (
              <tr key={what}>
                <th scope="row">{what}</th>
                <td data-label="Before">
                  <Text of={before} />
                </td>
                <td data-label="After">
                  <Text of={after} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
