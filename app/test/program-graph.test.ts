import { readFileSync } from 'node:fs';
import { compile } from '@essaim/protocol';
import { expect } from 'chai';
import { modelPath } from '../../models/digits/digits.ts';
import { condense, type Graph } from '../src/pages/dispute/graph/condense.ts';
import { layered } from '../src/pages/dispute/graph/layers.ts';
import { type Outline, outlineOf } from '../src/pages/dispute/graph/outline.ts';
import { type Box, place } from '../src/pages/dispute/graph/place.ts';

const digits = (name: Parameters<typeof modelPath>[0]): Outline =>
  outlineOf(compile(new Uint8Array(readFileSync(modelPath(name)))));

/** A chain of operators in which every fourth is added to the one before last, as in residual networks. */
const residual = (length: number): Outline => ({
  inputs: [{ name: 'x', shape: '1' }],
  weights: [],
  outputs: [{ name: 'y', value: length - 1 }],
  operators: Array.from({ length }, (_, i) => ({
    name: i % 4 === 3 ? 'Add' : 'Conv',
    segment: Math.floor(i / 8),
    firstValue: i,
    shape: '1',
    inputs: [
      i === 0 ? { kind: 'input', index: 0 } : { kind: 'value', index: i - 1 },
      ...(i % 4 === 3 ? [{ kind: 'value' as const, index: i - 3 }] : []),
    ],
  })),
});

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const operatorsIn = ({ nodes }: Graph) => nodes.reduce((sum, { count }) => sum + count, 0);

describe('the picture of a program', () => {
  const outlines = [digits('mlp-b1'), digits('cnn-b64'), residual(600)];

  it('shows the operator at fault and its nearest, and everything else as runs that add up to the program', () => {
    for (const outline of outlines) {
      for (const focus of [0, 1, outline.operators.length >> 1, outline.operators.length - 1]) {
        const graph = condense(outline, focus, 9);
        expect(operatorsIn(graph)).to.equal(outline.operators.length);
        expect(graph.nodes.length).to.be.at.most(24);
        expect(layered(graph).layers.length).to.be.at.most(9);
        const shown = graph.nodes.filter(({ isFocus }) => isFocus);
        expect(shown.map(({ first, count }) => [first, count])).to.deep.equal([[focus, 1]]);
      }
    }
  });

  it('shows every operator of a small program', () => {
    const small = residual(7);
    const graph = condense(small, 3, 9);
    expect(graph.nodes.map(({ kind }) => kind)).not.to.include('run');
    expect(graph.edges).to.deep.include([1 + 0, 1 + 3]);
  });

  it('never lets a run cross the border of the segment at fault', () => {
    const outline = residual(64);
    const { nodes } = condense(outline, 20, 9);
    const own = outline.operators[20].segment;
    for (const { first, count } of nodes.filter(({ kind }) => kind === 'run')) {
      const inside = Array.from({ length: count }, (_, i) => outline.operators[first + i].segment === own);
      expect(new Set(inside).size).to.equal(1);
    }
  });

  it('leads every edge to a later layer, whatever is condensed', () => {
    for (const outline of outlines) {
      const graph = condense(outline, outline.operators.length >> 1, 9);
      const { places, links, layers } = layered(graph);
      for (const { from, to } of links) expect(places[to].layer).to.equal(places[from].layer + 1);
      expect(layers.flat().length).to.equal(places.length);
    }
  });

  it('places no box over another, and all inside the picture, both ways', () => {
    for (const outline of outlines) {
      for (const direction of ['across', 'down'] as const) {
        const graph = condense(outline, 3, 9);
        const { boxes, paths, width, height } = place(graph, direction);
        expect(paths.every((path) => /^M[\d.]+ [\d.]+C/.test(path))).to.equal(true);
        for (const [i, box] of boxes.entries()) {
          expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height).to.equal(true);
          for (const other of boxes.slice(i + 1)) expect(overlap(box, other)).to.equal(false);
        }
      }
    }
  });
});
