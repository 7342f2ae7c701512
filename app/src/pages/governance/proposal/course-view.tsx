import type { ProposalView } from '@essaim/sdk';
import { useAsk } from '../../../reading/use-ask.ts';
import { When } from '../when.tsx';
import { courseOf, type Stop } from './course.ts';

const SAID: Readonly<Record<Stop['is'], string>> = { done: 'behind it', next: 'next', later: 'later' };

/** Where a proposal is on its way, with times by the reader's own clock. */
export function Course({ view }: { view: ProposalView }) {
  const delay = useAsk(({ contracts }) => contracts.TimelockController.getMinDelay(), []);
  return (
    <ol className="course">
      {courseOf(view, delay.value ?? 0n).map(({ what, at, is, note }) => (
        <li key={what} className={is} aria-current={is === 'next' ? 'step' : undefined}>
          <strong>{what}</strong> <span className="visually-hidden">({SAID[is]})</span>
          {at !== undefined && (
            <>
              <br />
              <When at={at} now={view.now} />
            </>
          )}
          {note && is !== 'done' && (
            <>
              <br />
              <small>{note}</small>
            </>
          )}
        </li>
      ))}
    </ol>
  );
}
