import { PageHeading } from '../../parts/page-heading.tsx';
import { to } from '../../route/route.ts';
import { ProposalList } from './list/proposal-list.tsx';
import { PowerPanel } from './power/power-panel.tsx';
import { RelayPanel } from './relay-panel.tsx';

/** What holders decide: their own votes, and everything that was proposed. */
export function Overview() {
  return (
    <>
      <PageHeading
        title="Governance"
        lead="Who holds MIEL decides the protocol’s numbers, adds judges, spends the treasury and names the guardian. Nobody can reach escrow, stakes or claims, whatever passes."
      >
        <p className="buttons">
          <a className="button primary" href={to('governance', 'new')}>
            Propose a change
          </a>
          <a className="button" href={to('governance', 'parameters')}>
            All parameters
          </a>
        </p>
      </PageHeading>
      <div className="columns wide-left">
        <section className="stack" aria-labelledby="proposals">
          <h2 id="proposals">Proposals</h2>
          <ProposalList />
        </section>
        <div className="stack">
          <PowerPanel />
          <RelayPanel />
        </div>
      </div>
    </>
  );
}
