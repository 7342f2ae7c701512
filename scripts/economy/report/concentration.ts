import { concentrate, type Policy } from '../concentration.ts';
import { lines } from '../svg.ts';
import { figure, number, percent, type Section, table } from './format.ts';

const POLICIES: readonly Policy[] = ['nobody delegates', 'delegators follow size', 'delegators follow yield'];

/** How concentrated rewards become, with and without delegation. */
export function concentrationSection(epochs: number): Section {
  const every = Math.floor(epochs / 30);
  const runs = POLICIES.map((policy) => ({ policy, course: concentrate({ policy, epochs, every }) }));
  const highest = Math.max(...runs.flatMap(({ course }) => course.map(({ hhi }) => hhi)));
  const plot = lines({
    title: 'Concentration of rewards (10,000: one takes all)',
    x: { label: 'days', from: 0, to: epochs },
    y: { label: 'HHI', from: 0, to: Math.ceil(highest / 1000) * 1000 },
    series: runs.map(({ policy, course }) => ({
      name: policy,
      points: course.map(({ day, hhi }) => [day, hhi] as const),
    })),
  });
  const rows = runs.flatMap(({ policy, course }) =>
    [course[0], course.at(-1)!].map(({ day, gini, hhi, largest }) => [
      policy,
      number(day),
      number(gini, 2),
      number(hhi),
      percent(largest),
    ]),
  );
  return {
    plots: { concentration: plot },
    text: `## How concentrated rewards become

60 operators begin with stakes of 200,000, 100,000, 66,667, … MIEL (an uneven start), stake again whatever they earn, and get work in
proportion to what backs them. 400 delegators hold 5,000 MIEL each and reconsider once a month, among five operators they happen to
look at. Gini: 0 is even, 1 is one with everything. HHI: 10,000 divided by the number of equals that would be as concentrated.

${figure('concentration', 'Concentration of rewards over time')}

${table(['delegators', 'day', 'Gini', 'HHI', 'largest operator, of all stake'], rows)}

Pay in proportion to stake keeps an uneven start uneven, and does not make it worse. Delegators that look at what their MIEL earns go to
operators with much own stake and few delegators, and spread. Delegators that follow size concentrate, and let the leader's stake grow faster
than the others': only the bound of four times an operator's own stake stops them. **This is the economy's weakest place**, and no rule inside the
bounds cures it; tools should show holders the yield after the cut, never the rank. It is also the worst case: requesters that choose by price,
and devices that can do only so much work, both cut the largest operator down.`,
  };
}
