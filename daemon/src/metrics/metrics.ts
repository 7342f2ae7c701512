import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS, type MetricName } from './table.ts';

const SECONDS = [0.05, 0.25, 1, 5, 15, 60, 300, 1_800];

type Labels = Readonly<Record<string, string>>;

/** The metrics of one process, for Prometheus. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #all = new Map<MetricName, Gauge | Counter | Histogram>();

  constructor() {
    for (const [name, { kind, labels, text }] of Object.entries(METRICS)) {
      const about = { name, help: text, labelNames: [...labels], registers: [this.#registry] };
      const made =
        kind === 'gauge'
          ? new Gauge(about)
          : kind === 'counter'
            ? new Counter(about)
            : new Histogram({ ...about, buckets: SECONDS });
      this.#all.set(name as MetricName, made);
    }
    collectDefaultMetrics({ register: this.#registry });
  }

  /** Sets a gauge. */
  set(name: MetricName, value: number, labels: Labels = {}): void {
    (this.#all.get(name) as Gauge).set(labels, value);
  }

  /** Adds to a counter. */
  add(name: MetricName, value = 1, labels: Labels = {}): void {
    (this.#all.get(name) as Counter).inc(labels, value);
  }

  /** Counts a value into a histogram. */
  observe(name: MetricName, value: number, labels: Labels = {}): void {
    (this.#all.get(name) as Histogram).observe(labels, value);
  }

  /** Counts an event, and its code where it has one. */
  count(event: object): void {
    const name = 'event' in event ? String(event.event) : 'unnamed';
    this.add('essaim_events_total', 1, { event: name });
    if ('code' in event) this.add('essaim_failures_total', 1, { event: name, code: String(event.code) });
  }

  /** What Prometheus reads. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }
}
