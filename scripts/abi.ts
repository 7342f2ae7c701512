/** Writes sdk/src/generated/abis.ts from the artifacts: ABIs without bytecode, for the SDK. Part of `npm run build`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { artifacts, contractNames } from './lib/artifacts.ts';

const target = new URL('../sdk/src/generated/abis.ts', import.meta.url);
const lines = contractNames.map((name) => `  ${name}: ${JSON.stringify(artifacts(name).abi)},`);
const text = [
  '// Made by scripts/abi.ts from the contracts. Do not edit.',
  "import type { JsonFragment } from 'ethers';",
  '',
  'const all = {',
  ...lines,
  '} as const;',
  '',
  'export type ContractName = keyof typeof all;',
  'export const abis: Record<ContractName, readonly JsonFragment[]> = all;',
  '',
].join('\n');

mkdirSync(new URL('.', target), { recursive: true });
let current = '';
try {
  current = readFileSync(target, 'utf8');
} catch {}
if (current !== text) writeFileSync(target, text);
