import { showValue } from '@essaim/sdk';
import { PageHeading } from '../../parts/page-heading.tsx';
import { State } from '../../parts/state.tsx';
import { useAsk } from '../../reading/use-ask.ts';
import { to } from '../../route/route.ts';

/** Every number that governance may set, and between which bounds. */
export default function ParametersPage() {
  const table = useAsk(({ governance }) => governance.parameters(), []);
  return (
    <>
      <PageHeading
        title="Parameters"
        lead="Every number that governance may set. One change makes at most twice and at least half of a value, a day lies between two, and the bounds are in the code: no vote moves them."
      >
        <p className="buttons">
          <a className="button primary" href={to('governance', 'new')}>
            Propose a change
          </a>
        </p>
      </PageHeading>
      <State of={table} what="the parameters">
        {(rows) => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
          <section className="scroll" tabIndex={0} aria-label="Table of parameters">
            <table>
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Now</th>
                  <th scope="col">In one change</th>
                  <th scope="col">Bounds</th>
                </tr>
              </thead>
              <tbody>
                {rows.map(({ name, unit, value, least, most, lowest, highest }) => (
                  <tr key={name}>
                    <th scope="row">
                      <code>{name}</code>
                    </th>
                    <td>{showValue(value, unit)}</td>
                    <td>
                      {showValue(lowest, unit)} to {showValue(highest, unit)}
                    </td>
                    <td>
                      {showValue(least, unit)} to {showValue(most, unit)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
      </State>
    </>
  );
}
