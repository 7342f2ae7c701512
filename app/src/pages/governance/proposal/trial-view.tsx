import type { Action, HolderContext, ProposalView } from '@essaim/sdk';
import { State } from '../../../parts/state.tsx';
import { useAsk } from '../../../reading/use-ask.ts';
import { TrialResult } from './trial-result.tsx';

/** What would come of an open proposal's calls, tried out on the chain as it is. */
export function TrialView({ view }: { view: ProposalView }) {
  const passed = view.state === 'queued' || view.state === 'succeeded';
  return <TrialOf actions={view.actions} time={passed ? view.eta : undefined} id={`0x${view.id.toString(16)}`} />;
}

/** Tries calls out by one look at the chain that changes nothing. */
export function TrialOf({ actions, time, id }: { actions: readonly Action[]; time?: bigint; id?: string }) {
  const key = actions.map(({ target, value, data }) => `${target}${value}${data}`).join();
  const trial = useAsk(
    async ({ governance }) => {
      const { present, soonest } = await clock(governance.context);
      const asked = time ?? soonest;
      return { present, asked, trial: await governance.tryOut(actions, asked) };
    },
    [key, time],
  );
  return (
    <section className="card" aria-labelledby="trial">
      <h2 id="trial">Tried out on the chain as it is</h2>
      <State of={trial} what="what would come of it">
        {(it) => <TrialResult {...it} />}
      </State>
      <p>
        <small>
          The calls were made as the treasury’s timelock, in their order, inside one look at the chain that changes
          nothing. Vote and wait are not played, and what is decided before it is executed can still change this. With
          votes, waits and every event it is simulated by{' '}
          <code className="raw">essaim-governance simulate{id ? ` ${id}` : ''}</code>.
        </small>
      </p>
    </section>
  );
}

/** The chain's time, and when something proposed now could be executed at the earliest. */
async function clock({ contracts, provider }: HolderContext): Promise<{ present: bigint; soonest: bigint }> {
  const { EssaimGovernor, TimelockController } = contracts;
  const [block, ...waits] = await Promise.all([
    provider.getBlock('latest'),
    EssaimGovernor.votingDelay(),
    EssaimGovernor.votingPeriod(),
    TimelockController.getMinDelay(),
  ]);
  const present = BigInt(block?.timestamp ?? 0);
  return { present, soonest: waits.reduce((sum, wait) => sum + wait, present) };
}
