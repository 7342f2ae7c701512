/** Writes the table of operators into docs/operators.md: node scripts/operators.ts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { JUDGES, OPERATOR_VERSIONS, REWRITTEN_NAMES } from '@essaim/protocol';
import { fixedProof, SIZED, sizeTable } from './operators/sizes.ts';
import { FAMILIES, WORDS } from './operators/words.ts';

export const FILE = new URL('../docs/operators.md', import.meta.url);

/** The judges of an operator, by the contracts' names. */
const judgesOf = (name: string): string[] =>
  JUDGES.filter(({ versions }) => Object.hasOwn(versions, name)).map(({ contract }) => contract);

function row(name: string, versions: readonly number[]): string {
  const words = WORDS[name];
  if (!words) throw new Error(`scripts/operators/words.ts says nothing of ${name}`);
  const judges = judgesOf(name);
  const interval = words.interval ?? (judges.length > 0 ? FAMILIES[judges[0]] : '');
  const proof = SIZED[name] ? 'by length' : /constant$/.test(words.words) ? '' : fixedProof(name);
  const cells = [name, versions.join(' '), judges.join(', '), words.words, interval, words.limits ?? '', proof];
  return `| ${cells.join(' | ')} |`;
}

/** The table of every operator that the compiler takes, by name. */
export function operatorTable(): string {
  const rows = Object.entries(OPERATOR_VERSIONS)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, versions]) => row(name, versions));
  const head = [
    '| operator | versions | judge | words | width | only | largest proof |',
    '| --- | --- | --- | --- | --- | --- | --- |',
  ];
  return [`${rows.length} operators of ONNX.`, '', ...head, ...rows].join('\n');
}

/** Operators that no judge has, and that are said in others. */
const rewrittenNames = (): string =>
  REWRITTEN_NAMES.filter((name) => !Object.hasOwn(OPERATOR_VERSIONS, name)).join(', ');

/** The tables and what makes each of them, by the name that stands in the comments around its place. */
const PARTS: Readonly<Record<string, () => string>> = {
  operators: operatorTable,
  sizes: sizeTable,
  rewritten: () => `${rewrittenNames()}.`,
};

/** A text with the tables in their places. Throws if it has no place for one. */
export function withTable(text: string): string {
  return Object.entries(PARTS).reduce((made, [name, table]) => {
    const [begin, end] = [`<!-- ${name}: node scripts/operators.ts -->`, `<!-- /${name} -->`];
    const [from, to] = [made.indexOf(begin), made.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/operators.md needs ${begin} and ${end}`);
    return `${made.slice(0, from + begin.length)}\n${table()}\n${made.slice(to)}`;
  }, text);
}

if (import.meta.main) writeFileSync(FILE, withTable(readFileSync(FILE, 'utf8')));
