import type { Action, HolderContext, ProposalView, Trial } from '@essaim/sdk';
import { Failure } from '../../../parts/failure.tsx';
import { State } from '../../../parts/state.tsx';
import { Text } from '../../../parts/text.tsx';
import { useAsk } from '../../../reading/use-ask.ts';
import { When } from '../when.tsx';

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
      return { present, ...(await governance.tryOut(actions, time ?? soonest)) };
    },
    [key, time],
  );
  return (
    <section className="card" aria-labelledby="trial">
      <h2 id="trial">Tried out on the chain as it is</h2>
      <State of={trial} what="what would come of it">
        {(it) => <Result trial={it} />}
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

function Result({ trial: { block, time, present, changes, refused } }: { trial: Trial & { present: bigint } }) {
  if (refused) {
    return (
      <Failure
        error={refused.error}
        title={`Call ${refused.action + 1} would be refused, and with it the whole proposal`}
      />
    );
  }
  if (changes.length === 0)
    return <p>All calls would go through. Nothing that governance governs would be other afterwards.</p>;
  return (
    <>
      <p>
        All calls would go through. At block {block.toLocaleString('en')}
        {time > present + 60n && (
          <>
            , as if it were <When at={time} now={present} />
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
                <td>
                  <Text of={before} />
                </td>
                <td>
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
