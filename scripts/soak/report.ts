import { formatEther } from 'ethers';
import { HEAP } from './hive.ts';
import { slopeOf, workIn } from './memory.ts';
import type { Soak } from './soak.ts';
import { type Outcome, postingOf } from './truth/outcome.ts';

/** A soak as a page of Markdown; `plot` is where its plot lies beside it. */
export function reportOf(soak: Soak, outcome: Outcome, broken: readonly string[], plot: string): string {
  const { options, posted, hive, acts, restarts, chainSeconds } = soak;
  const { verdicts, ends, books, sent } = outcome;
  const { jobs, seed, minutes, providers, faults } = options;
  const { done, asked } = hive.endpoint;
  const real = Object.values(acts).reduce((sum, seconds) => sum + seconds, 0);
  const table = (head: readonly string[], rows: readonly (readonly unknown[])[]): string[] => [
    ...[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`),
    '',
  ];
  return [
    '# A soak',
    '',
    `${posted.length} jobs in ${(chainSeconds / 60).toFixed(0)} minutes of a local chain's time, ${verdicts.cheats} of them cheated in one of ${verdicts.kinds.length} ways, with`,
    `${providers} providers, a verifier and a monitor, each a process as anybody runs it. Each minute of the chain's a provider was`,
    'killed and started again; between the daemons and the chain stood an endpoint that does to some requests what bad',
    `endpoints do. Each daemon had a heap of at most ${HEAP} MiB. Everything below but memory and times was read from the chain`,
    'when all was over.',
    '',
    `    npm run soak -- --jobs ${jobs} --seed ${seed} --minutes ${minutes} --providers ${providers} --faults ${faults}`,
    '',
    broken.length === 0 ? 'All of it held.' : `**It did not hold:** ${broken.join('; ')}.`,
    '',
    ...table(
      ['', ''],
      [
        ['jobs', posted.length],
        ['paid', ends.paid],
        ['refunded', ends.refunded],
        ['lost: neither paid nor refunded as it should be', ends.lost],
        ['cheats', verdicts.cheats],
        ['convicted', verdicts.convicted],
        ['honest jobs convicted', verdicts.wronged],
        ['honest providers that lost stake', verdicts.honestSlashed],
        ['restarts by SIGKILL', restarts],
        ['daemons that ended by themselves and were started again', hive.revivals],
        ['requests to the chain’s endpoint', asked()],
        ...Object.entries(done).map(([fault, count]) => [`of them: ${FAULT_TEXTS[fault]}`, count]),
        ['transactions of the daemons', sent.transactions],
        ['done twice', sent.repeated],
        ['failed', told(sent.reverted)],
        ['real time, s', `${real.toFixed(0)} (${(real / Math.max(1, posted.length)).toFixed(2)} a job)`],
      ],
    ),
    '## Cheats',
    '',
    ...table(
      ['way', 'convicted by', 'played', 'convicted'],
      verdicts.kinds.map(({ name, adjudicator, played, convicted }) => [name, adjudicator, played, convicted]),
    ),
    '## Money',
    '',
    'What each account should have by the events of the market and of stake, and what it has, in MIEL. They are compared',
    'to the wei.',
    '',
    ...table(
      ['account', 'should have', 'has'],
      books.map(({ name, should, has }) => [name, formatEther(should), formatEther(has)]),
    ),
    '## Memory',
    '',
    `![Resident memory over time](${plot})`,
    '',
    'What those processes allocated that ran all the time while jobs were posted. The slope is by regression over the second half of the',
    'posting, through the least of each tenth of it: in between a process holds what its collector has not come to yet. The',
    'local chain keeps every state that ever was in memory, so that it grows.',
    '',
    ...table(
      [
        'process',
        'MiB at first',
        'MiB at last',
        'MiB more in 1,000 jobs',
        'ms of a processor for a job in the second quarter',
        'in the last',
      ],
      postingOf(soak).map((series) => {
        const { name, samples } = series;
        const [first, last] = [samples[0], samples.at(-1)!].map(({ mib }) => mib.toFixed(0));
        const work = ([1, 3] as const).map((quarter) => workIn(series, quarter)?.processor.toFixed(0) ?? '');
        return [name, first, last, slopeOf(series)?.toFixed(2) ?? 'too short', ...work];
      }),
    ),
    '## Time',
    '',
    ...table(
      ['act', 'seconds'],
      Object.entries(acts).map(([act, seconds]) => [act, seconds.toFixed(0)]),
    ),
    'While jobs were posted a job took, in real time:',
    '',
    ...table(
      ['quarter', 'ms a job'],
      ([0, 1, 2, 3] as const).map((quarter) => {
        const [any] = postingOf(soak);
        return [quarter + 1, (any && workIn(any, quarter)?.real.toFixed(0)) ?? ''];
      }),
    ),
  ].join('\n');
}

const FAULT_TEXTS: Readonly<Record<string, string>> = {
  stall: 'answered late',
  drop: 'dropped',
  refuse: 'refused with 429',
  fail: 'refused with 503',
  lose: 'done, and the answer lost',
  old: 'answered from some blocks ago',
};

const told = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ') || '0';
