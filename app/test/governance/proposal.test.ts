import { expect } from 'chai';
import { courseOf } from '../../src/pages/governance/proposal/course.ts';
import { mayVote } from '../../src/pages/governance/proposal/why-not.ts';
import { wordsOf } from '../../src/pages/governance/state-words.ts';
import { percent, tallyOf } from '../../src/pages/governance/tally.ts';

const MIEL = 10n ** 18n;
const me = '0x00000000000000000000000000000000000000aA';
const other = '0x00000000000000000000000000000000000000bB';
const times = { snapshot: 1_000n, deadline: 2_000n };
const at = (state: Parameters<typeof wordsOf>[0], now: bigint, eta?: bigint) => ({ ...times, state, now, eta });

describe('a proposal as a voter sees it', () => {
  it('tells how far the quorum is and what would come of it now', () => {
    const tally = tallyOf({ for: 30n * MIEL, against: 10n * MIEL, abstain: 0n }, 40n * MIEL);
    expect(tally.quorum).to.include({ part: 0.75, isReached: false });
    expect(tally.quorum.words).to.equal('30 MIEL of 40 MIEL needed for a quorum, 10 MIEL missing');
    expect(tally.verdict).to.equal('more are for it than against, and the quorum is missing');
    expect(percent(tally.parts.for)).to.equal('75 %');
    expect(tallyOf({ for: 50n, against: 10n, abstain: 0n }, 40n)).to.include({ verdict: 'it would pass' });
    expect(tallyOf({ for: 30n, against: 30n, abstain: 20n }, 40n).verdict).to.include('not more are for it');
    expect(tallyOf({ for: 0n, against: 0n, abstain: 0n }, 0n).parts).to.deep.equal({ for: 0, against: 0, abstain: 0 });
  });

  it('says that a queued one can be executed once it waited', () => {
    expect(wordsOf('queued', 500, 400).word).to.equal('In the timelock');
    expect(wordsOf('queued', 500, 500).word).to.equal('Ready to execute');
  });

  it('shows its way, what is behind it and what comes next', () => {
    const names = (stops: ReturnType<typeof courseOf>) => stops.map(({ what, is, at: when }) => [what, is, when]);
    expect(names(courseOf(at('active', 1_500n), 300n))).to.deep.equal([
      ['Proposed', 'done', undefined],
      ['Voting begins', 'done', 1_000],
      ['Voting ends', 'next', 2_000],
      ['Put into the timelock', 'later', undefined],
      ['Can be executed, at the earliest', 'later', 2_300],
      ['Carried out', 'later', undefined],
    ]);
    expect(
      courseOf(at('queued', 2_500n, 2_400n), 300n)
        .map(({ is }) => is)
        .join(),
    ).to.equal('done,done,done,done,done,next');
    expect(courseOf(at('succeeded', 2_500n), 300n)[4]).to.include({ at: 2_800, is: 'later' });
    expect(courseOf(at('defeated', 2_500n), 300n)).to.have.length(4);
    expect(courseOf(at('cancelled', 500n), 300n)).to.have.length(2);
  });

  it('lets who had votes when voting began vote once', () => {
    const active = at('active', 1_500n);
    expect(mayVote(active, { account: me, hasVoted: false, votes: 5n })).to.deep.equal({ can: true, votes: 5n });
    expect(mayVote(active, { account: me, hasVoted: true, votes: 5n })).to.include({ why: 'This account has voted.' });
    expect(mayVote(active, { account: me, hasVoted: false })).to.equal(undefined);
    expect(mayVote(active, {})).to.include({ why: 'No wallet is connected.' });
    expect(mayVote(at('succeeded', 3_000n), { account: me, votes: 5n })).to.include({ why: 'Voting is over.' });
  });

  it('says to who has none why, and what to do for the next vote', () => {
    const active = at('active', 1_500n);
    const none = { account: me, hasVoted: false, votes: 0n, votesNow: 0n };
    expect(mayVote(active, { ...none, balance: 7n * MIEL })).to.include({
      help: 'Your 7 MIEL vote for nobody: delegate to yourself or to another, and they count in the next vote.',
    });
    expect(mayVote(active, { ...none, votesNow: 7n * MIEL, balance: 7n * MIEL, delegate: me })).to.include({
      help: 'You have 7 MIEL of votes for the next vote as things stand.',
    });
    const away = mayVote(active, { ...none, balance: 7n * MIEL, delegate: other });
    expect(away).to.have.property('help').that.includes(`are voted by ${other}`);
    const early = mayVote(at('pending', 900n), { ...none, balance: 7n * MIEL });
    expect(early).to.deep.include({ can: false, why: 'Voting begins in 1 min 41 s.' });
    expect(early).to.have.property('help').that.includes('they count in this vote');
  });
});
