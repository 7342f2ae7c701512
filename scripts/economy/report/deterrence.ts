import { auditBound, certainLoss } from '../audit-rules.ts';
import { cheatsGain, fixed, leastLock } from '../deterrence.ts';
import { BASIS, MIEL } from '../money.ts';
import { FIRST, withRules } from '../rules.ts';
import { heatMap } from '../svg.ts';
import { figure, number, percent, type Section, table } from './format.ts';

const FEE = 2;
const STEPS = 20;
const grid = (from: number, to: number): number[] =>
  Array.from({ length: STEPS }, (_, i) => from + ((to - from) * (i + 0.5)) / STEPS);

/** Where a single cheat loses: audit probability against lock, simulated, with the closed form. */
export function singleSection(batches: number): Section {
  const locks = { from: 0, to: 400 };
  const odds = { from: 0, to: 0.12 };
  const cells = grid(odds.from, odds.to).map((p) =>
    grid(locks.from, locks.to).map((lock) =>
      cheatsGain({ rules: fixed(p, lock * MIEL), kind: 'cheat', batches, demand: { fee: FEE * MIEL } }),
    ),
  );
  const bound = (lock: number, fee = FEE, rules = FIRST) => auditBound(rules, fee * MIEL, lock * MIEL);
  const curve = Array.from({ length: 101 }, (_, i) => [i * 4, bound(i * 4)] as const);
  const plot = heatMap({
    title: `Cheating in a job of ${FEE} MIEL`,
    x: { label: 'lock, MIEL', ...locks },
    y: { label: 'share of batches audited', ...odds },
    cells,
    scale: 4,
    line: { name: 'p = C/((1−r)(R+S))', points: curve },
  });
  const fees = [0.5, 2, 10, 50];
  const rows = [50, 100, 250, 500, 1000, 5000].map((lock) => [
    number(lock),
    number(certainLoss(FIRST, lock * MIEL) / MIEL),
    ...fees.map((fee) => percent(bound(lock, fee), 2)),
  ]);
  const least = fees.map((fee) => percent(bound(100, fee, withRules({ slash: 5000, compensation: 2500 })), 2));
  return {
    plots: { 'single-cheat': plot },
    text: `## At what audit probability, bond and fee cheating loses

A batch is audited with probability *p*. Who does not compute saves *C*; who is convicted loses the fee *R* and of its lock what
nobody in league with it can get back, *S* = lock × slash × (1 − bounty − compensation). A share *r* of the auditors would pass
anything. Cheating loses when

    p > C / ((1 − r) (R + S))

Here C is ${percent(FIRST.saving / BASIS, 0)} of the fee, r is ${percent(FIRST.lazy / BASIS, 0)}, and S is ${percent(certainLoss(FIRST, 100 * MIEL) / (100 * MIEL), 0)} of the lock. In each cell of the map a cheat in league with its
requester ran ${number(batches)} batches, convicting itself first whenever an auditor was about to; red means it gained over an honest provider.

${figure('single-cheat', 'Cheating by audit probability and lock')}

The least audit probability at which cheating loses, by lock and fee:

${table(['lock, MIEL', 'of it lost for certain, MIEL', ...fees.map((fee) => `fee ${fee} MIEL`)], rows)}

Under the mildest slash rules governance can set (slash one half, bounty and compensation one half of it), a lock of 100 MIEL asks for
${least.slice(0, -1).join(', ')} and ${least.at(-1)} instead: worse, never hopeless, and a requester can ask for a larger lock. Above 100 % no audit
rate deters: such a job needs more collateral.

**Delegated stake deters its operator less than its own.** What delegators lose is not the operator's loss. An operator that is backed four times over
and cheats in all its jobs at once loses one fifth of each lock itself: for 2 MIEL and a lock of 100 the bound rises from ${percent(bound(100), 2)} to
${percent(auditBound(FIRST, FEE * MIEL, 100 * MIEL, 0.2), 2)}. So *S* has to be counted from the operator's own part of what backs its work, as the simulation does.`,
  };
}

/** Where one wrong leaf in a batch loses. */
export function batchSection(batches: number): Section {
  const p = 0.1;
  const gain = 5;
  const k = FIRST.leaves;
  const found = p * (1 - FIRST.lazy / BASIS);
  const sizes = { from: 0, to: 100 };
  const locks = { from: 0, to: 3000 };
  const cells = grid(locks.from, locks.to).map((lock) =>
    grid(sizes.from, sizes.to).map((n) =>
      cheatsGain({
        rules: fixed(p, lock * MIEL),
        kind: 'batch cheat',
        batches,
        demand: { fee: FEE * MIEL, leaves: Math.round(n), gain: gain * MIEL },
      }),
    ),
  );
  const curve = Array.from({ length: 100 }, (_, i) => [i + 1, leastLock(gain, i + 1, k, found)] as const);
  const plot = heatMap({
    title: `One wrong leaf that brings ${gain} MIEL, ${k} leaves drawn, p = ${percent(p, 0)}`,
    x: { label: 'leaves in the batch (n)', ...sizes },
    y: { label: 'lock, MIEL', ...locks },
    cells,
    scale: 20,
    line: { name: 'S(1−β−comp) = Gn/(Pk)', points: curve },
  });
  const rows = [1, 10, 100, 1000].map((n) => [
    number(n),
    ...[1, 5, 20, 64].map((drawn) => number(leastLock(gain, n, drawn, found))),
  ]);
  return {
    plots: { 'batch-cheat': plot },
    text: `## Batches: one wrong leaf among many

One rejected leaf rejects its whole batch and takes its whole lock, but the drawn leaves must hit it. With *n* leaves, *k* of them
drawn, *G* gained by the wrong one and *P* = p (1 − r) the chance that a drawn wrong leaf is found, cheating loses when

    (1 − bounty − compensation) · lock · slash ≥ G · n / (P · k)

The map is simulated with p = ${percent(p, 0)} and a gain of ${gain} MIEL; the line is the formula, which leaves out the fee (lost too when convicted).

${figure('batch-cheat', 'A wrong leaf by size of batch and lock')}

The least lock in MIEL against a gain of ${gain} MIEL:

${table(['leaves', ...[1, 5, 20, 64].map((drawn) => `${drawn} drawn`)], rows)}

A batch's lock therefore grows with its leaves, or it is cut into smaller ones. Where *G* is large and from outside the protocol (a decision that hangs
on the answer), no share of the fee says how large: the requester asks for the collateral, and knows what a wrong answer would cost it.`,
  };
}
