/**
 * Writes what the SDK needs of the contracts, from their artifacts and interfaces, to sdk/src/generated/: their functions
 * and events, and all custom errors, each once, with their NatSpec sentences. Part of `npm run build`.
 */
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { Interface } from 'ethers';
import { artifacts, contractNames, sourceOf } from './lib/artifacts.ts';
import { contractErrors, INHERITED } from './lib/contract-errors.ts';

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

/** What a contract offers, a line each: a tenth of the bytes that JSON takes. */
function offered(name: (typeof contractNames)[number]): string[] {
  return new Interface(artifacts(name).abi.filter(({ type }) => type !== 'constructor' && type !== 'error')).format();
}

function errorsOf(name: (typeof contractNames)[number]): string[] {
  return new Interface(artifacts(name).abi.filter(({ type }) => type === 'error')).format();
}

mkdirSync(target, { recursive: true });
write('abis.ts', [
  'const all = {',
  ...contractNames.map((name) => `  ${name}: ${JSON.stringify(offered(name))},`),
  '};',
  '',
  'export type ContractName = keyof typeof all;',
  'export const abis: Record<ContractName, readonly string[]> = all;',
]);
write(
  'contract-types.ts',
  contractNames.map((name) => `export type { ${name} } from './types/${sourceOf(name)}.ts';`),
);
const sentences = Object.fromEntries([
  ...Object.entries(INHERITED),
  ...contractErrors().map(({ name, notice }) => [name, notice]),
]);
write('errors.ts', [
  `export const errors: readonly string[] = ${JSON.stringify([...new Set(contractNames.flatMap(errorsOf))], null, 2)};`,
  `export const errorHelp: Readonly<Record<string, string>> = ${JSON.stringify(sentences, null, 2)};`,
]);
// the launcher builds anew what has changed since
utimesSync(target, new Date(), new Date());
