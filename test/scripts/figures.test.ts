import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { assertFigure, meetsAim, readFigures } from '../../scripts/figures.ts';

const figure = { value: 5, unit: 'gas', aim: { atMost: 4 }, command: 'npm run gas' };

describe('figures', () => {
  it('meet an aim at its very limit, and any value where there is none', () => {
    expect(meetsAim({ value: 4, aim: { atMost: 4 } })).to.equal(true);
    expect(meetsAim({ value: 4, aim: { atLeast: 4 } })).to.equal(true);
    expect(meetsAim({ value: 3, aim: { atLeast: 4 } })).to.equal(false);
    expect(meetsAim({ value: 1e9, aim: null })).to.equal(true);
  });

  it('that miss their aim fail the test that measures them', () => {
    const before = process.env.FIGURES;
    delete process.env.FIGURES;
    try {
      expect(() => assertFigure('gas.test', figure)).to.throw('gas.test is 5 gas, aim: at most 4');
      expect(readFigures()).not.to.have.property('gas.test');
    } finally {
      if (before !== undefined) process.env.FIGURES = before;
    }
  });

  it('are kept sorted by name, each with the command that measures it', () => {
    const kept = readFigures();
    expect(Object.keys(kept)).to.deep.equal(Object.keys(kept).sort());
    const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    const commands = [...Object.keys(scripts).map((script) => `npm run ${script}`), './essaim demo', './essaim test'];
    for (const [name, { command }] of Object.entries(kept)) expect(commands, name).to.include(command);
  });
});
