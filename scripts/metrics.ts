/** Writes docs/metrics.md: every metric of the daemons, from the table they are made of: node scripts/metrics.ts */
import { readFileSync, writeFileSync } from 'node:fs';
import { metricsDocument } from '@essaim/daemon';

const FILE = new URL('../docs/metrics.md', import.meta.url);

/** The document as the table makes it. */
export const metricsPage = (): string =>
  [
    '# Metrics',
    '',
    'Made by `node scripts/metrics.ts` from the table that the programs measure by. `--listen HOST:PORT` serves them at',
    '`/metrics` for Prometheus, beside `/livez` (the process answers), `/readyz` (every part’s last cycle ended well) and',
    '`/pulse` (503 when a cycle stalls for longer than `--cycle-limit`). `daemon/files` has a dashboard for Grafana and',
    'alert rules. Those of the Node process itself are there too (`process_…`, `nodejs_…`).',
    '',
    metricsDocument(),
  ].join('\n');

if (import.meta.main) {
  const text = metricsPage();
  const current = readFileSync(FILE, { encoding: 'utf8', flag: 'a+' });
  if (current !== text) writeFileSync(FILE, text);
}
