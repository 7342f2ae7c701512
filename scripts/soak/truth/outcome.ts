import { type Series, slopeOf } from '../memory.ts';
import type { Soak } from '../soak.ts';
import { type Ends, endsOf } from './jobs.ts';
import { type Account, booksOf } from './money.ts';
import { type Sent, sentBy } from './transactions.ts';
import { type Verdicts, verdictsOf } from './verdicts.ts';

/** What is true of a soak. */
export interface Outcome {
  readonly verdicts: Verdicts;
  readonly ends: Ends;
  readonly books: readonly Account[];
  readonly sent: Sent;
  /** MiB that the daemon that grew most grew by in a thousand jobs, over the second half of the posting. */
  readonly slope: number | null;
}

/** Most MiB of a thousand jobs that count as flat: 10,000 jobs then take less than a bare daemon does. */
export const FLAT = 5;

/** Jobs before which a process has not got warm: nothing is said of its memory. */
const ENOUGH = 2_000;

/** What the daemons stand upon: the local chain keeps all that ever was, in memory. */
const isOurs = ({ name }: Series): boolean => name !== 'chain';

/** Reads the truth from the chain. */
export async function outcomeOf(soak: Soak): Promise<Outcome> {
  const slopes = postingOf(soak)
    .filter(isOurs)
    .flatMap((series) => slopeOf(series) ?? []);
  return {
    verdicts: await verdictsOf(soak),
    ends: await endsOf(soak),
    books: await booksOf(soak),
    sent: await sentBy(soak),
    slope: slopes.length === 0 || soak.posted.length < ENOUGH ? null : Math.max(...slopes),
  };
}

/** Memory while jobs were posted, of the processes that ran all of that time. */
export function postingOf({ memory, posted }: Soak): Series[] {
  const [first] = memory.series;
  const during = memory.series.map((series) => {
    return { ...series, samples: series.samples.filter(({ jobs }) => jobs > 0 && jobs < posted.length) };
  });
  const most = Math.max(...during.map(({ samples }) => samples.length));
  return first ? during.filter(({ samples }) => samples.length > 0 && samples.length >= most - 1) : [];
}

/** What does not hold, in words; nothing where all does. */
export function brokenBy({ verdicts, ends, books, sent, slope }: Outcome): string[] {
  const { cheats, convicted, wronged, honestSlashed } = verdicts;
  const wrong = books.filter(({ should, has }) => should !== has);
  // both sides of a demand may divide its bond at the same moment
  const reverted = Object.entries(sent.reverted).filter(([name]) => name !== 'settle');
  return [
    ...(convicted < cheats ? [`${cheats - convicted} of ${cheats} cheats were not convicted of what they did`] : []),
    ...(wronged > 0 ? [`${wronged} honest jobs were convicted`] : []),
    ...(honestSlashed > 0 ? [`${honestSlashed} honest providers lost stake, or have some locked`] : []),
    ...(ends.lost > 0 ? [`${ends.lost} jobs did not end as they should`] : []),
    ...wrong.map(({ name, should, has }) => `${name} has ${has} wei and should have ${should}`),
    ...(sent.repeated > 0 ? [`${sent.repeated} calls were done twice`] : []),
    ...reverted.map(([name, count]) => `${count} transactions failed: ${name}`),
    ...(slope !== null && slope > FLAT ? [`a daemon grew by ${slope.toFixed(1)} MiB in a thousand jobs`] : []),
  ];
}
