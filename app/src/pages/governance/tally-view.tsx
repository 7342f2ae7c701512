import { Amount } from '../../parts/amount.tsx';
import { percent, tallyOf, type Votes } from './tally.ts';

const SIDES = [
  ['for', 'For'],
  ['against', 'Against'],
  ['abstain', 'Abstaining'],
] as const;

/** How a vote stands: the parts as a bar, the same in words, and how far the quorum is. */
export function TallyView({ votes, quorum, isOpen }: { votes: Votes; quorum: bigint; isOpen: boolean }) {
  const { parts, quorum: reached, verdict } = tallyOf(votes, quorum);
  return (
    <div className="tally">
      <div className="tally-bar" aria-hidden="true">
        {SIDES.filter(([side]) => parts[side] > 0).map(([side]) => (
          <span key={side} className={`side-${side}`} style={{ flexGrow: parts[side] }} />
        ))}
      </div>
      <dl className="tally-sides">
        {SIDES.map(([side, name]) => (
          <div key={side} className={`side-${side}`}>
            <dt>{name}</dt>
            <dd>
              <Amount of={votes[side]} /> <span className="muted">{percent(parts[side])}</span>
            </dd>
          </div>
        ))}
      </dl>
      <div className="quorum-bar" aria-hidden="true">
        <span className={reached.isReached ? 'reached' : ''} style={{ width: `${100 * reached.part}%` }} />
      </div>
      <p>
        <small>
          {reached.words}
          {isOpen && ` · as it stands, ${verdict}`}.
        </small>
      </p>
    </div>
  );
}
