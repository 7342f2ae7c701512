/** When a person wants the tab to rest. */
export interface RestRules {
  /** While the tab is not seen. */
  readonly whenHidden: boolean;
  /** While the battery is below so many percent and not charging; null: never. */
  readonly belowBattery: number | null;
}

export type Rest = 'hidden' | 'battery';

/** What browsers that tell of the battery tell: not all do. */
export interface Battery extends EventTarget {
  /** From 0 to 1. */
  readonly level: number;
  readonly charging: boolean;
}

/** The device's battery, where the browser tells of it. */
export async function batteryOf(): Promise<Battery | null> {
  const { getBattery } = navigator as Navigator & { getBattery?: () => Promise<Battery> };
  return getBattery ? getBattery.call(navigator).catch(() => null) : null;
}

/** Watches whether the tab is seen and what the battery says. */
export class Conditions {
  readonly #rules: RestRules;
  readonly #battery: Battery | null;
  readonly #listeners = new Set<() => void>();
  readonly #changed = () => {
    for (const listener of this.#listeners) listener();
  };

  constructor(rules: RestRules, battery: Battery | null) {
    this.#rules = rules;
    this.#battery = battery;
    document.addEventListener('visibilitychange', this.#changed);
    for (const event of ['levelchange', 'chargingchange']) battery?.addEventListener(event, this.#changed);
  }

  /** Why the tab has to rest now; null if it may work. */
  get rest(): Rest | null {
    const { whenHidden, belowBattery } = this.#rules;
    if (whenHidden && document.visibilityState === 'hidden') return 'hidden';
    const battery = this.#battery;
    const isLow = battery !== null && belowBattery !== null && !battery.charging && battery.level * 100 < belowBattery;
    return isLow ? 'battery' : null;
  }

  /** A signal that is aborted as soon as the tab has to rest, or `signal` is. */
  working(signal: AbortSignal): AbortSignal {
    const resting = new AbortController();
    const look = () => {
      if (this.rest) resting.abort(new DOMException('the tab has to rest', 'AbortError'));
    };
    this.#listeners.add(look);
    resting.signal.addEventListener('abort', () => this.#listeners.delete(look), { once: true });
    look();
    return AbortSignal.any([signal, resting.signal]);
  }

  /** Resolves when the tab may work, or the signal is aborted; `tell` hears of every reason to rest on the way. */
  async rested(signal: AbortSignal, tell: (rest: Rest) => void): Promise<void> {
    for (let { rest } = this; rest && !signal.aborted; rest = this.rest) {
      tell(rest);
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#listeners.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.#listeners.add(wake);
        signal.addEventListener('abort', wake);
      });
    }
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.#changed);
    for (const event of ['levelchange', 'chargingchange']) this.#battery?.removeEventListener(event, this.#changed);
    this.#listeners.clear();
  }
}
