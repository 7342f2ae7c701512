/**
 * Compiles the mappings: `subgraph/generated` (types) and `subgraph/build` (WebAssembly, schema, ABIs), which are the
 * same for every network. Needs compiled contracts. Does nothing where nothing changed since.
 */
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { EssaimError } from '@essaim/protocol';
import { artifacts } from '../lib/artifacts.ts';
import { manifest } from './manifest.ts';
import { CLONES, EMITTERS, type Emitter } from './sources.ts';

const SUBGRAPH = fileURLToPath(new URL('../../subgraph/', import.meta.url));
const STAMP = `${SUBGRAPH}build/stamp`;
const NETWORK = 'local';

/** Every contract at an address of its own: for types and code the addresses do not matter. */
export const PLACES = {
  startBlock: 0,
  addresses: Object.fromEntries(
    EMITTERS.map((name, i) => [name, `0x${(i + 1).toString(16).padStart(40, '0')}`]),
  ) as Record<Emitter, string>,
};

/** @throws EssaimError SUBGRAPH_BUILD with what the compiler said */
export function buildSubgraph(): void {
  const abis = [...EMITTERS, ...CLONES].map((name) => [name, JSON.stringify(artifacts(name).abi)] as const);
  const source = manifest(NETWORK, PLACES, {
    schema: '../schema.graphql',
    mapping: '../src/index.ts',
    abi: (name) => `./abis/${name}.json`,
  });
  const mappings = globSync(`${SUBGRAPH}src/*.ts`).sort();
  const sources = [`${SUBGRAPH}schema.graphql`, ...mappings].map((file) => readFileSync(file, 'utf8'));
  const stamp = crypto.hash('sha256', [source, ...abis.flat(), ...sources].join('\0'), 'hex');
  if (stampOf() === stamp) return;

  rmSync(`${SUBGRAPH}build`, { recursive: true, force: true });
  rmSync(`${SUBGRAPH}generated`, { recursive: true, force: true });
  mkdirSync(`${SUBGRAPH}generated/abis`, { recursive: true });
  for (const [name, abi] of abis) writeFileSync(`${SUBGRAPH}generated/abis/${name}.json`, abi);
  writeFileSync(`${SUBGRAPH}generated/subgraph.yaml`, source);
  graph('codegen', 'generated/subgraph.yaml', '--output-dir', 'generated', '--skip-migrations');
  graph('build', 'generated/subgraph.yaml', '--output-dir', 'build', '--skip-migrations');
  writeFileSync(STAMP, stamp);
}

function stampOf(): string {
  try {
    return readFileSync(STAMP, 'utf8');
  } catch {
    return '';
  }
}

/** Runs graph-cli in the subgraph's folder. */
function graph(...args: string[]): void {
  const cli = createRequire(`${SUBGRAPH}package.json`).resolve('@graphprotocol/graph-cli/bin/run.js');
  try {
    execFileSync(process.execPath, [cli, ...args], { cwd: SUBGRAPH, encoding: 'utf8', stdio: 'pipe' });
  } catch (cause) {
    const { stdout, stderr } = cause as { stdout: string; stderr: string };
    const said = `${stdout}\n${stderr}`.trim().slice(0, 8_000);
    throw new EssaimError('SUBGRAPH_BUILD', `graph ${args[0]} failed:\n${said}`, {
      help: 'correct subgraph/schema.graphql or the mappings in subgraph/src',
    });
  }
}

if (import.meta.main) buildSubgraph();
