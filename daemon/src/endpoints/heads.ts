/** A block as an endpoint tells it; `said` names all of it. */
export interface Seen {
  readonly number: number;
  readonly said: string;
  /** As JSON-RPC tells it. */
  readonly block: Record<string, unknown>;
}

/** An endpoint's newest block. */
export interface Report<E> extends Seen {
  readonly who: E;
}

/** The head that enough endpoints have, and who says otherwise. */
export interface AgreedHead<E> extends Seen {
  /** Those with another block at its height. */
  readonly apart: readonly E[];
}

/** Blocks below the best candidate at which agreement is looked for: a fork is seldom deeper. */
const DEEPEST = 8;

/** The highest block that `quorum` endpoints have; undefined where there is none near the top. */
export async function agreeHead<E>(
  reports: readonly Report<E>[],
  quorum: number,
  blockAt: (who: E, number: number) => Promise<Seen | undefined>,
): Promise<AgreedHead<E> | undefined> {
  const highestFirst = [...reports].sort((a, b) => b.number - a.number);
  if (highestFirst.length < quorum) return undefined;
  const top = highestFirst[quorum - 1].number;
  for (let number = top; number >= Math.max(0, top - DEEPEST); number--) {
    const seen = await Promise.all(
      highestFirst
        .filter((report) => report.number >= number)
        .map(async (report) => ({
          who: report.who,
          block: report.number === number ? report : await blockAt(report.who, number),
        })),
    );
    const groups = [...Map.groupBy(seen, ({ block }) => block?.said).entries()].filter(([said]) => said !== undefined);
    const [said, members] = groups.sort(([, a], [, b]) => b.length - a.length)[0] ?? [undefined, []];
    if (said === undefined || members.length < quorum) continue;
    const apart = seen.filter(({ block }) => block && block.said !== said).map(({ who }) => who);
    return { number, said, block: members[0].block!.block, apart };
  }
  return undefined;
}
