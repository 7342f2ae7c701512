/** Writes docs/errors.md: every error code, what it means and what to do, from the sources: node scripts/errors.ts */
import { readFileSync, writeFileSync } from 'node:fs';
import { contractErrors, INHERITED, REMEDIES } from './lib/contract-errors.ts';
import { type ThrownError, thrownErrors } from './lib/thrown-errors.ts';

const FILE = new URL('../docs/errors.md', import.meta.url);
const PACKAGES = ['protocol', 'runtime', 'storage', 'sdk', 'daemon', 'provider', 'verifier'];

const cell = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
const row = (...cells: string[]): string => `| ${cells.map(cell).join(' | ')} |`;
const unique = (texts: readonly string[]): string[] =>
  [...new Set(texts.filter((text) => !/^[… ]*$/.test(text)))].map((text) => text.replaceAll('<', '&lt;'));

/** The document as the sources make it. */
export function errorsDocument(): string {
  const byCode = Map.groupBy(thrownErrors(PACKAGES), ({ code }) => code);
  const thrown = [...byCode].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    '# Errors',
    '',
    'Made by `node scripts/errors.ts` from the sources. Every error has a `code` that stays, a `message` that says what',
    'is wrong, a `help` that says what to do and `details` with the values involved; `…` stands for those values.',
    '',
    '## Of the packages',
    '',
    row('Code', 'Meaning', 'What to do', 'Package'),
    row('---', '---', '---', '---'),
    ...thrown.map(([code, places]) => thrownRow(code, places)),
    '',
    '## Of the contracts',
    '',
    'The SDK throws them under their own names, with the values as `details` and the meaning as `help`. A call that',
    'reverts changes nothing and moves no money; `simulate` shows it before anything is sent.',
    '',
    row('Code', 'Meaning', 'What to do', 'Contract'),
    row('---', '---', '---', '---'),
    ...contractErrors().map(({ signature, notice, home }) => row(`\`${signature}\``, notice, remedyOf(home), home)),
    '',
    '## Inherited by the contracts',
    '',
    row('Code', 'What to do'),
    row('---', '---'),
    ...Object.entries(INHERITED)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, help]) => row(`\`${name}\``, help)),
    '',
  ].join('\n');
}

function remedyOf(home: string): string {
  const remedy = REMEDIES[home];
  if (!remedy) throw new Error(`scripts/lib/contract-errors.ts says nothing about what to do with errors of ${home}`);
  return remedy;
}

function thrownRow(code: string, places: readonly ThrownError[]): string {
  const texts = (key: 'message' | 'help' | 'home') => unique(places.map((place) => place[key]));
  return row(`\`${code}\``, texts('message').join('<br>'), texts('help').join('<br>'), texts('home').join(', '));
}

if (import.meta.main) {
  const text = errorsDocument();
  const current = readFileSync(FILE, { encoding: 'utf8', flag: 'a+' });
  if (current !== text) writeFileSync(FILE, text);
}
