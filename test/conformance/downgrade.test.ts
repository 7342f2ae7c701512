import { expect } from 'chai';
import { cheatsOn } from '../../scripts/downgrade/cheats.ts';
import { CNN, TRANSFORMER } from '../../scripts/downgrade/networks.ts';
import { CACHED, type Finding, ONE_ELEMENT, trial } from '../../scripts/downgrade/trial.ts';
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

      for (const cheat of [...Object.keys(cheatsOn(network)), ONE_ELEMENT, CACHED]) {
        it(`is convicted, not only unpaid, for ${cheat}`, () => {
          const tried = found.filter(({ what }) => what === cheat);
          expect(tried).to.have.length(3);
          for (const { fault } of tried) expect(fault?.verdict).to.equal('convicted');
        });
      }

      it('is never found at fault for running on another engine', () => {
        const honest = found.filter((it) => it.honest);
        expect(honest.map(({ what }) => what)).to.include('wasm');
        for (const { what, fault } of honest) expect(fault, what).to.equal(null);
        expect(honest.reduce((sum, { elements }) => sum + elements, 0)).to.be.above(10_000);
      });
    });
  }
});
