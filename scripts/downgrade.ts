/** Whether cheaper executions are convicted, and honest ones on other engines never: npm run downgrade -- [runs]. */

import { random } from '../test/random.ts';
import { CNN, TRANSFORMER } from './downgrade/networks.ts';
import { type Finding, trial } from './downgrade/trial.ts';
import { recordFigure } from './figures.ts';
import { openEngines } from './lib/engines.ts';

const runs = Number(process.argv[2] ?? 200);
const command = 'npm run downgrade';
const runners = await openEngines(CNN.build(random(0)));
const found: (Finding & { network: string })[] = [];
for (let seed = 1; seed <= runs; seed++) {
  const network = seed % 2 === 0 ? CNN : TRANSFORMER;
  for (const it of await trial(network, seed, { runners, thorough: seed <= 4 })) {
    found.push({ ...it, network: network.name });
    const expected = it.honest ? it.fault === null : it.fault?.verdict === 'convicted';
    if (!expected) {
      console.error(`run ${seed}, ${network.name}, ${it.what}: ${it.fault?.verdict ?? 'nothing found'}`);
      process.exitCode = 1;
    }
  }
}

const rate = (some: readonly Finding[]): number =>
  some.filter(({ fault }) => fault?.verdict === 'convicted').length / some.length;
const elements = (some: readonly Finding[]): number => some.reduce((sum, it) => sum + it.elements, 0);
for (const key of new Set(found.map(({ network, what }) => `${network}, ${what}`))) {
  const some = found.filter(({ network, what }) => `${network}, ${what}` === key);
  console.log(
    `${key}: ${some.length} runs, ${(100 * rate(some)).toFixed(1)} % convicted, ${elements(some)} elements judged`,
  );
}
const [honest, cheats] = [found.filter((it) => it.honest), found.filter((it) => !it.honest)];
const record = (
  name: string,
  value: number,
  unit: string,
  aim: { atLeast: number } | { atMost: number } | null,
): void => recordFigure(name, { value, unit, aim, command });
record('rate.downgrade.convicted', rate(cheats), 'ratio', { atLeast: 1 });
record('rate.honest.convicted', rate(honest), 'ratio', { atMost: 0 });
record('count.downgrade.elements', elements(cheats), 'elements', null);
record('count.honest.elements', elements(honest), 'elements', null);
console.log(`${runs} runs: ${rate(cheats)} of cheats convicted, ${rate(honest)} of honest ones`);
