import type { RunDetail, SubmissionRow, TrainerRow } from '@essaim/sdk';
import { expect } from 'chai';
import { backersOf, contributorsOf, showPart } from '../../src/pages/training/run/contributors.ts';
import { dueOf } from '../../src/pages/training/run/due.ts';
import { roundsOf } from '../../src/pages/training/run/rounds.ts';
import { progressOf, runWords } from '../../src/pages/training/run-words.ts';

const trainer = (name: string, change: Partial<TrainerRow> = {}): TrainerRow => ({
  ...{ trainer: name, seat: 0, submissions: 1, earned: 0n, compensation: 0n, sharesClaimed: 0n, burned: 0n },
  ...{ joinedAt: 1, leftAt: null },
  ...change,
});

const batch = (change: Partial<SubmissionRow> = {}): SubmissionRow => ({
  ...{ trainer: 'carol', isAggregation: false, round: 0, turn: 1, seat: 0, count: 2, checkpoint: '0x', receipt: '0x' },
  ...{ batch: '0xb', isRejected: false, time: 1, transaction: '0x' },
  ...change,
});

const began = (turn: number, round: number | null, isRepeated = false) => ({
  ...{ turn, round, isRepeated, before: null, after: null, updates: [] },
});

describe('a run as a person sees it', () => {
  it('says that too little was backed in time', () => {
    expect(runWords({ state: 'funding', fundingDeadline: 10 }, 5).word).to.equal('Looking for backers');
    expect(runWords({ state: 'funding', fundingDeadline: 10 }, 11).word).to.equal('Not backed');
    expect(progressOf({ settled: 1, rounds: 4 })).to.deep.equal({ part: 0.25, words: '1 of 4 rounds settled' });
  });

  it('gives each trainer its part of reward and model, and names who was convicted', () => {
    const rows = contributorsOf({
      trainers: [trainer('dave', { burned: 5n }), trainer('carol', { earned: 30n }), trainer('erin', { earned: 10n })],
      submissions: [batch({ trainer: 'DAVE', isRejected: true }), batch()],
      trainersShare: 4_000,
    });
    expect(rows.map((row) => [row.trainer, row.ofReward, row.ofShares, row.convictions])).to.deep.equal([
      ['carol', 75, 30, 0],
      ['erin', 25, 10, 0],
      ['dave', 0, 0, 1],
    ]);
    const backings = [
      { backer: 'a', amount: 1n, refunded: 0n, compensated: 0n },
      { backer: 'b', amount: 2n, refunded: 0n, compensated: 0n },
    ];
    const parts = backersOf({ backings, backersShare: 5_000 }).map(({ backer, ofShares }) => [
      backer,
      showPart(ofShares),
    ]);
    expect(parts).to.deep.equal([
      ['b', '33.33 %'],
      ['a', '16.67 %'],
    ]);
  });

  it('tells each round, also those that began again', () => {
    const lines = roundsOf({
      history: [began(1, 0), began(2, 1), began(3, 1), began(4, 2)],
      submissions: [batch(), batch({ round: 1, turn: 2, isRejected: true }), batch({ round: 1, turn: 3 })],
      settled: 1,
      seats: 1,
    });
    expect(lines.map(({ round, is, words }) => [round, is, words])).to.deep.equal([
      [2, 'open', 'nothing submitted yet'],
      [1, 'submitted', 'submitted, can still be challenged'],
      [1, 'again', 'began again: what it stood on was taken back, 1 convicted'],
      [0, 'settled', 'settled and paid'],
    ]);
  });

  it('offers an account what may be due to it', () => {
    const run = {
      state: 'completed',
      initiator: 'alice',
      trainers: [trainer('carol', { earned: 3n }), trainer('dave', { sharesClaimed: 1n })],
      backings: [{ backer: 'bob', amount: 5n, refunded: 0n, compensated: 0n }],
    } satisfies Pick<RunDetail, 'state' | 'initiator' | 'trainers' | 'backings'>;
    expect(dueOf(run, 'carol')).to.deep.equal(['reward', 'shares']);
    expect(dueOf(run, 'bob')).to.deep.equal(['shares', 'refund']);
    expect(dueOf(run, 'alice')).to.deep.equal(['shares']);
    expect(dueOf(run, 'nobody')).to.deep.equal([]);
    expect(dueOf(run, undefined)).to.deep.equal([]);
    expect(dueOf({ ...run, state: 'running' }, 'bob')).to.deep.equal([]);
  });
});
