import { expect } from 'chai';
import { cycles } from '../../scripts/check/cycles.ts';

const graph = (edges: Record<string, string[]>) => new Map(Object.entries(edges));

describe('circles between modules', () => {
  it('are none in a tree, nor where two ways lead to one module', () => {
    expect(cycles(graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }))).to.deep.equal([]);
  });

  it('are told from their first module round to it again', () => {
    expect(cycles(graph({ a: ['b'], b: ['c'], c: ['b'] }))).to.deep.equal([['b', 'c', 'b']]);
  });

  it('include a module that imports itself', () => {
    expect(cycles(graph({ a: ['a'] }))).to.deep.equal([['a', 'a']]);
  });
});
