import { auditBound, auditProbability } from '../audit-rules.ts';
import { locksPerFee } from '../deterrence.ts';
import { caughtWithin, gainWithAuditors, hostile } from '../majority.ts';
import { MIEL } from '../money.ts';
import { FIRST, LINES } from '../rules.ts';
import { lines } from '../svg.ts';
import { figure, number, percent, type Section, table } from './format.ts';

const SHARES = [0, 0.1, 0.25, 0.4, 0.51, 0.67, 0.8, 0.9, 1];
const SAMPLED = [0, 0.002, 0.01];

/** What a 51 % stake can and cannot do. */
export function majoritySection(): Section {
  const runs = SAMPLED.map((sampled) => ({
    sampled,
    points: SHARES.map((s, i) => [s, gainWithAuditors(s, sampled, 100 + i)] as const),
  }));
  const all = runs.flatMap(({ points }) => points.map(([, gain]) => gain));
  const plot = lines({
    title: 'A cheat that also audits: gain over honest work, a batch',
    x: { label: "share of the auditors' stake in the cheat's hands", from: 0, to: 1 },
    y: { label: 'MIEL', from: Math.floor(Math.min(...all)), to: Math.ceil(Math.max(...all)) },
    series: [
      ...runs.map(({ sampled, points }) => ({ name: `${percent(sampled)} sampled`, points })),
      {
        name: 'nothing gained',
        points: [
          [0, 0],
          [1, 0],
        ],
      },
    ],
  });
  const p = auditProbability(FIRST, 2 * MIEL, 100 * MIEL) / 10_000;
  const odds = [0.1, 0.51, 0.8].map((s) => [
    percent(s, 0),
    ...[1, 10, 100].flatMap((cheats) => [
      percent(caughtWithin(p, s, 0, cheats)),
      percent(caughtWithin(p, s, 0.01, cheats)),
    ]),
  ]);
  const worst = hostile();
  const real = { ...worst, saving: FIRST.saving, lazy: FIRST.lazy };
  const drawn = auditProbability(worst, 2 * MIEL, 100 * MIEL) / 10_000;
  const floor = Number(LINES.leastAudits.least) / 10_000;
  const needed = auditBound(real, 2 * MIEL, 100 * MIEL);
  return {
    plots: { majority: plot },
    text: `## What a 51 % stake can and cannot do

**Votes.** A majority of the votes passes any proposal. Proposals reach the numbers within their bounds, a step at a time, for what begins
later; new judges for operators that have none; and the treasury's own money. The treasury is the one thing a majority can simply take: ${percent(0.3, 0)} of
the supply at genesis. It cannot reach escrow, stakes, claims, an existing judge, the delegators of others, or the rules of anything
that began: no contract has a function for it ([powers.md](powers.md), [trust.md](trust.md)).

**Audits.** Auditors are drawn by stake, so 51 % of their stake is assigned 51 % of all audits. The gain over honest work of a cheat that passes
its own claims, simulated with jobs of 2 MIEL, p = ${percent(p, 2)} and a lock of 100 MIEL and more, its auditors' losses to planted faults included:

${figure('majority', 'Gain of a cheat by its share of the auditors')}

${table(["auditors' stake of its own", ...[1, 10, 100].flatMap((cheats) => [`caught within ${cheats}, nobody samples`, `… 1 % sampled`])], odds)}

Audits alone deter while a cheat's share stays under 1 − C/(p(R + S)), ${percent(1 - ((1 - FIRST.lazy / 10_000) * auditBound(FIRST, 2 * MIEL, 100 * MIEL)) / p, 0)} at these values. **A majority of the auditors cheats profitably where nobody
else looks.** It cannot make a wrong number right: any holder of a device, the requester first, convicts it from outside with one proof
and is paid for it, and nobody's vote or stake stops that. One batch in a hundred sampled by outsiders is enough here.

**Parameters turned against everyone.** The settings within the bounds that suit a cheat best (slash ${percent(worst.slash / 10_000, 0)}, bounty and compensation
${percent((worst.bounty + worst.compensation) / 10_000, 0)} of it, stated saving ${percent(worst.saving / 10_000, 0)} of the fee, ${percent(worst.lazy / 10_000, 0)} of auditors assumed lazy, no margin) bring the audits of such a job to ${percent(drawn, 2)}, while
${percent(needed, 2)} would be needed: a factor of ${number(needed / drawn, 2)}. Audits then no longer deter quite by themselves. A larger lock does not help at first, because p falls as the
lock grows; from ${number(locksPerFee(real, floor))} times the fee on it does, as p stands on its floor there. Samples by outsiders close the gap. The bounds of the stated saving and of the
lazy share are narrow for this reason: these two say how dangerous the world is, and a majority could say that it is not. This takes many proposals, each seen a voting period and a timelock ahead, and nothing pending
changes. p cannot be voted below ${percent(floor, 1)}, nor the burned part of a slash below one half.

**Censorship.** A majority of stake has no say in which transactions a chain takes. A majority of *providers'* stake gets the
larger part of the work where requesters choose by stake, and can refuse work; it cannot keep others from accepting it.`,
  };
}
