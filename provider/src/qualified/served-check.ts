import { type Check, type Finding, ok, warning } from '@essaim/daemon';
import type { Essaim } from '@essaim/sdk';
import { findingsOf } from '../check.ts';
import { programsOf } from '../offers/offer.ts';
import type { Qualifier, Tried } from './qualifier.ts';

const MIB = 2 ** 20;
const HOUR = 3_600;

/** Qualifies this device for every program of the models that are served, and says what each takes here. */
export const servedCheck = (essaim: Essaim, qualifier: Qualifier, models: readonly bigint[]): Check => ({
  name: 'models',
  async run() {
    if (models.length === 0) {
      return ok('any model: whether this device may sell one is found out before its first job is accepted');
    }
    const found: Finding[] = [];
    for (const id of models) {
      const programs = await programsOf(essaim, id);
      if (programs.length === 0) found.push(warning(`model ${id} has no program`, 'check the id against the registry'));
      for (const programId of programs) {
        const model = await essaim.models.load(id, programId);
        found.push(...told(model.manifest.name, await qualifier.qualify(model)));
      }
    }
    return found;
  },
});

/** What went wrong, the verdict, and what the model takes. */
function told(name: string, { record, kernels }: Tried): Finding[] {
  const { engine, isQualified, advice, seconds, memory } = record;
  const all = findingsOf({ engine, qualified: isQualified, kernels, advice });
  const [verdict, broken] = [all.at(-1)!, all.slice(0, -1).filter(({ state }) => state !== 'ok')];
  const said = { ...verdict, what: `${name}: ${verdict.what}` };
  if (seconds === null) {
    const todo = 'its first job says how long it takes; until then it is run alone';
    return [...broken, said, warning(`${name}: made-up inputs do not run, so that its speed is not known`, todo)];
  }
  const takes = `${(1_000 * seconds).toFixed(1)} ms an input, ${Math.floor(HOUR / seconds)} an hour one after the other`;
  return [...broken, said, ok(`${name}: ${takes}, ${Math.ceil(memory / MIB)} MiB of memory at least`)];
}
