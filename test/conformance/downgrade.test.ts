import { expect } from 'chai';
import { CNN, TRANSFORMER } from '../../scripts/downgrade/networks.ts';
import { type Finding, trial } from '../../scripts/downgrade/trial.ts';
import { openEngines, type Runner } from '../../scripts/lib/engines.ts';
import { random } from '../random.ts';

describe('a provider of float32 networks', () => {
  let runners: Runner[];
  before(async () => {
    runners = await openEngines(CNN.build(random(0)));
  });

  for (const network of [CNN, TRANSFORMER]) {
    describe(`of a ${network.name}`, () => {
      const found: Finding[] = [];
      before(async () => {
        for (const seed of [1, 2, 3]) found.push(...(await trial(network, seed, { runners, thorough: seed < 3 })));
      });

      it('is convicted, not only unpaid, for cheaper weights, a smaller model, a skipped layer, a cached answer', () => {
        const cheats = found.filter(({ honest }) => !honest);
        expect(cheats).to.have.length(3 * 7);
        for (const { what, fault } of cheats) expect(fault?.verdict, what).to.equal('convicted');
      });

      it('is never found at fault for running on another engine', () => {
        const honest = found.filter((it) => it.honest);
        expect(honest.map(({ what }) => what)).to.include('wasm');
        for (const { what, fault } of honest) expect(fault, what).to.equal(null);
        expect(honest.reduce((sum, { elements }) => sum + elements, 0)).to.be.above(10_000);
      });
    });
  }
});
