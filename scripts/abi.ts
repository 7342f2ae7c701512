/**
 * Writes what the SDK needs of the contracts, from their artifacts and interfaces, to sdk/src/generated/:
 * ABIs without bytecode, and for each custom error its NatSpec sentence. Part of `npm run build`.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { artifacts, contractNames } from './lib/artifacts.ts';

const target = new URL('../sdk/src/generated/', import.meta.url);
const made = '// Made by scripts/abi.ts from the contracts. Do not edit.';

function write(file: string, lines: string[]): void {
  const text = [made, ...lines, ''].join('\n');
  const path = new URL(file, target);
  let current = '';
  try {
    current = readFileSync(path, 'utf8');
  } catch {}
  if (current !== text) writeFileSync(path, text);
}

/** Custom errors of all interfaces and their `@notice`, which says what is wrong and what to do. */
function errorSentences(): Record<string, string> {
  const folder = new URL('../contracts/interfaces/', import.meta.url);
  const found = readdirSync(folder)
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .flatMap((source) => [...source.matchAll(/((?:^[ \t]*\/\/\/.*\n)+)[ \t]*error (\w+)\(/gm)])
    .map(([, comment, name]) => [name, sentence(comment)] as const);
  return Object.fromEntries(found.sort(([a], [b]) => a.localeCompare(b)));
}

const sentence = (comment: string): string =>
  comment
    .split('\n')
    .map((line) => line.replace(/^\s*\/\/\/\s?/, '').trim())
    .join(' ')
    .replace(/^@notice /, '')
    .split(/ @(?:dev|param)/)[0]
    .trim();

mkdirSync(target, { recursive: true });
write('abis.ts', [
  "import type { JsonFragment } from 'ethers';",
  '',
  'const all = {',
  ...contractNames.map((name) => `  ${name}: ${JSON.stringify(artifacts(name).abi)},`),
  '};',
  '',
  'export type ContractName = keyof typeof all;',
  'export const abis: Record<ContractName, readonly JsonFragment[]> = all;',
]);
write('revert-help.ts', [
  `export const revertHelp: Record<string, string> = ${JSON.stringify(errorSentences(), null, 2)};`,
]);
