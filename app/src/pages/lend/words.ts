import type { Progress } from '@essaim/provider/browser';

const STATES: Record<Progress['state'], { readonly badge: string; readonly tone: string; readonly words: string }> = {
  asking: { badge: 'Asking', tone: '', words: 'Asking the sponsor what it offers.' },
  signing: { badge: 'Signing', tone: 'warn', words: 'Your wallet asks you to sign.' },
  waiting: {
    badge: 'Waiting',
    tone: 'good',
    words: 'Ready. The sponsor has nothing to do at the moment; it will come by itself.',
  },
  working: { badge: 'Working', tone: 'good', words: 'A model runs in this tab.' },
  resting: { badge: 'Resting', tone: 'warn', words: '' },
  away: {
    badge: 'Not connected',
    tone: 'bad',
    words: 'The sponsor does not answer. It is tried again by itself, ever more seldom.',
  },
  stopping: { badge: 'Stopping', tone: 'warn', words: 'What is being done is finished and handed in, then it stops.' },
  stopped: { badge: 'Stopped', tone: '', words: 'Nothing runs any more.' },
};

const REST = {
  hidden: 'You told it to rest while this tab is not seen. It goes on when you come back.',
  battery: 'You told it to rest while the battery is low. It goes on when the battery is charged or charging.',
} as const;

/** A lent tab's state: a short name, its tone, and a sentence. */
export const stateOf = ({ state, rest }: Progress) => ({
  ...STATES[state],
  ...(state === 'resting' && rest ? { words: REST[rest] } : {}),
});

const ENDS: Record<string, string> = {
  LENDING_OVER: 'Your limit was reached',
  LENDER_BARRED: 'The sponsor takes no more from this account',
  LENT_WRONG: 'The sponsor found a wrong result',
  VOUCHER_FORGED: 'The sponsor cheated',
  VOUCHER_SHORT: 'The sponsor paid too little',
  SPONSOR_UNREACHABLE: 'The sponsor does not answer',
  LENT_LATE: 'This device took too long',
};

export const titleOf = (code: string): string => ENDS[code] ?? 'Something went wrong';

/** Watt hours as a person reads them. */
export function showEnergy(wattHours: number): string {
  if (wattHours < 0.0005) return `${(wattHours * 3_600).toFixed(1)} J`;
  return wattHours < 1_000 ? `${wattHours.toPrecision(2)} Wh` : `${(wattHours / 1_000).toPrecision(3)} kWh`;
}

/** Seconds of work as a person reads them. */
export function showSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
