import { MIEL } from '../money.ts';
import { DEMAND, PEOPLE, runPopulation } from '../population.ts';
import { lines } from '../svg.ts';
import { figure, number, percent, type Section, table } from './format.ts';

/** The long run of everybody together. */
export function courseSection(epochs: number): Section {
  const { gains, market, agents } = runPopulation({ epochs, every: Math.max(1, Math.floor(epochs / 60)) });
  const last = gains.at(-1)!.byKind;
  const kinds = [...last.keys()];
  const extremes = kinds.flatMap((kind) => gains.map(({ byKind }) => byKind.get(kind)!));
  const plot = lines({
    title: 'What one of each kind has gained since the beginning',
    x: { label: 'days', from: 0, to: epochs },
    y: {
      label: 'MIEL',
      from: Math.floor(Math.min(...extremes) / 1000) * 1000,
      to: Math.ceil(Math.max(...extremes) / 1000) * 1000,
    },
    series: kinds.map((name) => ({ name, points: gains.map(({ day, byKind }) => [day, byKind.get(name)!] as const) })),
  });
  const count = (kind: string) => agents.filter((agent) => agent.kind === kind).length;
  const stake = (kind: string) => PEOPLE.find((people) => people.kind === kind)?.stake;
  const rows = kinds.map((kind) => [
    kind,
    count(kind) || '–',
    stake(kind) === undefined ? '–' : number(stake(kind)!),
    number(last.get(kind)!),
    number((market.convictions.get(kind) ?? 0) / Math.max(1, count(kind)), 1),
  ]);
  const burned = market.ledger.of('burned') / MIEL;
  const emitted = 400_000_000 - market.ledger.of('reserve') / MIEL;
  return {
    plots: { course: plot },
    text: `## ${number(epochs)} days of everybody together

${number(DEMAND.batches)} paid batches a day of ${DEMAND.fee / MIEL} MIEL each, with ${DEMAND.asked / MIEL} MIEL asked as collateral; a batch cheat spreads its fee over
${DEMAND.leaves} leaves and gets one wrong. Unassigned samplers look at ${percent(DEMAND.sampled, 0)} of all batches. A cheat saves the whole cost of computing; a
late provider or auditor misses ${percent(DEMAND.missed, 0)} of its deadlines; a farmer pays itself for one job a day; a self-convictor convicts itself
every tenth day. Lazy auditors pass everything without looking, copiers repeat what the executor committed.

${figure('course', 'Gain of each kind over time')}

${table(['kind', 'how many', 'stake at first, MIEL', 'gain of one, MIEL', 'convictions of one'], rows)}

Honest work earns, and every way of cheating or not looking ends far below it. Cheats lose their stakes until they are under the
minimum, and are out. Delegators of cheats earn less than others' because their operator stops working; they lose stake only where
the operator's own does not cover the lock. Samplers live on bounties: they gain while there are cheats to find and lose when
nobody cheats any more, which is why assigned auditors get a steady fee. In all, ${number(burned)} MIEL were burned and
${number(emitted)} MIEL left the emission reserve: work never makes MIEL more plentiful.`,
  };
}
