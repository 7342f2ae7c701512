import type { AgentRow } from '@essaim/sdk';
import { useEssaim } from '../../../connection/connection.ts';
import { Address } from '../../../parts/address.tsx';
import { Amount } from '../../../parts/amount.tsx';
import { Certainty } from '../../../parts/certainty.tsx';
import { inShort } from '../record.ts';
import { delegatedStake, ownStake, rolesOf } from '../stake.ts';

/** Accounts with what they have at stake and what they are known for. */
export function AgentTable({ rows }: { rows: readonly AgentRow[] }) {
  const { essaim } = useEssaim();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="scroll" tabIndex={0} aria-label="Table of agents">
      <table>
        <thead>
          <tr>
            <th scope="col">Account</th>
            <th scope="col">What it does</th>
            <th scope="col">Own stake</th>
            <th scope="col">Delegated to it</th>
            <th scope="col">Record</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.address}>
              <th scope="row">
                <Address of={row.address} /> <Certainty of={row.certainty} />
              </th>
              <td>
                {(essaim && rolesOf(row, essaim.deployment).join(', ')) || <span className="muted">holds MIEL</span>}
              </td>
              <td>
                <Amount of={ownStake(row)} />
              </td>
              <td>
                <Amount of={delegatedStake(row.provisions)} />
              </td>
              <td>{inShort(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
