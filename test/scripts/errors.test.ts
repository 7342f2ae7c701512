import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { errorsDocument } from '../../scripts/errors.ts';
import { contractErrors } from '../../scripts/lib/contract-errors.ts';
import { thrownErrors } from '../../scripts/lib/thrown-errors.ts';

describe('docs/errors.md', () => {
  it('is what the sources say now', () => {
    const file = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
    expect(file, 'run: node scripts/errors.ts').to.equal(errorsDocument());
  });

  it('has a sentence for every error of the contracts', () => {
    const errors = contractErrors();
    expect(errors).to.have.length.above(80);
    expect(errors.filter(({ notice }) => notice === '').map(({ name }) => name)).to.deep.equal([]);
  });

  it('has a meaning and something to do for every code of the packages', () => {
    const rows = errorsDocument()
      .split('\n')
      .filter((line) => /^\| `[A-Z_]+` \|/.test(line));
    expect(rows).to.have.length.above(60);
    for (const row of rows) {
      const [, , meaning, help] = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
      expect(meaning, row).not.to.equal('');
      expect(help, row).not.to.equal('');
    }
  });

  it('finds codes that are given through helper functions', () => {
    const codes = new Set(thrownErrors(['sdk', 'storage', 'protocol']).map(({ code }) => code));
    for (const code of ['JOB_LATE', 'INPUT_WRONG_TYPE', 'STORAGE_FORBIDDEN', 'ONNX_CONTROL_FLOW', 'JOB_UNKNOWN']) {
      expect(codes).to.include(code);
    }
  });
});
