/** Something that takes a lane for a while. Times in seconds of one clock. */
export interface Work {
  readonly id: string;
  /** How long it takes yet. */
  readonly seconds: number;
  /** When it has to be done. */
  readonly due: number;
  /** It has a lane already. */
  readonly isRunning?: boolean;
}

/**
 * When each work ends if `lanes` lanes do all of it from `now` on: what runs goes on, then the earliest due is begun
 * wherever a lane is free.
 */
export function endsOf(works: readonly Work[], lanes: number, now: number): Map<string, number> {
  const ends = new Map<string, number>();
  const running = works.filter(({ isRunning }) => isRunning);
  const free = running.map(({ id, seconds }) => {
    ends.set(id, now + seconds);
    return now + seconds;
  });
  while (free.length < lanes) free.push(now);
  // where more run than there are lanes, the first that end leave none behind
  free.sort((a, b) => a - b).splice(0, free.length - lanes);
  for (const { id, seconds } of works.filter(({ isRunning }) => !isRunning).sort((a, b) => a.due - b.due)) {
    free.sort((a, b) => a - b);
    free[0] += seconds;
    ends.set(id, free[0]);
  }
  return ends;
}

/** Works that would be done too late. */
export function latesOf(works: readonly Work[], lanes: number, now: number): Set<string> {
  const ends = endsOf(works, lanes, now);
  return new Set(works.filter(({ id, due }) => ends.get(id)! > due).map(({ id }) => id));
}

/** Whether a work more is done in time, and makes none late that is not late without it. */
export function fits(work: Work, others: readonly Work[], lanes: number, now: number): boolean {
  const without = latesOf(others, lanes, now);
  return [...latesOf([...others, work], lanes, now)].every((id) => id !== work.id && without.has(id));
}
