/** Honest error of every engine here over the judges' intervals: npm run calibrate, which writes docs/calibration.md. */
import { PATTERNS } from '@essaim/runtime';
import { random } from '../test/random.ts';
import { BUILDS } from './calibrate/cases.ts';
import { type Measure, measure } from './calibrate/measure.ts';
import { faultsOf, write } from './calibrate/report.ts';
import { openEngines } from './lib/engines.ts';

const only = process.argv.slice(2);
const next = random(23);
const engines = await openEngines(BUILDS.Relu.builds[0](4, PATTERNS[0], next).onnx);
console.log(`engines: ${engines.map(({ name }) => name).join(' | ')}`);
const found: Measure[] = [];
for (const [operator, { terms, builds }] of Object.entries(BUILDS)) {
  if (only.length > 0 && !only.includes(operator)) continue;
  for (const k of terms) {
    const before = found.length;
    for (const build of builds) {
      for (const pattern of PATTERNS) found.push(...(await measure(build(k, pattern, next), engines)));
    }
    const here = found.slice(before);
    const worst = (natural: boolean, of: 'sharp' | 'contract') =>
      Math.max(...here.filter((it) => it.case.pattern.natural === natural).map((it) => it[of])).toPrecision(3);
    console.log(
      `${operator} ${k}: natural ${worst(true, 'sharp')} of sharp, adversarial ${worst(false, 'contract')} of contract`,
    );
  }
}
const faults = faultsOf(found);
if (only.length === 0)
  write(
    found,
    engines.map(({ name }) => name),
  );
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
