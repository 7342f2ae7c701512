import { globSync } from 'node:fs';
import { expect } from 'chai';
import { describeNetwork } from './network.ts';

const files = globSync(['.essaim/others/*.onnx', 'models/others/pytorch/*.onnx']).sort();

describe('networks that others made', () => {
  it('are there, beside those committed', () => {
    expect(
      files.some((file) => file.startsWith('.essaim')),
      'none: see models/others/README.md',
    ).to.equal(true);
  });

  for (const file of files) describeNetwork(file);
});
