import type { Holder } from '@essaim/sdk';
import { Address } from '../../parts/address.tsx';
import { Amount } from '../../parts/amount.tsx';
import { partOf } from './owned.ts';

/** Everyone who has or had shares of an asset, most first. */
export function HolderTable({ holders, supply, token }: { holders: readonly Holder[]; supply: bigint; token: string }) {
  return (
    <section className="card" aria-labelledby="holders">
      <h2 id="holders">Holders</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section className="scroll" tabIndex={0} aria-label="Table of holders">
        <table>
          <thead>
            <tr>
              <th scope="col">Holder</th>
              <th scope="col">Of the shares</th>
              <th scope="col">To be claimed</th>
              <th scope="col">Was paid</th>
            </tr>
          </thead>
          <tbody>
            {holders.map(({ holder, balance, claimable, claimed }) => (
              <tr key={holder}>
                <th scope="row">
                  <Address of={holder} />
                </th>
                <td>{partOf(balance, supply).toLocaleString('en')} %</td>
                <td>
                  <Amount of={claimable} token={token} />
                </td>
                <td>
                  <Amount of={claimed} token={token} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
