import type { Action, DecodedAction } from '@essaim/sdk';
import { State } from '../../../parts/state.tsx';
import { Text } from '../../../parts/text.tsx';
import { useAsk } from '../../../reading/use-ask.ts';

/** Calls in names and units, against what holds now; with their bytes, and as they are where nothing can read them. */
export function Decoded({ actions, isDone = false }: { actions: readonly Action[]; isDone?: boolean }) {
  const key = actions.map(({ target, value, data }) => `${target}${value}${data}`).join();
  const decoded = useAsk(({ governance }) => governance.decode(actions), [key]);
  return (
    <State of={decoded} what="what its calls do" empty="It does nothing.">
      {(rows) => (
        <>
          <ChangesTable rows={rows} isDone={isDone} />
          <RawCalls rows={rows} />
        </>
      )}
    </State>
  );
}

function ChangesTable({ rows, isDone }: { rows: readonly DecodedAction[]; isDone: boolean }) {
  const changes = rows.flatMap((row, call) =>
    row.changes.map((change, i) => ({ ...change, key: `${call}.${i}`, row })),
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="scroll" tabIndex={0} aria-label="What it changes">
      <table className="changes">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Now</th>
            <th scope="col">{isDone ? 'As asked for' : 'Afterwards'}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ key, what, before, after, row }) => (
            <tr key={key}>
              <th scope="row">
                <Text of={what} limit={400} />
                {row.call === undefined && row.data !== '0x' && (
                  <>
                    {' '}
                    <span className="badge bad">not readable</span>
                  </>
                )}
              </th>
              <td data-label="Now">{before === undefined ? '—' : <Text of={before} />}</td>
              <td data-label={isDone ? 'As asked for' : 'Afterwards'}>
                {after === undefined ? '—' : <Text of={after} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function RawCalls({ rows }: { rows: readonly DecodedAction[] }) {
  return (
    <details>
      <summary>The calls as they are</summary>
      <ol className="stack raw">
        {rows.map(({ target, value, data, call }) => (
          <li key={target + data}>
            {call ? <Text of={call} limit={2_000} /> : <strong>Nothing here can read this call.</strong>}
            <br />
            <code>
              to {target}
              {value > 0n && `, ${value} wei`}, data {data}
            </code>
          </li>
        ))}
      </ol>
    </details>
  );
}
