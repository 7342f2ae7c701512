import { readFileSync } from 'node:fs';
import { readOnnx, TRAINABLE_OPERATORS } from '@essaim/protocol';
import { expect } from 'chai';
import { loadGradients } from '../../../test/training/load.ts';

describe('operators through which gradients lead', () => {
  it('are those that docs/training.md lists', () => {
    const text = readFileSync(new URL('../../../docs/training.md', import.meta.url), 'utf8');
    const [, table] = text.split(/<!-- \/?layers.*-->/);
    const listed = [...table.matchAll(/^\| (\w+) \|/gm)].map(([, name]) => name).filter((name) => name !== 'operator');
    expect(listed).to.deep.equal(TRAINABLE_OPERATORS);
  });

  it('are each held to a gradient of PyTorch', () => {
    const tested = new Set(loadGradients().flatMap(({ onnx }) => readOnnx(onnx).nodes.map(({ type }) => type)));
    expect(TRAINABLE_OPERATORS.filter((name) => !tested.has(name))).to.deep.equal([]);
  });
});
