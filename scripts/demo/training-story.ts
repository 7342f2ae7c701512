import { formatEther } from 'ethers';
import type { Role } from './accounts.ts';
import type { TrainingOutcome } from './training-act.ts';

const percent = (shares: bigint, of: bigint): string => `${(Number((shares * 10_000n) / of) / 100).toFixed(2)} %`;
const WHOLE = { model: 10n ** 24n, data: 10n ** 19n };

/** What happened in training, told plainly. */
export function tellTraining(
  { run, budget, rounds, conviction: c, right, read, price, earnings }: TrainingOutcome,
  addresses: Record<Role, string>,
): string[] {
  const nameOf = (address: string) => Object.entries(addresses).find(([, own]) => own === address)?.[0] ?? address;
  const table = rounds
    .filter(({ stage }) => stage !== 'settled')
    .map(({ stage, round, trainer, losses }) => {
      const loss = losses ? losses.reduce((sum, next) => sum + next, 0) / losses.length : Number.NaN;
      const became = stage === 'dropped' ? 'taken out again' : 'submitted';
      return `  ${String(round + 1).padStart(5)}  ${nameOf(trainer).padEnd(7)}  ${loss.toFixed(4)}  ${became}`;
    });
  const { terms } = run;
  return [
    '',
    `Training: ${terms.rounds} rounds of ${terms.steps} steps of a convolutional network on ${terms.rows} scans, for ${formatEther(budget)} MIEL`,
    'that two backers locked before the order of the rows was drawn. Forward pass, gradients and optimiser are one program.',
    '',
    '  round  by       loss    and',
    ...table,
    '',
    `In round ${Number(c.round) + 1}, step ${Number(c.leaf) + 1}, dave changed one number of a gradient and trained on from it. The verifier ran`,
    'the steps again from the checkpoint before them and proved that one number wrong:',
    `  operator   ${c.operator} (${c.node}), element ${c.element} of ${c.elements}`,
    `  claimed    ${c.claimed}`,
    `  permitted  ${c.permitted}`,
    `  proof      ${c.proofBytes} bytes, ${c.transactions} transactions (accusation and proof), ${Number(c.gas).toLocaleString('en')} gas`,
    `  dave lost  ${formatEther(BigInt(c.slashed as string))} MIEL of stake and his seat; carol went on from the last good checkpoint`,
    '',
    `The trained model read ${right} of ${read} scans right that it was not trained on, for ${formatEther(price)} MIEL, which were divided:`,
    ...earnings.map(
      ({ who, why, shares, earned }) =>
        `  ${who.padEnd(9)}  ${why.padEnd(9)}  ${percent(shares, why === 'data' ? WHOLE.data : WHOLE.model).padStart(8)} of ${why === 'data' ? 'the data set' : 'the model'.padEnd(12)}  ${formatEther(earned).padStart(22)} MIEL`,
    ),
  ];
}
