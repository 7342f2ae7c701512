import { EssaimError } from '@essaim/protocol';
import { expect } from 'chai';
import { Agenda } from '../src/agenda.ts';
import type { Told, VerifierEvent } from '../src/events.ts';
import { Places } from '../src/places.ts';

const HEAD = { timestamp: 1_000 };
const job = (jobId: string): Told => ({ jobId, provider: 'alice' });
const round = (batchId: string): Told => ({ runId: 'run', batchId, round: 3, seat: 1, provider: 'bob' });

describe('the agenda of a verifier', () => {
  let said: VerifierEvent[];
  let gauge: [number, number | undefined];
  let done: string[];
  let agenda: Agenda;
  beforeEach(() => {
    [said, done] = [[], []];
    const eye = {
      waiting: (...told: typeof gauge) => {
        gauge = told;
      },
    };
    agenda = new Agenda({ eye, width: 1, say: (event) => said.push(event), firstPause: 1e6 });
  });
  const places = { jobs: new Places(4), rounds: new Places(4) };
  const check = (told: Told, where: Places, fails?: Error) => ({
    ...{ told, places: where },
    work: async () => {
      done.push('jobId' in told ? told.jobId : told.batchId);
      if (fails) throw fails;
    },
  });

  it('names rounds that cannot be reached as it does jobs, measures both, and does both in one order', async () => {
    agenda.add('late', check(job('late'), places.jobs), { end: 5_000, cost: 10 });
    agenda.add('long', check(round('long'), places.rounds), { end: 1_500, cost: 9_000 });
    agenda.add('soon', check(round('soon'), places.rounds), { end: 2_000, cost: 10 });
    agenda.begin(HEAD);
    expect(gauge).to.deep.equal([3, 1_500 - 9_000 - 1_000]);
    expect(said).to.deep.equal([{ event: 'unreached', ...round('long'), left: 500, takes: 9_000 }]);
    await agenda.idle();
    expect(done).to.deep.equal(['soon', 'late', 'long']);
    agenda.begin(HEAD);
    expect(gauge).to.deep.equal([0, undefined]);
  });

  it('begins jobs while all places of rounds are taken', async () => {
    const full = new Places(0);
    agenda.add('round', check(round('round'), full), { end: 2_000, cost: 1 });
    agenda.add('job', check(job('job'), places.jobs), { end: 3_000, cost: 1 });
    agenda.begin(HEAD);
    await agenda.idle();
    expect(done).to.deep.equal(['job']);
  });

  it('does again what failed for a passing reason, and nothing else', async () => {
    const [passing, lasting] = ['CHAIN_FAILED', 'MODEL_BROKEN'].map(
      (code) => new EssaimError(code, code, { help: '' }),
    );
    agenda.add('again', check(job('again'), places.jobs, passing), { end: 2_000, cost: 1 });
    agenda.add('never', check(round('never'), places.rounds, lasting), { end: 3_000, cost: 1 });
    agenda.begin(HEAD);
    await agenda.idle();
    expect(said.map(({ event }) => event)).to.deep.equal(['retrying', 'failed']);
    agenda.begin(HEAD);
    expect(gauge[0]).to.equal(1);
    await agenda.idle();
    expect(done).to.have.length(2);
  });
});
