/** What a monitor looks for. */
export const ALARMS = [
  ...(['unchecked', 'stuck', 'demand', 'audit', 'stake', 'judges', 'twins'] as const),
  ...(['indexer', 'verifier', 'endpoint', 'blind'] as const),
] as const;
export type AlarmName = (typeof ALARMS)[number];

/** Something that a person should look at now. */
export interface Alarm {
  readonly alarm: AlarmName;
  /** What it is about: a batch, a demand, an account. */
  readonly about: string;
  readonly message: string;
}

export type AlarmEvent =
  | ({ readonly event: 'alarm' } & Alarm)
  | { readonly event: 'alarm-over'; alarm: AlarmName; about: string };

/** Tells of each alarm when it begins and when it is over. */
export class AlarmBell {
  readonly #standing = new Map<string, Alarm>();
  readonly #say: (event: AlarmEvent) => void;

  constructor(say: (event: AlarmEvent) => void) {
    this.#say = say;
  }

  /** Takes what was found by those looks that succeeded: an alarm of another look stands as it was. */
  ring(looked: readonly AlarmName[], found: readonly Alarm[]): void {
    const now = new Map(found.map((alarm) => [`${alarm.alarm} ${alarm.about}`, alarm]));
    for (const [key, { alarm, about }] of this.#standing) {
      if (!looked.includes(alarm) || now.has(key)) continue;
      this.#standing.delete(key);
      this.#say({ event: 'alarm-over', alarm, about });
    }
    for (const [key, alarm] of now) {
      if (!this.#standing.has(key)) this.#say({ event: 'alarm', ...alarm });
      this.#standing.set(key, alarm);
    }
  }

  /** How many alarms of a name stand. */
  count(name: AlarmName): number {
    return [...this.#standing.values()].filter(({ alarm }) => alarm === name).length;
  }
}
