import type { Tracer } from '@essaim/runtime';
import { batchIdOf } from '@essaim/sdk';
import { expect } from 'chai';
import { id, toBeHex, zeroPadValue } from 'ethers';
import type { VerifierEvent } from '../src/events.ts';
import { Attention } from '../src/policy/attention.ts';
import { Eye } from '../src/policy/eye.ts';
import { lotOf } from '../src/policy/lot.ts';
import { Verdicts } from '../src/policy/verdicts.ts';
import { Verifier } from '../src/verifier.ts';
import { MARKET, PastChain } from './past-chain.ts';

const PAST = 2_000;
const HEAD = 60_000;

describe('the start of a verifier on a chain with a past', () => {
  const jobs = Array.from({ length: PAST }, (_, at) => id(`job ${at}`));
  const open = ['a', 'b', 'c'].map((name) => id(`open ${name}`));
  const executor = (at: number) => zeroPadValue(toBeHex(0x9000 + (at % 40)), 20);
  const batchId = (jobId: string) => batchIdOf(MARKET, jobId);

  const past = new PastChain(HEAD);
  before(() => {
    for (const [at, jobId] of jobs.entries()) past.submit(jobId, batchId(jobId), 20 * at + 5, executor(at));
    for (const [at, jobId] of open.entries()) past.submit(jobId, batchId(jobId), HEAD - 100 - at, executor(at));
    past.demand(batchId(jobs[100]), HEAD - 7_500);
  });
  after(() => past.destroy());

  /** What is said in the first cycle, and how many requests it took. */
  async function start(budget: { executions?: number }) {
    past.asked.clear();
    const essaim = await past.connect();
    const said: VerifierEvent[] = [];
    const trace = Object.assign(async () => Promise.reject(new Error('nothing is run')), { remake: async () => [] });
    const eye = new Eye(essaim, new Attention(lotOf(new Uint8Array(32)), budget, new Verdicts()));
    const look = async () => ({ doubtful: [] });
    const verifier = new Verifier(essaim, trace as Tracer, (event) => said.push(event), { eye, look });
    await verifier.cycle();
    await verifier.idle();
    const checked = said.flatMap((event) => (event.event === 'checked' && 'jobId' in event ? [event.jobId] : []));
    return { checked, said };
  }

  it('asks about what is open, and of the rest about what was demanded', async () => {
    const { checked } = await start({});
    expect(checked).to.have.members([jobs[100], ...open]);
    expect(past.requests).to.be.below(100);
  });

  it('knows executors by their past with a budget, and asks no more for it', async () => {
    const { checked, said } = await start({ executions: 1_000 });
    expect(checked).to.have.members([jobs[100], ...open]);
    const chosen = said.find((event) => event.event === 'chosen' && 'jobId' in event && event.jobId === open[0]);
    expect(chosen)
      .to.have.property('why')
      .that.matches(/ 50 stood/);
    expect(past.requests).to.be.below(200);
  });
});
