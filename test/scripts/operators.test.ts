import { readFileSync } from 'node:fs';
import { JUDGES, OPERATOR_VERSIONS } from '@essaim/protocol';
import { expect } from 'chai';
import { assertFigure } from '../../scripts/figures.ts';
import { FAMILIES } from '../../scripts/operators/words.ts';
import { FILE, withTable } from '../../scripts/operators.ts';

describe('docs/operators.md', () => {
  it('lists the operators that the compiler and the judges take; if not, run node scripts/operators.ts', () => {
    const text = readFileSync(FILE, 'utf8');
    expect(text).to.equal(withTable(text));
  });

  it('has at least sixty of them, with a version each', () => {
    const value = Object.keys(OPERATOR_VERSIONS).length;
    assertFigure('count.operators', { value, unit: 'operators', aim: { atLeast: 60 }, command: './essaim test' });
    for (const [name, versions] of Object.entries(OPERATOR_VERSIONS)) expect(versions, name).not.to.have.length(0);
  });

  it('says of each family what it permits', () => {
    for (const { contract } of JUDGES) expect(FAMILIES).to.have.property(contract);
  });
});
