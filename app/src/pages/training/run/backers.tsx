import type { RunDetail } from '@essaim/sdk';
import { Address } from '../../../parts/address.tsx';
import { Amount } from '../../../parts/amount.tsx';
import { backersOf, showPart } from './contributors.ts';

/** Who paid for a run, and the part of its model that comes of it. */
export function Backers({ run }: { run: RunDetail }) {
  const rows = backersOf(run);
  return (
    <section className="card" aria-labelledby="backers">
      <h2 id="backers">Backers</h2>
      {rows.length === 0 ? (
        <p className="muted">Nobody has backed it yet.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
        <section className="scroll" tabIndex={0} aria-label="Table of backers">
          <table>
            <thead>
              <tr>
                <th scope="col">Backer</th>
                <th scope="col">Gave</th>
                <th scope="col">Of the model</th>
                <th scope="col">Came back</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ backer, amount, refunded, compensated, ofShares }) => (
                <tr key={backer}>
                  <th scope="row">
                    <Address of={backer} />
                  </th>
                  <td>
                    <Amount of={amount} token={run.token} />
                  </td>
                  <td>{showPart(ofShares)}</td>
                  <td>
                    <Amount of={refunded + compensated} token={run.token} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}
