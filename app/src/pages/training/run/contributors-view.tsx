import type { RunDetail } from '@essaim/sdk';
import { Address } from '../../../parts/address.tsx';
import { Amount } from '../../../parts/amount.tsx';
import { contributorsOf, showPart } from './contributors.ts';

/** Who trains or trained, what each got, and who was convicted. */
export function Contributors({ run }: { run: RunDetail }) {
  const rows = contributorsOf(run);
  return (
    <section className="card" aria-labelledby="trainers">
      <h2 id="trainers">Trainers</h2>
      {rows.length === 0 ? (
        <p className="muted">Nobody has taken a seat yet.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
        <section className="scroll" tabIndex={0} aria-label="Table of trainers">
          <table>
            <thead>
              <tr>
                <th scope="col">Trainer</th>
                <th scope="col">Earned</th>
                <th scope="col">Of the reward</th>
                <th scope="col">Of the model</th>
                <th scope="col">Batches</th>
                <th scope="col">Record</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ trainer, seat, earned, ofReward, ofShares, submissions, convictions, burned }) => (
                <tr key={trainer}>
                  <th scope="row">
                    <Address of={trainer} />
                    {seat !== null && <small> seat {seat}</small>}
                  </th>
                  <td>
                    <Amount of={earned} token={run.token} />
                  </td>
                  <td>{showPart(ofReward)}</td>
                  <td>{showPart(ofShares)}</td>
                  <td>{submissions}</td>
                  <td>
                    {convictions > 0 ? (
                      <span className="badge bad">
                        {convictions === 1 ? 'convicted' : `convicted ${convictions} times`}
                      </span>
                    ) : (
                      <span className="muted">{seat === null ? 'left' : 'no fault'}</span>
                    )}
                    {burned > 0n && (
                      <small>
                        {' '}
                        <Amount of={burned} /> burned
                      </small>
                    )}
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
