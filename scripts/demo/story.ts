import { formatEther } from 'ethers';
import type { Role } from './accounts.ts';
import type { Balances } from './balances.ts';
import type { DemoJob, Outcome } from './stage.ts';
import { tellTraining } from './training-story.ts';

const miel = (wei: bigint): string => {
  const text = Number(formatEther(wei)).toFixed(2);
  return text.startsWith('-') ? text : `+${text}`;
};
const short = (hash: string): string => `${hash.slice(0, 10)}…`;

function jobTable(jobs: readonly DemoJob[]): string[] {
  const rows = jobs.map(({ jobId, model, asked, scan, truth, predicted, verdict, paid }, i) => [
    String(i + 1).padStart(2),
    short(jobId),
    model,
    asked.padEnd(5),
    String(scan).padStart(4),
    String(truth),
    String(predicted) + (predicted === truth ? ' ' : '*'),
    verdict === 'checked' ? 'right' : 'CONVICTED',
    verdict === 'checked' ? `${formatEther(paid)} MIEL` : 'nothing',
  ]);
  const head = ['  ', 'job        ', 'net', 'by   ', 'scan', 'is', 'read', 'verdict', 'fee'];
  return [head, ...rows].map((row) =>
    [row[0], row[1], row[2], row[3], row[4], row[5].padEnd(2), row[6].padEnd(4), row[7].padEnd(9), row[8]].join('  '),
  );
}

const NAMES: Record<Role, string> = {
  founder: 'founder',
  modeller: 'modeller (owns both models)',
  requester: 'requester',
  alice: 'alice (provider)',
  bob: 'bob (provider, lied once)',
  verifier: 'verifier',
  carol: 'carol (trainer)',
  dave: 'dave (trainer, lied once)',
  dora: 'dora (owns the data set)',
};

const HOLDERS: Partial<Record<keyof Balances['contracts'], string>> = {
  TimelockController: 'treasury',
  AuditPool: 'audit pool',
  StakeManager: 'stake',
};

/** What the requester's balance is made of. */
function requesterSum(jobs: readonly DemoJob[], compensation: bigint): string {
  const paid = jobs.filter(({ verdict }) => verdict === 'checked');
  const each = paid[0].paid + paid[0].royalty;
  const all = paid.reduce((sum, job) => sum + job.paid + job.royalty, 0n);
  return `The requester paid ${paid.length} fees with royalties (${formatEther(each)} MIEL each, ${formatEther(all)} in all), had the convicted
job's money back, and got ${formatEther(compensation)} MIEL of compensation out of bob's slash.`;
}

function balanceTable(before: Balances, after: Balances): string[] {
  const roles = (Object.keys(NAMES) as Role[]).map(
    (role) => [NAMES[role], after.roles[role] - before.roles[role]] as const,
  );
  const contracts = Object.keys(after.contracts).map((name) => {
    const key = name as keyof Balances['contracts'];
    return [HOLDERS[key] ?? `held by ${name}`, after.contracts[key]! - before.contracts[key]!] as const;
  });
  const burned = before.supply - after.supply;
  const rows = [...roles, ...contracts, ['burned for ever', burned] as const].filter(([, change]) => change !== 0n);
  const sum = rows.reduce((total, [, change]) => total + change, 0n);
  return [...rows, ['sum', sum] as const].map(
    ([name, change]) => `  ${name.padEnd(28)} ${miel(change).padStart(10)} MIEL`,
  );
}

/** What happened, told plainly. */
export function tellStory(outcome: Outcome, seconds: number): string {
  const { jobs, conviction: c, before, between, after, training } = outcome;
  const right = jobs.filter(({ truth, predicted }) => truth === predicted).length;
  const job = jobs.findIndex(({ jobId }) => jobId === c.jobId) + 1;
  const isRight = jobs[job - 1].predicted === jobs[job - 1].truth;
  return [
    '',
    `${jobs.length} scans of handwritten digits, two providers, one verifier (${seconds.toFixed(1)} s)`,
    '',
    ...jobTable(jobs),
    '',
    'scan: row of the data set; is: the digit that it shows; read: the digit that the model saw.',
    `${right} of ${jobs.length} digits were read right; a * is an honest mistake of the model, and paid: the protocol asks`,
    'whether the model was run, not whether it is wise.',
    '',
    `In job ${job} bob changed one number inside the model as it ran.${isRight ? ' Its answer was right all the same; its computation was not.' : ''}`,
    'The verifier ran the same model, found the first value that differs, and proved',
    'that one number wrong to a contract, which recomputed it:',
    `  operator   ${c.operator} (${c.node}), element ${c.element} of ${c.elements}`,
    `  claimed    ${c.claimed}`,
    `  permitted  ${c.permitted}`,
    `  proof      ${c.proofBytes} bytes, ${c.transactions} transactions (accusation and proof), ${Number(c.gas).toLocaleString('en')} gas`,
    `  bob lost   ${formatEther(BigInt(c.slashed as string))} MIEL of stake; his ${jobs.filter((j) => j.asked === 'bob').length - 1} honest jobs were paid`,
    '',
    'Where the money went:',
    ...balanceTable(before, between),
    '',
    requesterSum(jobs, BigInt(c.compensation as string)),
    ...tellTraining(training, outcome.addresses),
    '',
    'Where its money went:',
    ...balanceTable(between, after),
  ].join('\n');
}
