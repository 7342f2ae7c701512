/** A way to cheat, and who convicts it. */
export interface Kind {
  readonly name: string;
  /** Which of the soak's models it is played with. */
  readonly model: 'perceptron' | 'convolutions' | 'wide';
  /** The contract that has to convict it. */
  readonly adjudicator: 'Referee' | 'Malformed' | 'JobMarket' | 'Availability';
  /** Inputs of the job: a claim on another input needs two. */
  readonly count: number;
}

const kind = (name: string, model: Kind['model'], adjudicator: Kind['adjudicator'], count = 1): Kind => ({
  ...{ name, model, adjudicator, count },
});

/** Every way to cheat that the soak plays. */
export const KINDS = [
  kind('a wrong number in the answer', 'perceptron', 'Referee'),
  kind('a wrong number inside a segment', 'wide', 'Referee'),
  kind('a skipped layer', 'wide', 'Referee'),
  kind('a smaller model', 'wide', 'Referee'),
  kind('fp16 weights', 'wide', 'Referee'),
  kind('int8 weights', 'wide', 'Referee'),
  kind('a cached answer', 'convolutions', 'Referee'),
  kind('another input', 'perceptron', 'JobMarket', 2),
  kind('a NaN in disguise', 'convolutions', 'Malformed'),
  kind('a missing value', 'convolutions', 'Malformed'),
  kind('silence', 'convolutions', 'Availability'),
] as const;

export type KindName = (typeof KINDS)[number]['name'];

/** The kind with this name. @throws Error where there is none */
export function kindOf(name: string): Kind {
  const found = KINDS.find((each) => each.name === name);
  if (!found) throw new Error(`there is no cheat called ${name}`);
  return found;
}
