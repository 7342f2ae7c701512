import { type ProposalView, proposalId } from '@essaim/sdk';
import { Address, Hash } from '../../../parts/address.tsx';
import { inertText } from '../../../parts/inert-text.ts';
import { PageHeading } from '../../../parts/page-heading.tsx';
import { State } from '../../../parts/state.tsx';
import { Text } from '../../../parts/text.tsx';
import { useAsk } from '../../../reading/use-ask.ts';
import { StateBadge } from '../state-badge.tsx';
import { wordsOf } from '../state-words.ts';
import { TallyView } from '../tally-view.tsx';
import { Ballots } from './ballots.tsx';
import { Course } from './course-view.tsx';
import { Decoded } from './decoded.tsx';
import { Outcome } from './outcome.tsx';
import { Steps } from './steps.tsx';
import { TrialView } from './trial-view.tsx';
import { VoteForm } from './vote-form.tsx';

/** One proposal: what it would do, how the vote stands, and what one can do about it. */
export default function ProposalPage({ id }: { id: string }) {
  const view = useAsk(async ({ governance }) => governance.proposal(proposalId(id)), [id], { every: 20_000 });
  const title = view.value ? inertText(view.value.title, 120) : 'Proposal';
  return (
    <>
      <PageHeading title={title}>{view.value && <Summary view={view.value} />}</PageHeading>
      <State of={view} what="the proposal">
        {(it) => <ProposalBody view={it} />}
      </State>
    </>
  );
}

function Summary({ view }: { view: ProposalView }) {
  const now = Number(view.now);
  const eta = view.eta === undefined ? null : Number(view.eta);
  return (
    <>
      <p>
        <StateBadge state={view.state} eta={eta} now={now} /> {wordsOf(view.state, eta, now).means}
      </p>
      <p className="muted">
        Proposed by <Address of={view.proposer} />, number <Hash of={view.id} copy />
      </p>
    </>
  );
}

const isOpen = ({ state }: ProposalView) => ['pending', 'active', 'succeeded', 'queued'].includes(state);

function ProposalBody({ view }: { view: ProposalView }) {
  return (
    <div className="columns wide-left">
      <div className="stack">
        <section className="card" aria-labelledby="does">
          <h2 id="does">{view.state === 'executed' ? 'What it asked for' : 'What it would do'}</h2>
          <Decoded actions={view.actions} isDone={view.state === 'executed'} />
        </section>
        {isOpen(view) && <TrialView view={view} />}
        {view.state === 'executed' && <Outcome id={view.id} />}
        <section className="card" aria-labelledby="why">
          <h2 id="why">Why</h2>
          <Reasons view={view} />
        </section>
        <Ballots id={view.id} />
      </div>
      <div className="stack">
        <section className="card" aria-labelledby="vote">
          <h2 id="vote">The vote</h2>
          <TallyView votes={view.votes} quorum={view.quorum} isOpen={view.state === 'active'} />
          <VoteForm view={view} />
        </section>
        <section className="card" aria-labelledby="course">
          <h2 id="course">Its course</h2>
          <Course view={view} />
          <Steps view={view} />
        </section>
      </div>
    </div>
  );
}

/** The proposer's words, line by line; the title stands above already. */
function Reasons({ view }: { view: ProposalView }) {
  const lines = view.text
    .split('\n')
    .filter((line, i) => line.trim() !== '' && !(i === 0 && line.includes(view.title)));
  if (lines.length === 0) return <p className="muted">Its proposer gave no reasons.</p>;
  const shown = lines.slice(0, 60);
  return (
    <>
      {shown.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text never change their order
        <p key={i}>
          <Text of={line} limit={1_000} />
        </p>
      ))}
      {lines.length > shown.length && (
        <p className="muted">The rest, {lines.length - shown.length} lines, is left out.</p>
      )}
    </>
  );
}
