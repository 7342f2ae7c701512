import type { AgentRow } from '@essaim/sdk';

/** One line of an account's record; `value` undefined: the chain alone cannot tell. */
export interface RecordLine {
  name: string;
  value?: number;
  means: string;
  tone: '' | 'good' | 'bad';
}

type Counts = Pick<AgentRow, 'posted' | 'accepted' | 'paid' | 'late' | 'convictions' | 'challenges' | 'missed'>;

/** What an account did, as far as the source tells. */
export function recordOf({ posted, accepted, paid, late, convictions, challenges, missed }: Counts): RecordLine[] {
  const line = (name: string, value: number | undefined, means: string, bad = false, good = false): RecordLine => ({
    ...{ name, value, means },
    tone: value ? (bad ? 'bad' : good ? 'good' : '') : '',
  });
  return [
    line('Jobs paid', paid, 'whose results stood until the window for challenges was over', false, true),
    line('Jobs taken', accepted, 'whether done or not'),
    line('Jobs late', late, 'taken and without a result by the deadline', true),
    line('Convictions', convictions, 'own results in which a referee found something wrong', true),
    line('Challenges won', challenges, 'wrong results of others that it had convicted', false, true),
    line('Audits missed', missed, 'that it was drawn for and did not submit', true),
    line('Jobs posted', posted, 'as somebody who asks'),
  ];
}

/** Lines that say something even when they are zero. */
const ALWAYS = ['Jobs paid', 'Jobs late', 'Convictions'];

/** The lines that are shown: what the source tells, and of what is zero only what matters. */
export const shownOf = (counts: Counts): RecordLine[] =>
  recordOf(counts).filter(({ name, value }) => value !== undefined && (value > 0 || ALWAYS.includes(name)));

/** In one sentence, what an account is known for. */
export function inShort(counts: Counts): string {
  const { accepted = 0, paid = 0, late = 0, convictions = 0, challenges = 0 } = counts;
  const parts = [
    convictions > 0 && `convicted ${convictions === 1 ? 'once' : `${convictions} times`}`,
    late > 0 && `late ${late === 1 ? 'once' : `${late} times`}`,
    paid > 0 && `${paid} ${paid === 1 ? 'job' : 'jobs'} paid`,
    challenges > 0 && `${challenges} ${challenges === 1 ? 'challenge' : 'challenges'} won`,
  ].filter((part): part is string => part !== false);
  const taken = accepted > 0 ? `${accepted} ${accepted === 1 ? 'job' : 'jobs'} taken` : 'nothing counted yet';
  const [first = taken, ...rest] = parts;
  return [first[0].toUpperCase() + first.slice(1), ...rest].join(', ');
}
