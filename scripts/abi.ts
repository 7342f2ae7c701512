/**
 * Writes what the SDK needs of the contracts, from their artifacts and interfaces, to sdk/src/generated/:
 * ABIs without bytecode, and for each custom error its NatSpec sentence. Part of `npm run build`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { artifacts, contractNames } from './lib/artifacts.ts';
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
const sentences = Object.fromEntries([
  ...Object.entries(INHERITED),
  ...contractErrors().map(({ name, notice }) => [name, notice]),
]);
write('revert-help.ts', [`export const revertHelp: Record<string, string> = ${JSON.stringify(sentences, null, 2)};`]);
