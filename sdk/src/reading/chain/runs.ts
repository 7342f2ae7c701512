import { decodeRunTerms } from '@essaim/protocol';
import { RUN_STATES } from '../states.ts';
import type { Fact, RunRow } from '../types/index.ts';
import { type ChainList, type Dated, isOne, orNull, topic } from './list.ts';
import { by, type Event, newest, type View } from './view.ts';

const MILLI = 10n ** 15n;

/** Runs out of their creations and what came after. */
export async function runRows(view: View, born: readonly Event[]): Promise<Dated<RunRow>[]> {
  const ids = born.map(({ args }) => args.runId as string);
  const from = Math.min(...born.map(({ block }) => block));
  const [steps, money] = await Promise.all([
    view.events('TrainingRegistry', ['Funded', 'Drawn', 'Settled', 'Closed'], [ids], from),
    view.events('RunEscrow', ['Backed', 'ModelMade'], [ids], from),
  ]);
  const time = await view.times([...born, ...steps]);
  const [stepsOf, moneyOf] = [by(steps, 'runId'), by(money, 'runId')];
  return born.map((created) => {
    const { runId } = created.args;
    const [events, moved] = [stepsOf(runId), moneyOf(runId)];
    const fact = begun(created, time(created));
    for (const event of [...events, ...moved]) happen(fact, event, time);
    return { fact, newest: newest([created], events, moved) };
  });
}

function begun({ args }: Event, createdAt: number): Fact<RunRow> {
  const terms = decodeRunTerms(args.terms);
  return {
    id: args.runId,
    state: 'funding',
    initiator: args.initiator,
    token: terms.token,
    program: terms.programId,
    aggregationProgram: terms.aggregationProgramId,
    scoreProgram: orNull(terms.scoreProgramId),
    baseModel: terms.baseModel === 0n ? null : terms.baseModel,
    dataset: terms.dataset,
    version: terms.version,
    checkpoint: terms.checkpoint,
    rows: BigInt(terms.rows),
    batchRows: terms.batch,
    steps: terms.steps,
    rounds: terms.rounds,
    seats: terms.seats,
    depth: terms.depth,
    feePerStep: terms.feePerStep,
    aggregationFee: terms.aggregationFee,
    fundingDeadline: terms.fundingDeadline,
    roundSeconds: terms.roundSeconds,
    deadline: terms.deadline,
    collateral: terms.collateral * MILLI,
    backersShare: terms.backersShare,
    trainersShare: terms.trainersShare,
    initiatorShare: terms.initiatorShare,
    manifest: terms.manifest,
    backed: 0n,
    settled: 0,
    model: null,
    createdAt,
    closedAt: null,
  };
}

function happen(run: Fact<RunRow>, event: Event, time: (event: Event) => number): void {
  const { name, args } = event;
  if (name === 'Funded') run.state = 'funded';
  else if (name === 'Drawn') run.state = 'running';
  else if (name === 'Settled') run.settled = Number(args.round) + 1;
  else if (name === 'Backed') run.backed += args.amount;
  else if (name === 'ModelMade') run.model = args.model;
  else Object.assign(run, { state: RUN_STATES[Number(args.state) - 1], closedAt: time(event) });
}

export const runs: ChainList<'runs'> = {
  missing: [],
  contract: ({ initiator }) => ({ contract: 'TrainingRegistry', names: ['Created'], args: [null, topic(initiator)] }),
  rows: runRows,
  matches: (row, { dataset, state }) => isOne(row.dataset, dataset) && isOne(row.state, state),
};
