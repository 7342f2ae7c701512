import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';

/** Tests that a page cites: `file`: "name", "name"; … */
const cited = (page: string) => citedIn(readFileSync(page, 'utf8'));

function citedIn(text: string): { file: string; name: string }[] {
  return [...text.matchAll(/`([\w./-]+\.test\.ts)`: ((?:"[^"]+"(?:, )?)+)/g)].flatMap(([, file, names]) =>
    [...names.matchAll(/"([^"]+)"/g)].map(([, name]) => ({ file, name })),
  );
}

/** Those that are in no file. */
const missing = (tests: readonly { file: string; name: string }[]) =>
  tests.filter(({ file, name }) => !existsSync(file) || !readFileSync(file, 'utf8').includes(name));

describe('docs/trust.md', () => {
  it('cites tests that exist, for everything that must fail well', () => {
    const [, page] = readFileSync('docs/trust.md', 'utf8').split('## What must fail well');
    const rows = page
      .split('\n## ')[0]
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(2);
    expect(rows.length).to.be.greaterThan(9);
    for (const row of rows) expect(citedIn(row), row).to.not.deep.equal([]);
    expect(missing(cited('docs/trust.md'))).to.deep.equal([]);
  });
});

describe('docs/attacks.md', () => {
  const tests = cited('docs/attacks.md');

  it('cites tests that exist, for every mark that is answered', () => {
    expect(tests.length).to.be.greaterThan(35);
    expect(missing(tests)).to.deep.equal([]);
  });

  it('speaks of every attack once, as answered or as not built', () => {
    const [answered, rest] = readFileSync('docs/attacks.md', 'utf8').split('## Found later');
    const [, open] = rest.split('## Not built');
    const marks = [
      ...Array.from({ length: 7 }, (_, i) => `C${i + 1}`),
      ...Array.from({ length: 16 }, (_, i) => `H${i + 1}`),
      ...Array.from({ length: 10 }, (_, i) => `M${i + 1}`),
    ];
    const unspoken = marks.filter(
      (mark) => !answered.includes(`| ${mark} |`) && !new RegExp(`\\b${mark}\\b`).test(open),
    );
    expect(unspoken).to.deep.equal([]);
  });
});

describe('docs/invariants.md', () => {
  it('names a test for every sentence, and each exists', () => {
    const lines = readFileSync('docs/invariants.md', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('- '));
    expect(lines.length).to.be.greaterThan(20);
    let file = '';
    for (const line of lines) {
      const references = [...line.matchAll(/`(?:([\w./-]+\.(?:t\.sol|test\.ts)): )?([^`]+)`/g)];
      const named = references.filter(([, inFile, name]) => inFile || /^(invariant|test)/.test(name));
      expect(named, line).to.not.deep.equal([]);
      for (const [, inFile, name] of named) {
        if (inFile) file = inFile.includes('/') ? inFile : `contracts/test/${inFile}`;
        expect(readFileSync(file, 'utf8'), `${file}: ${name}`).to.include(name);
      }
    }
  });
});
