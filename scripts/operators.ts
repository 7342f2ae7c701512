/** Writes the table of operators into docs/operators.md: node scripts/operators.ts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { JUDGES, OPERATOR_VERSIONS } from '@essaim/protocol';
import { FAMILIES, WORDS } from './operators/words.ts';

export const FILE = new URL('../docs/operators.md', import.meta.url);
const BEGIN = '<!-- operators: node scripts/operators.ts -->';
const END = '<!-- /operators -->';

/** The judges of an operator, by the contracts' names. */
const judgesOf = (name: string): string[] =>
  JUDGES.filter(({ versions }) => Object.hasOwn(versions, name)).map(({ contract }) => contract);

function row(name: string, versions: readonly number[]): string {
  const words = WORDS[name];
  if (!words) throw new Error(`scripts/operators/words.ts says nothing of ${name}`);
  const judges = judgesOf(name);
  const interval = words.interval ?? (judges.length > 0 ? FAMILIES[judges[0]] : '');
  const cells = [name, versions.join(' '), judges.join(', '), words.words, interval, words.limits ?? ''];
  return `| ${cells.join(' | ')} |`;
}

/** The table of every operator that the compiler takes, by name. */
export function operatorTable(): string {
  const rows = Object.entries(OPERATOR_VERSIONS)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, versions]) => row(name, versions));
  const head = ['| operator | versions | judge | words | width | only |', '| --- | --- | --- | --- | --- | --- |'];
  return [`${rows.length} operators of ONNX.`, '', ...head, ...rows].join('\n');
}

/** A text with the table in its place. Throws if it has no place for it. */
export function withTable(text: string): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`docs/operators.md needs ${BEGIN} and ${END}`);
  return `${text.slice(0, from + BEGIN.length)}\n${operatorTable()}\n${text.slice(to)}`;
}

if (import.meta.main) writeFileSync(FILE, withTable(readFileSync(FILE, 'utf8')));
