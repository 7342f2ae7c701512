import type { Answer } from './answer.ts';

/** How one question is put to several. */
export interface Asking<E> {
  /** Whom to ask, the best first. */
  readonly candidates: readonly E[];
  /** How many have to say the same. */
  readonly quorum: number;
  ask(who: E): Promise<Answer>;
  /** Names what an answer says; undefined: nothing. */
  saying(answer: Answer): string | undefined;
  /** Milliseconds after which one that has not answered is not waited for alone. */
  patience(who: E): number;
  /** Is told of everybody who says something else than was agreed on, also later. */
  apart?(who: E, answer: Answer): void;
}

/** What came of it: without `agreed` nothing was said by enough. */
export interface Agreement<E> {
  readonly agreed?: Answer;
  readonly answers: readonly { readonly who: E; readonly answer: Answer }[];
}

/**
 * Asks as many as have to agree, and one more for each that fails, is late or says something else, until enough say the
 * same or nobody is left.
 */
export function agree<E>({ candidates, quorum, ask, saying, patience, apart }: Asking<E>): Promise<Agreement<E>> {
  return new Promise((resolve) => {
    const answers: { who: E; answer: Answer; said: string | undefined }[] = [];
    const late = new Set<NodeJS.Timeout>();
    let next = 0;
    let running = 0;
    let agreed: string | undefined;

    const end = (answer?: Answer): void => {
      for (const timer of late) clearTimeout(timer);
      resolve({ agreed: answer, answers });
    };
    const largest = (): { said: string; count: number } => {
      const counts = new Map<string, number>();
      for (const { said } of answers) if (said !== undefined) counts.set(said, (counts.get(said) ?? 0) + 1);
      return [...counts].map(([said, count]) => ({ said, count })).sort((a, b) => b.count - a.count)[0] ?? NOBODY;
    };
    const start = (): void => {
      if (next >= candidates.length) return;
      const who = candidates[next++];
      running++;
      const timer = setTimeout(() => {
        late.delete(timer);
        if (agreed === undefined) start();
      }, patience(who));
      late.add(timer);
      ask(who).then((answer) => {
        clearTimeout(timer);
        late.delete(timer);
        running--;
        hear(who, answer);
      });
    };
    const hear = (who: E, answer: Answer): void => {
      const said = saying(answer);
      if (agreed !== undefined) {
        if (said !== undefined && said !== agreed) apart?.(who, answer);
        return;
      }
      answers.push({ who, answer, said });
      const { said: most, count } = largest();
      if (count >= quorum) {
        agreed = most;
        for (const other of answers) {
          if (other.said !== undefined && other.said !== most) apart?.(other.who, other.answer);
        }
        end(answers.find((other) => other.said === most)!.answer);
        return;
      }
      while (count + running < quorum && next < candidates.length) start();
      if (running === 0) end();
    };
    for (let asked = 0; asked < quorum; asked++) start();
    if (running === 0) end();
  });
}

const NOBODY = { said: '', count: 0 };
