/** Honest error of every engine here over the judges' intervals: npm run calibrate, which writes docs/calibration.md. */
import { PATTERNS } from '@essaim/runtime';
import { random } from '../test/random.ts';
import { BUILDS } from './calibrate/cases.ts';
import { calibrate } from './calibrate/measure.ts';
import { refusals } from './calibrate/refusals.ts';
import { faultsOf, write } from './calibrate/report.ts';
import { openEngines } from './lib/engines.ts';

const only = process.argv.slice(2);
const next = random(23);
const engines = await openEngines(BUILDS.Relu.builds[0](4, PATTERNS[0], next).onnx);
const names = engines.map(({ name }) => name);
console.log(`engines: ${names.join(' | ')}`);
const found = await calibrate(engines, next, only);
const refused = await refusals(found, engines);
const faults = faultsOf(found, refused);
if (only.length === 0) write(found, names, refused);
for (const fault of faults) console.error(fault);
// a software adapter's threads would keep the process
process.exit(faults.length > 0 ? 1 : 0);
