import { affordable, locksPerFee } from '../deterrence.ts';
import { BASIS } from '../money.ts';
import { FIRST } from '../rules.ts';
import { concentrationSection } from './concentration.ts';
import { courseSection } from './course.ts';
import { batchSection, singleSection } from './deterrence.ts';
import { number, type Section } from './format.ts';
import { majoritySection } from './majority.ts';
import { selfDealingSection } from './self-dealing.ts';
import { verifierSection } from './verifiers.ts';

/** How long the simulations of a report are. */
export interface Scale {
  epochs: number;
  /** Batches in each cell of a map. */
  batches: number;
}

export const FULL: Scale = { epochs: 3000, batches: 1000 };

/** The text of docs/economics.md and its plots by file name; the same for the same scale on every machine. */
export function report(scale: Scale): Section {
  const sections = [
    courseSection(scale.epochs),
    singleSection(scale.batches),
    batchSection(scale.batches),
    verifierSection(scale.epochs),
    concentrationSection(scale.epochs),
    majoritySection(),
    selfDealingSection(),
  ];
  return {
    text: `${[HEAD, ...sections.map(({ text }) => text), ASSUMPTIONS].join('\n\n')}\n`,
    plots: Object.assign({}, ...sections.map(({ plots }) => plots)),
  };
}

const HEAD = `# The economy

*Written by \`npm run economy\`; a test writes it again and compares.* A simulation with the money rules of the contracts, the first values of
[parameters.md](parameters.md) and the assumptions at the end of this page. It says what the rules do to people who follow their own interest, not
what MIEL will be worth.

In short:

- Honest work earns. Cheating, not looking at what one audits, and dealing with oneself lose money, if the lock is large against the fee:
  ${number(locksPerFee(FIRST, (affordable(FIRST) * BASIS) / FIRST.margin))} times it or more at the first values, of the operator's own stake.
- Emissions are a rebate on what was burned. They never pay anybody for work that nobody else pays for.
- Verifiers are paid whether or not anybody cheats. What their fee can pay for bounds how much is audited.
- A majority can change the numbers within their bounds and spend the treasury. It cannot take escrow or stakes, or make a wrong result right.
- Delegators that follow size rather than yield concentrate the work in few hands. Only the bound of four times the own stake limits it.`;

const ASSUMPTIONS = `## Assumptions

Computing costs the share of the fee that is stated as saved; an audit re-executes its whole leaf; requesters ask for at least the floor; MIEL has
one price. A batch begins and ends within a day. Delegators do not leave in the long run, and lose stake only after their operator. Everything said
here about governance holds within the bounds of [parameters.md](parameters.md).`;
