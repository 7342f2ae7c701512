import type { Journal } from '../journal/journal.ts';
import { Meter } from '../status/meter.ts';
import { powerNow } from '../status/power.ts';
import type { Metrics } from './metrics.ts';

/** Joules. */
const KILOWATT_HOUR = 3_600_000;

/** Samples, each time it is called, the power drawn, and keeps what that comes to. `stated`: watts as the owner stated them. */
export function powerGauges(
  journal: Pick<Journal, 'drew' | 'energyOfDay'>,
  metrics: Pick<Metrics, 'set'>,
  stated: number | undefined,
): () => Promise<void> {
  const meter = new Meter(() => powerNow(stated), journal);
  return async () => {
    for (const [source, drawn] of await meter.sample()) metrics.set('essaim_power_watts', drawn, { source });
    const { joules, seconds } = journal.energyOfDay();
    if (seconds > 0) metrics.set('essaim_day_energy_kwh', joules / KILOWATT_HOUR);
  };
}
