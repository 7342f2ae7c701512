import { type Aim, recordFigure } from '../figures.ts';
import type { Soak } from './soak.ts';
import { FLAT, type Outcome } from './truth/outcome.ts';

/** Jobs and kinds of cheats that a soak has to have: a shorter one is no figure. */
const [JOBS, KINDS] = [10_000, 10];

/** Keeps what a long soak showed. */
export function recordSoak({ posted, options, acts, restarts }: Soak, { verdicts, ends, sent, slope }: Outcome): void {
  if (posted.length < JOBS) return;
  const record = (name: string, value: number, unit: string, aim: Aim) =>
    recordFigure(`soak.${name}`, { value, unit, aim, command: 'npm run soak' });
  const real = Object.values(acts).reduce((sum, seconds) => sum + seconds, 0);
  record('jobs', posted.length, 'jobs', { atLeast: JOBS });
  record('kinds', verdicts.kinds.filter(({ played }) => played > 0).length, 'kinds of cheats', { atLeast: KINDS });
  record('cheats', verdicts.cheats, 'cheats', { atLeast: JOBS / 100 });
  record('convicted', verdicts.convicted / verdicts.cheats, 'of the cheats', { atLeast: 1 });
  record('honest-slashed', verdicts.honestSlashed + verdicts.wronged, 'providers and jobs', { atMost: 0 });
  record('lost', ends.lost, 'jobs', { atMost: 0 });
  record('restarts', restarts, 'restarts', { atLeast: options.minutes - 1 });
  record('repeated', sent.repeated, 'transactions', { atMost: 0 });
  record('time.job', real / posted.length, 's a job', null);
  if (slope !== null) record('memory-slope', slope, 'MiB in 1,000 jobs', { atMost: FLAT });
}
