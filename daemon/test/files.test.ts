import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { METRICS, shownNames } from '@essaim/daemon';
import { expect } from 'chai';
import { PROVIDER } from '../../provider/src/identity.ts';
import { VERIFIER } from '../../verifier/src/identity.ts';
import { MONITOR } from '../../verifier/src/monitor/options.ts';

const read = (name: string): string => readFileSync(new URL(`../files/${name}`, import.meta.url), 'utf8');
const named = (text: string): string[] => [...new Set(text.match(/\bessaim_[a-z_]+/g) ?? [])];
const shown = Object.entries(METRICS).flatMap(([name, { kind }]) => shownNames(name, kind));

/** Labels that an expression asks for or sums by must be those of its metric. */
function unknownLabels(expression: string): string[] {
  return [...expression.matchAll(/\b(essaim_[a-z_]+)\{([^}]*)\}/g)].flatMap(([, name, inside]) => {
    const base = Object.keys(METRICS).find((metric) => name.startsWith(metric)) as keyof typeof METRICS;
    const labels = [...inside.matchAll(/([a-z_]+)\s*(=|!|~)/g)].map(([, label]) => label);
    return labels.filter((label) => !(METRICS[base].labels as readonly string[]).includes(label));
  });
}

describe('the dashboard and the alert rules', () => {
  it('ask for metrics and labels that the daemons have', () => {
    for (const text of [read('dashboard.json'), read('alerts.yml')]) {
      expect(named(text)).to.not.be.empty;
      expect(named(text).filter((name) => !shown.includes(name))).to.deep.equal([]);
      expect(unknownLabels(text)).to.deep.equal([]);
    }
  });

  it('show every metric somewhere', () => {
    const used = new Set([...named(read('dashboard.json')), ...named(read('alerts.yml'))]);
    const unused = Object.entries(METRICS).filter(
      ([name, { kind }]) => !shownNames(name, kind).some((it) => used.has(it)),
    );
    expect(unused.map(([name]) => name)).to.deep.equal([]);
  });

  it('are a dashboard of one source whose panels have targets, and rules that say what they mean', () => {
    const { panels } = JSON.parse(read('dashboard.json'));
    for (const { title, targets } of panels) expect(targets, title).to.have.length.of.at.least(1);
    const rules = read('alerts.yml').split('- alert: ').slice(1);
    expect(rules).to.have.length.of.at.least(8);
    for (const rule of rules)
      expect(rule)
        .to.match(/expr: .+/)
        .and.to.match(/severity: (critical|warning)/)
        .and.to.match(/summary: .+/);
  });
});

describe('the units and the container', () => {
  it('are joined by commands that do as root what the services would, as their user', () => {
    const folder = mkdtempSync(join(tmpdir(), 'essaim-files-'));
    try {
      const command = join(folder, 'essaim-verifier');
      copyFileSync(fileURLToPath(new URL('../files/as-service', import.meta.url)), command);
      const runuser = join(folder, 'runuser');
      writeFileSync(runuser, '#!/bin/sh\necho "$HOME $NODE_COMPILE_CACHE $(umask) $*"\n');
      chmodSync(runuser, 0o700);
      const env = { PATH: `${folder}:${process.env.PATH}` };
      expect(execFileSync(command, ['simulate', 'a job'], { env, encoding: 'utf8' }).trim()).to.equal(
        '/var/lib/essaim /var/cache/essaim 0077 -u essaim -- /opt/essaim/essaim verifier simulate a job',
      );
      const unit = read('essaim-verifier.service');
      for (const line of ['User=essaim', 'StateDirectory=essaim', 'Environment=NODE_COMPILE_CACHE=/var/cache/essaim'])
        expect(unit.split('\n')).to.include(line);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('name commands, options and variables that there are', () => {
    const identities = { provider: PROVIDER, verifier: VERIFIER, monitor: MONITOR };
    for (const [name, { prefix, table }] of Object.entries(identities)) {
      const unit = read(`essaim-${name}.service`);
      expect(unit).to.match(new RegExp(`^ExecStart=/opt/essaim/essaim ${name} run --config `, 'm'));
      for (const text of [unit, read('Containerfile')]) {
        for (const [, option] of text.matchAll(new RegExp(`${prefix}([A-Z_]+)=`, 'g'))) {
          const key = option
            .replace(/_FILE$/, '')
            .toLowerCase()
            .replace(/_(.)/g, (_, letter) => letter.toUpperCase());
          expect(Object.keys(table)).to.include(key);
        }
      }
    }
  });
});
